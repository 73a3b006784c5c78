"""Codes in words: times in the council's zone, summer and winter; advice; timeline entries."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards.console import wording
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import IncidentState, TimelineEntry, VerdictCode
from pipeline.vocabulary.levels import Level, Role, Route
from pipeline.vocabulary.operations import DeadLetterReason
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import a_threat

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 14, 21, 5, tzinfo=UTC), "14 March 2026, 9:05pm GMT"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026, 12:59am GMT"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 2:00am BST"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026, 1:30am BST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026, 1:30am GMT"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "1 July 2026, 12:00pm BST"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026, 12:30am BST"),
    ],
)
def test_times_are_the_councils(at: datetime, words: str) -> None:
    assert wording.on_screen(at, LONDON) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "just now"),
        (1, "1 minute ago"),
        (59, "59 minutes ago"),
        (60, "1 hour ago"),
        (150, "2 hours ago"),
        (3000, "2 days ago"),
    ],
)
def test_how_long_ago(minutes: int, words: str) -> None:
    assert wording.ago(timedelta(minutes=minutes)) == words


def test_every_code_has_its_words() -> None:
    assert set(wording.LEVEL_TAGS) == set(Level)
    assert set(wording.STATES) == set(IncidentState)
    assert set(wording.VERDICTS) == set(VerdictCode)
    assert set(wording.ROLES) == set(Role)
    assert set(wording.DEAD_LETTERS) == set(DeadLetterReason)


@pytest.mark.parametrize(
    ("route", "tier", "has", "has_not"),
    [
        (Route.POLICE_999, "borough", ["999", "is an Operation Ford incident"], ["does not apply"]),
        (Route.POLICE_101, "borough", ["101", "999", "is an Operation Ford incident"], []),
        (Route.POLICE_101, "parish", ["101", "Operation Ford does not apply"], ["is an Operation Ford incident"]),
        (Route.POLICE_101, None, ["101"], ["Operation Ford"]),
        (None, "borough", [], ["101", "999"]),
    ],
)
def test_advice_on_the_police(route: Route | None, tier: str | None, has: list[str], has_not: list[str]) -> None:
    words = wording.advice(a_threat(route=route), tier)
    assert [one for one in has if one not in words] == []
    assert [one for one in has_not if one in words] == []


@pytest.mark.parametrize(
    ("code", "detail", "words"),
    [
        ("event_added", "6ee6e7t42od5u6s6g7hb", "Another post added"),
        ("opened", None, "Incident opened"),
        ("verdict", "not_a_finding", "Verdict given: not a finding"),
        ("verdict", "level_changed low", "Verdict given: level changed to low"),
        ("nobody_to_tell", "service_head", "Nobody in the recipients register to tell: service head"),
        ("refused", "somebody else gave a verdict", "Not done: somebody else gave a verdict"),
        ("something_new", None, "Something new"),
    ],
)
def test_timeline_entries(code: str, detail: str | None, words: str) -> None:
    assert wording.timeline(TimelineEntry(at=NOON, code=code, detail=detail)) == words


def test_the_most_serious_stands_first() -> None:
    findings = (a_finding(level=Level.LOW), a_finding(Category.THREAT_DIRECT, Level.CRITICAL))
    incident = an_incident(a_detection(an_event(), *findings))
    assert wording.names(incident) == "Possible direct threat, possible abuse"


@pytest.mark.parametrize(("name", "words"), [("youtube", "YouTube"), ("x", "X"), ("facebook", "Facebook")])
def test_platforms(name: str, words: str) -> None:
    assert wording.platform(name) == words
