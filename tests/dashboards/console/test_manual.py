"""Incidents recorded by hand: from the form to the act, with ids that stand for what they name."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.console.manual import Known, read_record
from dashboards.console.wording import MANUAL_ACCOUNT
from pipeline import ids
from pipeline.guidance import load_guidance
from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.event import Leg
from tests.builders import ACCOUNT, PERSON
from tests.dashboards.console.place import NOW, borough

KNOWN = Known(borough(), load_guidance(), ZoneInfo("Europe/London"), "sam", NOW)
GOOD = {
    "link": "https://example.org/post/1",
    "text": "You should be careful",
    "author": "Somebody",
    "platform": "reddit",
    "account": MANUAL_ACCOUNT,
    "person": PERSON,
    "category": "threat_veiled",
    "paragraph": "6.1",
    "level": "high",
    "posted-day": "9",
    "posted-month": "3",
    "posted-year": "2026",
    "posted-hour": "11",
    "posted-minute": "30",
    "form_token": "token",
}


def the_act(sent: dict[str, str], screenshot: str | None = None) -> Activity:
    recorded = read_record(sent, screenshot, KNOWN)
    assert recorded.errors == {}
    assert recorded.activity is not None
    return recorded.activity


def test_the_act_holds_the_event_with_its_ids() -> None:
    act = the_act(GOOD)
    assert act.record is not None
    event = act.record.event
    assert (act.kind, act.by, act.concern, act.seen_version) == (ActivityKind.RECORD, "sam", f"person:{PERSON}", 0)
    assert event.event_id == ids.event_id(event, ids.content_hash(event), None)
    assert act.incident_id == ids.incident_id(act.concern, "reddit:handle:somebody", event.event_id)
    assert (event.account, event.posted_at) == (MANUAL_ACCOUNT, datetime(2026, 3, 9, 11, 30, tzinfo=UTC))
    assert event.ingest is not None
    assert event.ingest.leg is Leg.MANUAL


def test_the_same_form_twice_is_one_act_and_one_incident() -> None:
    assert the_act(GOOD) == the_act(GOOD)
    other = the_act(GOOD | {"form_token": "another"})
    assert other.activity_id != the_act(GOOD).activity_id
    assert other.incident_id == the_act(GOOD).incident_id


def test_without_a_person_it_concerns_the_account() -> None:
    assert the_act(GOOD | {"person": "", "account": ACCOUNT}).concern == f"account:{ACCOUNT}"


def test_a_screenshot_alone_is_enough() -> None:
    act = the_act(GOOD | {"text": "", "link": "", "author": ""}, "evidence:" + "a" * 64)
    assert act.record is not None
    assert act.record.event.author is None
    assert [one.url for one in act.record.event.attachments] == ["evidence:" + "a" * 64]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "", "link": ""}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "https://a b"}, "link"),
        ({"link": "https://[bad"}, "link"),
        ({"platform": ""}, "platform"),
        ({"account": "acc-none"}, "account"),
        ({"person": "cllr-nobody"}, "person"),
        ({"category": "chain_test"}, "category"),
        ({"paragraph": "99.9"}, "paragraph"),
        ({"level": ""}, "level"),
        ({"posted-day": "31", "posted-month": "2"}, "posted"),
        ({"posted-hour": "25"}, "posted"),
        ({"posted-minute": ""}, "posted"),
        ({"posted-year": "1999"}, "posted"),
        ({"posted-year": "2027"}, "posted"),
        ({"posted-hour": "12", "posted-minute": "6"}, "posted"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, str], field: str) -> None:
    recorded = read_record(GOOD | change, None, KNOWN)
    assert recorded.activity is None
    assert list(recorded.errors) == [field]
