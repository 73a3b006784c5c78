"""The console in a real Chromium: axe on every page at two widths."""

import pytest
from playwright.sync_api import expect

from dashboards.console.app import PAGES
from tests.dashboards.console.place import a_leak, a_threat
from tests.dashboards.console.seats import Seat, check

pytestmark = pytest.mark.browser


AFTER_SIGN_IN = (
    "/",
    "/account",
    "/account/password",
    "/search",
    "/not-screened",
    "/retention",
    "/requests",
    "/record",
    "/draft",
    "/audit",
    "/accounts",
    "/rules",
    "/topics",
    "/accessibility",
    "/nowhere",
)


def test_axe_finds_nothing_on_pages_that_are_loaded(seat: Seat) -> None:
    seat.go("/sign-in")
    check(seat.page)
    seat.go("/accessibility")
    check(seat.page)
    seat.sign_in("monitoring_officer", "admin")
    for path in AFTER_SIGN_IN:
        seat.go(path)
        if path == "/":
            expect(seat.page.locator("[data-live-state]")).to_contain_text("Live")
        check(seat.page)


def test_axe_finds_nothing_on_an_incident(seat: Seat) -> None:
    seat.sign_in("monitoring_officer")
    for incident in (a_threat(), a_leak()):
        seat.go(f"/incidents/{incident.reference}")
        check(seat.page)
        seat.send("text=Show the words")
        expect(seat.page.locator("mark")).to_have_count(1)
        check(seat.page)
        seat.go(f"/incidents/{incident.reference}/print")
        check(seat.page)
    seat.go(f"/incidents/{a_threat().reference}?act=unknown")
    expect(seat.page.locator(".govuk-notification-banner")).to_contain_text("on its way")
    check(seat.page)


def test_axe_finds_nothing_on_what_is_prepared_for_a_person(seat: Seat) -> None:
    seat.sign_in("monitoring_officer")
    seat.go(f"/incidents/{a_threat().reference}/letters/safety")
    check(seat.page)
    seat.go(f"/incidents/{a_threat().reference}")
    seat.send("text=Record the request")
    check(seat.page)
    seat.go("/draft")
    seat.page.fill("#draft", "Bollocks to this weather")
    seat.page.select_option("#account", "acc-reed")
    seat.send("text=Check draft")
    expect(seat.page.locator("main")).to_contain_text("What the rules make of it")
    check(seat.page)


def test_axe_finds_nothing_on_a_search(seat: Seat) -> None:
    seat.sign_in("monitoring_officer")
    seat.go("/search")
    seat.send("text=Continue")
    check(seat.page)
    seat.page.check("input[value=complaint]")
    seat.page.fill("#complaint", "SC/2026/014")
    seat.send("text=Continue")
    seat.page.fill("#from-day", "31")
    seat.send("main button:has-text('Search')")
    check(seat.page)
    seat.page.fill("#from-day", "")
    seat.page.fill("#text", "comment")
    seat.send("main button:has-text('Search')")
    expect(seat.page.locator("h1")).to_contain_text("incidents found")
    check(seat.page)
    seat.send("text=Gather incidents")
    check(seat.page)


def test_axe_finds_nothing_on_forms_that_come_back(seat: Seat) -> None:
    seat.sign_in("monitoring_officer", "admin")
    seat.go("/record")
    seat.send("text=Record incident")
    check(seat.page)
    path = f"/incidents/{a_threat().reference}"
    for button in ("Record verdict", "Add note"):
        seat.go(path)
        seat.send(f"text={button}")
        check(seat.page)
    seat.go(path)
    seat.page.fill("#gather-complaint", "")
    seat.send("text=Gather incident")
    check(seat.page)
    seat.go("/accounts")
    seat.send("main button:has-text('Add account')")
    check(seat.page)
    seat.page.fill("#username", "kim")
    seat.page.fill("#name", "Kim")
    seat.page.check("input[value=auditor]")
    seat.send("main button:has-text('Add account')")
    check(seat.page)
    seat.go("/account/password")
    seat.send("text=Change password")
    check(seat.page)


def test_axe_finds_nothing_on_a_post_that_was_not_screened(seat: Seat) -> None:
    seat.sign_in("communications_officer")
    seat.go("/not-screened")
    seat.send("text=Open")
    check(seat.page)
    seat.send("text=Show the words")
    expect(seat.page.locator("mark")).to_have_text("its end")
    check(seat.page)
    seat.send("text=Record incident")
    expect(seat.page.locator(".govuk-error-summary")).to_contain_text("Select a level")
    check(seat.page)
    seat.page.fill("#note", "Read it: about the fair")
    seat.send("text=Mark as looked at")
    check(seat.page)


def test_axe_finds_nothing_on_the_rights_of_a_person(seat: Seat) -> None:
    seat.sign_in("data_protection_officer")
    seat.go("/requests")
    seat.page.fill("#reference", "SAR/2026/003")
    for part, value in (("day", "1"), ("month", "3"), ("year", "2026")):
        seat.page.fill(f"#received-{part}", value)
    seat.send("main button:has-text('Add request')")
    check(seat.page)
    seat.go("/search")
    seat.page.check("input[value=subject_access_request]")
    seat.send("text=Continue")
    seat.page.fill("#text", "comment")
    seat.send("main button:has-text('Search')")
    check(seat.page)
    seat.page.fill("#subject", "Resident fb:1")
    seat.send("text=Make the copy")
    check(seat.page)
    seat.go("/retention")
    seat.send("text=Delete 1 incident")
    check(seat.page)
    seat.go(f"/incidents/{a_threat().reference}")
    check(seat.page)


def test_axe_finds_nothing_where_one_may_not_go(seat: Seat) -> None:
    seat.sign_in("councillor")
    for path in ("/", "/search", "/account"):
        seat.go(path)
        check(seat.page)
    seat.send("text=Sign out")
    check(seat.page)
    seat.page.fill("#username", "nobody")
    seat.page.press("#password", "Enter")
    expect(seat.page.locator(".govuk-error-summary")).to_contain_text("not right")
    check(seat.page)


def test_every_page_that_is_loaded_was_looked_at() -> None:
    parts = {"health", "council_css", "live_parts", "live_feed", "screenshot", "export_file"}
    loaded = {page.path for page in PAGES if page.method == "GET" and page.name not in parts}
    elsewhere = {"/sign-in", "/search/{search}", "/incidents/{incident}", "/incidents/{incident}/print"}
    elsewhere |= {"/incidents/{incident}/letters/{letter}", "/not-screened/{letter}"}
    assert loaded == set(AFTER_SIGN_IN) - {"/nowhere"} | elsewhere
