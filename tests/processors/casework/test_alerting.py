"""Who is paged, when again, and when not: one page for an incident and level, a rise again, late ones in a summary."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from pipeline import ids
from pipeline.registers.types import Recipient
from pipeline.vocabulary.alert import AlertKind, Channel
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.incident import VerdictCode
from pipeline.vocabulary.levels import Level, Role
from tests.builders import NOON, a_detection, a_finding, an_event, some_recipients, some_registers
from tests.processors.casework.desk import Desk, a_verdict, at_level

HOUR = timedelta(hours=1)
LOW, MODERATE, HIGH, CRITICAL = Level


@pytest.fixture
def desk() -> Desk:
    return Desk()


def late(number: int, hours: float = 25, author: str = "fb:1") -> Event:
    """Return an event seen so many hours after it was posted."""
    return an_event(number, author, NOON, observed_at=NOON + hours * HOUR)


@pytest.mark.parametrize(
    ("levels", "paged"),
    [
        ([LOW, MODERATE], []),
        ([HIGH], [(HIGH, AlertKind.PAGE)]),
        ([CRITICAL], [(CRITICAL, AlertKind.PAGE)]),
        ([HIGH, HIGH, HIGH], [(HIGH, AlertKind.PAGE)]),
        ([HIGH, CRITICAL], [(HIGH, AlertKind.PAGE), (CRITICAL, AlertKind.RISE)]),
        ([CRITICAL, HIGH, CRITICAL], [(CRITICAL, AlertKind.PAGE)]),
        ([LOW, HIGH, LOW, CRITICAL], [(HIGH, AlertKind.PAGE), (CRITICAL, AlertKind.RISE)]),
    ],
    ids=["low and moderate wait", "high", "critical", "once a level", "a rise", "no page downwards", "mixed"],
)
@pytest.mark.parametrize("restart", [False, True])
def test_one_page_for_an_incident_and_level(
    desk: Desk, levels: Sequence[Level], paged: list[tuple[Level, AlertKind]], *, restart: bool
) -> None:
    for number, level in enumerate(levels):
        desk.see(an_event(number, at=NOON + number * HOUR), at_level(level))
        if restart:
            desk.restart()
    for recipient in ("comms", "mo"):
        assert [(one.level, one.kind) for one in desk.alerts if one.recipient == recipient] == paged
    assert len({one.alert_id for one in desk.alerts}) == 2 * len(paged)
    (incident,) = desk.incidents.values()
    assert incident.alerted_levels == tuple(level for level, _ in paged)


def test_an_alert_holds_codes_only(desk: Desk) -> None:
    incident = desk.see(an_event(1), a_finding(Category.THREAT_VEILED, HIGH, aggravators=("time", "place")))
    alert = desk.alerts[0]
    assert alert.alert_id == ids.alert_id(incident.incident_id, HIGH, 0, Channel.EMAIL, "comms")
    assert (alert.categories, alert.aggravators) == ((Category.THREAT_VEILED,), ("place", "time"))
    written = next(one for one in desk.records if one.key == alert.alert_id)
    for word in (b"comment 1", b"Resident", b"fb.1", b"council.example"):
        assert word not in (written.value or b"") + b"".join(written.headers.values())


def test_alerts_come_before_the_incident_that_notes_them(desk: Desk) -> None:
    out = desk.put(*(a_detection(an_event(n, f"fb:{n}"), at_level(HIGH)) for n in range(3)))
    assert [one.topic for one in out] == ["alerts.v1"] * 6 + ["incidents.v1"] * 3


@pytest.mark.parametrize(
    ("recipients", "who", "nobody"),
    [
        ((), [], ["communications_team", "monitoring_officer"]),
        (some_recipients()[:1], ["comms"], ["monitoring_officer"]),
        (
            (
                Recipient(
                    id="c", role=Role.COMMUNICATIONS_TEAM, channel=Channel.EMAIL, address="c@x", levels=(CRITICAL,)
                ),
            ),
            [],
            ["communications_team", "monitoring_officer"],
        ),
        (
            (*some_recipients(), Recipient(id="ict", role=Role.ICT_SECURITY, channel=Channel.EMAIL, address="i@x")),
            ["comms", "mo"],
            [],
        ),
        (
            (
                *some_recipients(),
                Recipient(id="hook", role=Role.MONITORING_OFFICER, channel=Channel.WEBHOOK, address="h"),
            ),
            ["comms", "mo", "hook"],
            [],
        ),
    ],
    ids=["nobody", "no Monitoring Officer", "only critical", "a role that is not concerned", "two channels"],
)
def test_who_is_paged_and_what_is_noted_when_nobody_is(
    recipients: tuple[Recipient, ...], who: list[str], nobody: list[str]
) -> None:
    desk = Desk(some_registers(recipients=recipients))
    incident = desk.see(an_event(1), at_level(HIGH))
    assert [one.recipient for one in desk.alerts] == who
    assert [entry.detail for entry in incident.timeline if entry.code == "nobody_to_tell"] == nobody
    assert incident.alerted_levels == ((HIGH,) if who else ())
    again = desk.see(an_event(2, at=NOON + HOUR), at_level(HIGH))
    assert [entry.detail for entry in again.timeline if entry.code == "nobody_to_tell"] == nobody


@pytest.mark.parametrize(("hours", "is_late"), [(0.1, False), (24, False), (24.01, True), (500, True)])
def test_what_is_older_than_24_hours_never_pages_singly(desk: Desk, hours: float, *, is_late: bool) -> None:
    incident = desk.see(late(1, hours), at_level(CRITICAL))
    assert incident.late is is_late
    assert {one.kind for one in desk.alerts} == {AlertKind.SUMMARY if is_late else AlertKind.PAGE}
    assert incident.alerted_levels == (() if is_late else (CRITICAL,))


def test_an_edit_counts_from_its_own_time(desk: Desk) -> None:
    edited = an_event(1, at=NOON - 500 * HOUR, edited_at=NOON, observed_at=NOON + HOUR)
    assert desk.see(edited, at_level(HIGH)).late is False


def test_one_summary_for_a_recipient_and_day(desk: Desk) -> None:
    for number in range(3):
        desk.see(late(number, 30, f"fb:{number}"), at_level(HIGH))
    desk.see(late(9, 50, "fb:9"), at_level(HIGH))
    by_day: dict[str, set[str]] = {}
    for alert in desk.alerts:
        if alert.recipient == "mo":
            by_day.setdefault(alert.alert_id, set()).add(alert.incident_id)
    assert sorted(len(incidents) for incidents in by_day.values()) == [1, 3]


def test_a_late_incident_is_summarised_once_and_again_when_it_rises(desk: Desk) -> None:
    for number, level in enumerate([HIGH, HIGH, CRITICAL, HIGH]):
        desk.see(late(number), at_level(level))
    assert len(desk.alerts) == 4
    (incident,) = desk.incidents.values()
    assert [entry.detail for entry in incident.timeline if entry.code == "summary_raised"] == ["high", "critical"]


def test_a_fresh_post_pages_though_a_late_one_was_summarised(desk: Desk) -> None:
    desk.see(late(1), at_level(HIGH))
    incident = desk.see(an_event(2, at=NOON + 25 * HOUR), at_level(HIGH))
    assert [one.kind for one in desk.alerts if one.recipient == "mo"] == [AlertKind.SUMMARY, AlertKind.PAGE]
    assert incident.late is False


def test_recipients_who_want_no_summaries_get_none() -> None:
    quiet = Recipient(id="q", role=Role.MONITORING_OFFICER, channel=Channel.EMAIL, address="q@x", summaries=False)
    desk = Desk(some_registers(recipients=(quiet,)))
    desk.see(late(1), at_level(HIGH))
    assert desk.alerts == []


def test_after_a_lowered_level_a_new_threat_pages_under_a_new_id(desk: Desk) -> None:
    first = desk.see(an_event(1), at_level(CRITICAL))
    desk.put(a_verdict(first, VerdictCode.LEVEL_CHANGED, LOW))
    desk.restart()
    incident = desk.see(an_event(2, at=NOON + HOUR), at_level(CRITICAL))
    assert (incident.incident_id, incident.level) == (first.incident_id, CRITICAL)
    to_mo = [one for one in desk.alerts if one.recipient == "mo"]
    assert [(one.level, one.kind, one.step) for one in to_mo] == [
        (CRITICAL, AlertKind.PAGE, 0),
        (CRITICAL, AlertKind.PAGE, 1),
    ]
    assert len({one.alert_id for one in to_mo}) == 2


def test_what_people_know_at_the_level_a_person_gave_does_not_page_again(desk: Desk) -> None:
    first = desk.see(an_event(1), at_level(CRITICAL))
    desk.put(a_verdict(first, VerdictCode.LEVEL_CHANGED, HIGH))
    desk.see(an_event(2, at=NOON + HOUR), at_level(HIGH))
    assert len(desk.alerts) == 2


def test_a_person_who_raises_the_level_has_the_others_told(desk: Desk) -> None:
    first = desk.see(an_event(1), at_level(MODERATE))
    desk.put(a_verdict(first, VerdictCode.LEVEL_CHANGED, CRITICAL))
    assert [(one.level, one.recipient) for one in desk.alerts] == [(CRITICAL, "comms"), (CRITICAL, "mo")]


def test_the_trigger_phrase_sends_tests_to_those_who_would_be_paged() -> None:
    critical_only = Recipient(
        id="c", role=Role.MONITORING_OFFICER, channel=Channel.EMAIL, address="c@x", levels=(CRITICAL,)
    )
    desk = Desk(some_registers(recipients=(*some_recipients(), critical_only)))
    test = a_finding(Category.CHAIN_TEST, CRITICAL, target=None)
    desk.put(a_detection(an_event(1), test, concern="account:acc-fb-council"))
    assert [(one.kind, one.level, one.recipient) for one in desk.alerts] == [
        (AlertKind.TEST, LOW, "comms"),
        (AlertKind.TEST, LOW, "mo"),
    ]
    assert {one.categories for one in desk.alerts} == {(Category.CHAIN_TEST,)}
    desk.put(a_detection(an_event(1), test, concern="account:acc-fb-council"))
    assert len(desk.alerts) == 2
