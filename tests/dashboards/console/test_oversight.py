"""The audit page and the accounts page."""

import re
import sqlite3

from tests.dashboards.console.place import PASSWORD, Browser, Place
from tests.dashboards.console.test_audit import tamper


def test_the_auditor_sees_the_log_and_that_it_is_whole(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    text = browser.get("/audit").text
    assert "Chain whole" in text
    assert "Sign in" in text
    assert "Audit read" in text


def test_a_broken_chain_is_said_at_the_top(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    tamper(place.home / "console.db", "UPDATE audit SET entry = replace(entry, 'sam', 'kim') WHERE seq = 1")
    assert "The chain is broken at entry 1: the entry was changed" in browser.get("/audit").text


def test_the_log_is_narrowed_and_paged(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("auditor"))
    for _ in range(55):
        browser.get("/audit?user=nobody")
    first = browser.get("/audit?user=sam&action=audit_read").text
    older = re.search(r'href="(/audit\?before=\d+[^"]*)"', first)
    assert older is not None
    assert "user=sam" in older.group(1)
    assert browser.get(older.group(1).replace("&amp;", "&")).status_code == 200
    assert "No entry." in browser.get("/audit?user=nobody").text
    assert browser.get("/audit?before=%27x").status_code == 200


def test_an_account_is_added_with_a_one_time_password(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("admin"))
    browser.get("/accounts")
    answer = browser.post("/accounts", username="Kim", name="Kim Lead", role=["communications_lead", "auditor"])
    once = re.search(r"<code>([a-z0-9-]{23})</code>", answer.text)
    assert once is not None
    assert [role.value for role in place.accounts.must_get("kim").roles] == ["communications_lead", "auditor"]
    browser.client.cookies.clear()
    assert browser.sign_in("kim", once.group(1)).status_code == 303
    assert browser.get("/").headers["location"] == "/account/password"
    entry = place.audit.entries(action="account_added")[0].act
    assert (entry.user, entry.object, entry.detail) == ("sam", "kim", {"roles": "communications_lead auditor"})


def test_what_cannot_be_added_says_why(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("admin"))
    browser.get("/accounts")
    for fields, says in (
        ({"username": "sam", "name": "S", "role": "admin"}, "taken"),
        ({"username": "kim"}, "Name is"),
    ):
        answer = browser.post("/accounts", **fields)
        assert (answer.status_code, says in answer.text) == (422, True)


def test_reset_disable_and_enable(place: Place, browser: Browser) -> None:
    place.add("auditor", username="kim")
    browser.sign_in(place.add("admin"))
    browser.get("/accounts")
    assert "One-time password" in browser.post("/accounts/kim/reset").text
    browser.get("/accounts")
    browser.post("/accounts/kim/disable")
    assert place.accounts.must_get("kim").disabled
    browser.get("/accounts")
    browser.post("/accounts/kim/enable")
    assert not place.accounts.must_get("kim").disabled
    browser.get("/accounts")
    assert "last admin" in browser.post("/accounts/sam/disable").text
    assert browser.post("/accounts/nobody/reset").status_code == 422
    acts = [entry.act.action.value for entry in place.audit.entries(object="kim")]
    assert acts == ["account_enabled", "account_disabled", "account_reset"]


def test_no_password_stands_in_the_audit_log(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("admin"))
    browser.get("/accounts")
    answer = browser.post("/accounts", username="kim", name="Kim", role="auditor")
    once = re.search(r"<code>([a-z0-9-]{23})</code>", answer.text)
    assert once is not None
    with sqlite3.connect(place.home / "console.db") as file:
        written = str(file.execute("SELECT * FROM audit").fetchall())
    file.close()
    assert once.group(1) not in written
    assert PASSWORD not in written
