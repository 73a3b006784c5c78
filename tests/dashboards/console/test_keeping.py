"""Hold, dispute, restriction, and the retention page: who may, what everybody sees of it, what is deleted for good."""

import csv
import io
import os
from datetime import timedelta

import msgspec
import pytest

from pipeline.topics import INCIDENTS
from pipeline.vocabulary.event import Attachment
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import NOW, Browser, Place, a_threat
from tests.dashboards.console.test_feed import until

PATH = f"/incidents/{a_threat().reference}"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def keeper(place: Place, browser: Browser) -> Browser:
    place.hold(a_threat())
    place.start_workers()
    browser.sign_in(place.add("data_protection_officer", username="dpo"))
    browser.get(PATH)
    return browser


def keep(browser: Browser, act: str, **fields: str) -> str:
    answer = browser.post(f"{PATH}/keeping", **({"act": act, "form_token": act, "keeping_text": "because"} | fields))
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def as_officer(place: Place, browser: Browser) -> Browser:
    browser.client.cookies.clear()
    browser.sign_in(place.add("communications_lead", username="lead"))
    return browser


REVIEW = {"review__day": "9", "review__month": "5", "review__year": "2026"}


def test_a_hold_is_seen_by_everybody_and_listed_until_it_is_released(place: Place, keeper: Browser) -> None:
    text = keep(keeper, "hold", **REVIEW)
    assert "The incident is on hold." in text
    assert "Review on 9 May 2026" in text
    assert "9 May 2026" in keeper.get("/retention").text
    assert "Review is due" not in keeper.get("/retention").text
    (entry,) = place.audit.entries(action="hold")
    assert (entry.act.user, entry.act.detail) == ("dpo", {"review_on": "2026-05-09"})
    assert "On hold" in as_officer(place, keeper).get("/").text
    keeper.client.cookies.clear()
    keeper.sign_in("dpo")
    keeper.get(PATH)
    assert "The hold is released." in keep(keeper, "release")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "hold", "keeping_text": ""}, "Enter the reason of the hold"),
        ({"act": "hold", "keeping_text": "r"}, "Enter the day of the review"),
        ({"act": "dispute", "keeping_text": ""}, "Enter what is said to be wrong"),
        ({"act": "settle", "keeping_text": "x" * 5001}, "Enter what was found"),
        ({"act": "shred", "keeping_text": "r"}, "Select what to do"),
    ],
)
def test_what_is_missing_is_said(keeper: Browser, fields: dict[str, str], said: str) -> None:
    answer = keeper.post(f"{PATH}/keeping", **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_statement_goes_wherever_the_incident_goes(place: Place, keeper: Browser) -> None:
    assert "marked as disputed" in keep(keeper, "dispute", keeping_text="It was <my> sister")
    dispute = place.store.by_reference(a_threat().reference)
    assert dispute is not None
    lead = as_officer(place, keeper)
    for path in (PATH, f"{PATH}/print"):
        text = lead.get(path).text
        assert "It was &lt;my&gt; sister" in text
        assert ">Disputed</strong>" in text
    assert ">Disputed</strong>" in lead.get("/").text
    lead.get("/search")
    lead.post("/search/purpose", purpose="audit")
    results = lead.post("/search", text="comment").headers["location"]
    assert ">Disputed</strong>" in lead.get(results).text
    (row,) = csv.DictReader(io.StringIO(lead.post(f"{results}/export").text.removeprefix("\ufeff")))
    assert row["kept_as"] == "Disputed"
    lead.client.cookies.clear()
    lead.sign_in("dpo")
    lead.get(PATH)
    said = keep(lead, "settle", keeping_text="So it was", dispute_id=dispute.disputes[0].dispute_id)
    assert "So it was" in said
    assert ">Disputed</strong>" not in said


def test_what_is_restricted_is_seen_and_found_by_its_keepers_alone(place: Place, keeper: Browser) -> None:
    keep(keeper, "restrict")
    assert keeper.get(PATH).status_code == 200
    assert a_threat().reference in keeper.get("/").text
    lead = as_officer(place, keeper)
    assert lead.get(PATH).status_code == 404
    assert a_threat().reference not in lead.get("/").text
    lead.get("/search")
    lead.post("/search/purpose", purpose="audit")
    results = lead.post("/search", text="comment").headers["location"]
    assert "0 incidents found" in lead.get(results).text
    assert a_threat().reference not in lead.post(f"{results}/export").text
    assert lead.post(f"{PATH}/note", note="n").status_code == 404
    lead.client.cookies.clear()
    lead.sign_in("dpo")
    lead.get(PATH)
    assert "The restriction is lifted." in keep(lead, "lift")


def test_an_officer_has_no_forms_of_keeping(place: Place, keeper: Browser) -> None:
    lead = as_officer(place, keeper)
    assert "Put on hold" not in lead.get(PATH).text
    assert lead.post(f"{PATH}/keeping", act="restrict", keeping_text="r").status_code == 403


def old(number: int, level: Level = Level.LOW, **changes: object) -> Incident:
    picture = Attachment(type="image", url=f"evidence:{'ab'[number % 2] * 64}")
    event = an_event(number, author=f"fb:{number}", at=NOON - timedelta(days=200), attachments=(picture,))
    return an_incident(a_detection(event, a_finding(level=level)), **changes)


def test_what_is_due_is_listed_and_deleted_only_when_a_person_says_so(place: Place, browser: Browser) -> None:
    due, young, serious = old(1), a_threat(2, Level.LOW), old(3, Level.HIGH)
    place.hold(due, young, serious)
    place.start_workers()
    browser.sign_in(place.add("data_protection_officer"))
    text = browser.get("/retention").text
    assert "Delete 1 incident" in text
    assert due.reference in text
    assert young.reference not in text
    assert serious.reference not in text
    listed = {"incident": due.incident_id, "version": "1"}
    unsure = browser.post("/retention/delete", **listed)
    assert (unsure.status_code, "Confirm that you looked" in unsure.text) == (422, True)
    other = browser.post("/retention/delete", incident=due.incident_id, version="7", looked_through="yes")
    assert other.headers["location"] == "/retention?deleted=0"
    done = browser.post("/retention/delete", **listed, looked_through="yes", form_token="t")
    assert done.headers["location"] == "/retention?deleted=1"
    until(lambda: place.store.get(due.incident_id) is None)
    assert place.store.get(serious.incident_id) is not None
    last = [one for p in range(2) for one in place.log.read(INCIDENTS.name, p, 0, 50) if one.key == due.incident_id]
    assert last[-1].value is None
    assert due.reference not in browser.get("/retention?deleted=1").text
    (entry,) = place.audit.entries(action="delete")
    assert (entry.act.object, entry.act.purpose, entry.act.detail) == (
        due.reference,
        "retention_review",
        {"rule": "low"},
    )


def test_with_a_schedule_that_cannot_be_used_nothing_is_due(place: Place, browser: Browser) -> None:
    place.hold(old(1))
    (place.home / "retention.toml").write_text('version = "ours"', encoding="utf-8")
    browser.sign_in(place.add("data_protection_officer"))
    text = browser.get("/retention").text
    assert "missing required field `months`" in text
    assert old(1).reference not in text
    listed = {"incident": old(1).incident_id, "version": "1"}
    done = browser.post("/retention/delete", **listed, looked_through="yes")
    assert done.headers["location"] == "/retention?deleted=0"
    assert place.store.get(old(1).incident_id) is not None


def test_what_is_due_soon_is_told_before(place: Place, browser: Browser) -> None:
    soon = an_incident(a_detection(an_event(1, at=NOON - timedelta(days=170)), a_finding(level=Level.LOW)))
    place.hold(soon)
    browser.sign_in(place.add("monitoring_officer"))
    text = browser.get("/retention").text
    assert soon.reference in text
    assert "Delete 1" not in text


def test_screenshots_that_no_incident_holds_go_after_a_day(place: Place, browser: Browser) -> None:
    evidence = place.app.state.desk.evidence
    kept, loose, fresh = (evidence.keep(PNG + bytes([n])).removeprefix("evidence:") for n in range(3))
    past = (NOW - timedelta(days=2)).timestamp()
    for name in (kept, loose):
        os.utime(place.home / "evidence" / name, (past, past))
    os.utime(place.home / "evidence" / fresh, (NOW.timestamp(), NOW.timestamp()))
    picture = Attachment(type="image", url=f"evidence:{kept}")
    holding = msgspec.structs.replace(an_event(1, author="fb:1"), attachments=(picture,))
    place.hold(an_incident(a_detection(holding, a_finding())))
    browser.sign_in(place.add("data_protection_officer"))
    browser.get("/retention")
    browser.post("/retention/delete", looked_through="yes")
    assert [evidence.read(name) is None for name in (kept, loose, fresh)] == [False, True, False]
