"""Signing in and out, and changing a password, by the forms."""

import re

import pytest

from dashboards.console.accounts import FAILURES_BY_ACCOUNT
from tests.dashboards.console.place import PASSWORD, Browser, Place, a_threat

NEW = "another horse battery"


def test_signing_in_leads_where_one_was_going(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    place.add("monitoring_officer")
    path = f"/incidents/{a_threat().reference}"
    asked = browser.get(path)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={path}")
    form = browser.get(asked.headers["location"]).text
    assert f'name="next" value="{path}"' in form
    answer = browser.post("/sign-in", username="sam", password=PASSWORD, next=path)
    assert answer.headers["location"] == path
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize(("username", "password"), [("sam", "wrong password!"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_sign_in_does_not_say_which_was_wrong(
    place: Place, browser: Browser, username: str, password: str
) -> None:
    place.add("auditor")
    answer = browser.sign_in(username, password)
    assert answer.status_code == 403
    assert "Username or password is not right" in answer.text
    entry = place.audit.entries()[0].act
    assert (entry.action, entry.user) == ("sign_in_failed", "sam" if username == "sam" else "(unknown)")
    assert browser.get("/audit").status_code == 303


def test_too_many_tries_are_told_to_wait(place: Place, browser: Browser) -> None:
    place.add("auditor")
    for _ in range(FAILURES_BY_ACCOUNT):
        browser.sign_in("sam", "wrong password!")
    assert "wait 15 minutes" in browser.sign_in("sam").text


def test_signing_out_ends_the_session_itself(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    cookie = browser.client.cookies["parapet_session"]
    assert browser.post("/sign-out").headers["location"] == "/sign-in?signed-out=yes"
    browser.client.cookies.set("parapet_session", cookie)
    assert browser.get("/audit").status_code == 303


def test_each_sign_in_begins_a_new_session(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    first = browser.client.cookies["parapet_session"]
    browser.sign_in("sam")
    assert browser.client.cookies["parapet_session"] != first
    assert len(place.accounts.database.rows("SELECT * FROM sessions")) == 1


def test_a_one_time_password_opens_nothing_but_the_change(place: Place, browser: Browser) -> None:
    place.add("monitoring_officer")
    once = place.accounts.reset("sam")
    browser.sign_in("sam", once)
    for path in ("/", "/search", "/account", "/audit"):
        assert browser.get(path).headers["location"] == "/account/password"
    browser.get("/account/password")
    assert browser.post("/account/password", old=once, new=NEW, again=NEW).headers["location"] == "/account?changed=yes"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong password!", NEW, NEW, "Current password is not right"),
        (PASSWORD, NEW, "something else!", "are not the same"),
        (PASSWORD, "short", "short", "12 characters"),
        (PASSWORD, PASSWORD, PASSWORD, "same as the old"),
    ],
)
def test_a_password_that_will_not_do_says_why(
    place: Place, browser: Browser, old: str, new: str, again: str, says: str
) -> None:
    browser.sign_in(place.add("auditor"))
    answer = browser.post("/account/password", old=old, new=new, again=again)
    assert answer.status_code == 422
    assert says in answer.text
    assert PASSWORD not in answer.text


def test_a_changed_password_ends_the_other_sessions(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    old_cookie = browser.client.cookies["parapet_session"]
    browser.post("/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert browser.get("/audit").status_code == 200
    browser.client.cookies.clear()
    assert browser.get("/audit", cookie=f"parapet_session={old_cookie}").status_code == 303


@pytest.mark.parametrize("role", ["councillor", "auditor"])
def test_whoever_has_no_live_page_gets_the_account_page(place: Place, browser: Browser, role: str) -> None:
    browser.sign_in(place.add(role))
    text = browser.get("/").text
    assert re.search("<h1[^>]*>Your account</h1>", text)
    assert ("If something was written to you or about you" in text) == (role == "councillor")
    assert "mo@testwick.example" in text
    assert "press@testwick.example" in text
