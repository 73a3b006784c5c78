"""From the search form to a query: day-first dates in the council's zone, and what the audit log keeps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.console.purposes import Purpose, PurposeRefused, read_complaint, read_purpose
from dashboards.console.queries import audit_detail, kept_fields, read_query
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level
from tests.builders import PERSON
from tests.dashboards.console.place import borough

LONDON = ZoneInfo("Europe/London")


def day(name: str, *parts: str) -> dict[str, str]:
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), parts, strict=True))


def test_every_field_narrows() -> None:
    sent = {
        "text": "kill",
        "person": PERSON,
        "author": "Resident",
        "paragraph": "6.1",
        "category": "threat_direct",
        "level": "high",
        "platform": "x",
        "state": "closed",
        "gathered": "sc/2026/014",
    }
    asked = read_query(sent, borough(), LONDON)
    query = asked.query
    assert asked.errors == {}
    assert (query.text, query.person, query.author, query.paragraph) == ("kill", PERSON, "Resident", "6.1")
    assert (query.category, query.levels) == (Category.THREAT_DIRECT, (Level.HIGH,))
    assert (query.states, query.platform, query.complaint) == ((IncidentState.CLOSED,), "x", "SC/2026/014")


@pytest.mark.parametrize(
    ("sent", "start", "end"),
    [
        (day("from", "9", "3", "2026"), datetime(2026, 3, 9, tzinfo=UTC), None),
        (day("until", "9", "3", "2026"), None, datetime(2026, 3, 10, tzinfo=UTC)),
        (day("from", "29", "march", "2026"), datetime(2026, 3, 29, tzinfo=UTC), None),
        (day("until", "29", "Mar", "2026"), None, datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (day("from", "1", "7", "2026"), datetime(2026, 6, 30, 23, tzinfo=UTC), None),
        (day("until", "25", "10", "2026"), None, datetime(2026, 10, 26, tzinfo=UTC)),
    ],
)
def test_days_are_whole_days_of_the_council(sent: dict[str, str], start: datetime | None, end: datetime | None) -> None:
    query = read_query(sent, borough(), LONDON).query
    assert (query.posted_from, query.posted_until) == (start, end)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (day("from", "31", "2", "2026"), "from"),
        (day("from", "9", "", "2026"), "from"),
        (day("until", "9", "3", "26"), "until"),
        (day("until", "a", "b", "c"), "until"),
        (day("from", "2", "1", "2026") | day("until", "1", "1", "2026"), "until"),
        ({"person": "cllr-nobody"}, "person"),
        ({"level": "severe"}, "level"),
        ({"category": "rude"}, "category"),
        ({"platform": "myspace"}, "platform"),
        ({"state": "lost"}, "state"),
        ({"text": "x" * 501}, "text"),
    ],
)
def test_what_cannot_be_read_is_named(sent: dict[str, str], field: str) -> None:
    assert list(read_query(sent, borough(), LONDON).errors) == [field]


@pytest.mark.parametrize(
    ("sent", "narrow"),
    [
        ({}, False),
        ({"level": "high"}, False),
        ({"platform": "x"}, False),
        ({"text": "a"}, True),
        ({"person": PERSON}, True),
    ],
)
def test_a_browse_is_told_from_a_search(sent: dict[str, str], narrow: bool) -> None:
    assert read_query(sent, borough(), LONDON).is_narrow is narrow


def test_the_audit_log_keeps_codes_and_no_words() -> None:
    sent = {"text": "some secret words", "author": "Jo Bloggs", "person": PERSON} | day("from", "9", "3", "2026")
    detail = audit_detail(read_query(sent, borough(), LONDON).query)
    assert detail["words"] == "3"
    assert detail["person"] == PERSON
    assert detail["from"] == "2026-03-09T00:00:00+00:00"
    assert "secret" not in str(detail)
    assert "Bloggs" not in str(detail)
    other = audit_detail(read_query({"author": "jo  bloggs"}, borough(), LONDON).query)
    assert other["author"] == detail["author"]


def test_only_fields_of_the_form_are_kept() -> None:
    assert kept_fields({"text": "a", "csrf": "t", "limit": "9", "person": ""}) == {"text": "a"}


@pytest.mark.parametrize("text", ["SC/2026/014", " sc/2026/014 ", "CC-17", "2026.3"])
def test_complaint_references(text: str) -> None:
    assert read_complaint(text) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "SC", "SC 2026 014", "=1+1", "x" * 60 + "1", "SC/2026/014\n2"])
def test_what_is_no_complaint_reference(text: str) -> None:
    with pytest.raises(PurposeRefused) as refused:
        read_complaint(text)
    assert refused.value.field == "complaint"


def test_a_complaint_needs_its_reference_and_others_drop_it() -> None:
    assert read_purpose("audit", "SC/2026/014") == (Purpose.AUDIT, "")
    assert read_purpose("complaint", "SC/2026/014") == (Purpose.COMPLAINT, "SC/2026/014")
    for purpose, field in (("complaint", "complaint"), ("curiosity", "purpose"), ("", "purpose")):
        with pytest.raises(PurposeRefused) as refused:
            read_purpose(purpose, "")
        assert refused.value.field == field
