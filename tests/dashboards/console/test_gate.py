"""The gate and the headers: sessions, form tokens, origins, hosts, sizes."""

from pathlib import Path

import pytest

from dashboards.console.protection import LARGEST_BODY, POLICY, known_hosts, only_tls
from dashboards.console.visit import local_path
from tests.builders import some_settings
from tests.dashboards.console.place import ORIGIN, PASSWORD, Browser, Place, a_threat, client_of


def test_every_answer_carries_the_headers(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("monitoring_officer"))
    for path in ("/", "/sign-in", "/search", "/nowhere", "/health", "/council.css", "/static/console.js"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert ("no-store" in headers.get("cache-control", "")) == (not path.startswith("/static/"))
    assert "unsafe-inline" not in POLICY


def test_no_page_has_inline_script_or_style(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    browser.sign_in(place.add("monitoring_officer", "admin"))
    for path in ("/", f"/incidents/{a_threat().reference}", "/search", "/record", "/audit", "/accounts", "/account"):
        text = browser.get(path).text
        assert "style=" not in text
        assert "<style" not in text
        assert " onclick" not in text
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src=')


def test_the_session_cookie_is_out_of_reach(place: Place, browser: Browser) -> None:
    answer = browser.sign_in(place.add("auditor"))
    cookie = answer.headers["set-cookie"]
    assert "parapet_session=" in cookie
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=28800"):
        assert part in cookie
    assert "Secure" not in cookie


def test_over_tls_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    place = Place(tmp_path, {"public_url": "https://parapet.example"})
    with client_of(place) as client:
        answer = client.get("/sign-in", headers={"host": "parapet.example"})
    assert answer.headers["set-cookie"].startswith("__Host-parapet_form=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    place.close()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [("https://parapet.example", True), ("http://parapet.example", False), ("https://localhost:8420", False)],
)
def test_browsers_are_kept_on_tls_only_for_a_name_of_its_own(tmp_path: Path, url: str, wanted: bool) -> None:
    assert only_tls(some_settings(tmp_path, {"public_url": url})) is wanted


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}],
)
def test_a_form_from_elsewhere_is_refused(place: Place, browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in(place.add("monitoring_officer"))
    answer = browser.client.post("/sign-out", data={"csrf": browser.token}, headers=headers)
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("token", ["", "guess", "x" * 43])
def test_a_form_without_its_token_is_refused(place: Place, browser: Browser, token: str) -> None:
    browser.sign_in(place.add("monitoring_officer"))
    answer = browser.client.post("/sign-out", data={"csrf": token}, headers={"origin": ORIGIN})
    assert answer.status_code == 403


def test_the_token_of_another_session_is_refused(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor", username="kim"))
    of_kim = browser.token
    browser.client.cookies.clear()
    browser.sign_in(place.add("auditor"))
    assert browser.token != of_kim
    browser.token = of_kim
    assert browser.post("/sign-out").status_code == 403


def test_sign_in_needs_its_own_form(place: Place, browser: Browser) -> None:
    place.add("auditor")
    sent = {"csrf": "", "username": "sam", "password": PASSWORD}
    assert browser.client.post("/sign-in", data=sent, headers={"origin": ORIGIN}).status_code == 403
    browser.get("/sign-in")
    assert browser.client.post("/sign-in", data=sent, headers={"origin": ORIGIN}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1.evil.example", "parapet.example@evil.example"])
def test_a_foreign_host_name_is_refused(browser: Browser, host: str) -> None:
    assert browser.get("/sign-in", host=host).status_code == 400
    assert browser.get("/health", host=host).status_code == 200


def test_the_public_address_is_known(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, {"public_url": "https://parapet.example:8443", "console_host": "10.0.0.5"})
    assert known_hosts(settings) == {"127.0.0.1", "localhost", "::1", "parapet.example", "10.0.0.5"}


def test_a_body_that_is_too_large_is_refused(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    answer = browser.upload("/record", b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413

    def pieces() -> object:
        for _ in range(LARGEST_BODY // 65536 + 2):
            yield b"x" * 65536

    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/record", content=pieces(), headers=headers).status_code == 413  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/search", "/search"),
        ("/incidents/SM-2026-AAAAAA", "/incidents/SM-2026-AAAAAA"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_nobody_is_led_away(wanted: str, path: str) -> None:
    assert local_path(wanted) == path


def test_an_unknown_page_and_a_wrong_method_say_so_in_plain_words(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    for answer in (browser.get("/nowhere"), browser.client.request("DELETE", "/search")):
        assert answer.status_code in {404, 405}
        assert "Page not found" in answer.text
        assert "mo@testwick.example" in answer.text


def test_a_fault_of_ours_is_a_page_without_its_details(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("monitoring_officer"))
    place.store.close()
    answer = browser.get("/")
    assert answer.status_code in {500, 503}
    assert "Traceback" not in answer.text
    assert "mo@testwick.example" in answer.text


def test_a_disabled_account_is_out_at_once(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    place.accounts.disable("sam")
    assert browser.get("/audit").status_code == 303
