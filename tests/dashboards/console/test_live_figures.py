"""The live page's figures: counts by source and level, silent sources, undelivered alerts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dashboards.console.activity_counts import count_activity
from dashboards.console.outbox import GRACE, Outbox
from dashboards.console.source_lines import Hearing, recipient_name, source_lines, source_name
from dashboards.console.wording import MANUAL_ACCOUNT
from pipeline.store.sqlite import SqliteStore
from pipeline.vocabulary.alert import Alert, AlertKind, Channel, Delivery, DeliveryState
from pipeline.vocabulary.incident import IncidentKind
from pipeline.vocabulary.levels import Level, Role
from pipeline.vocabulary.operations import SourceStatus
from tests.builders import ACCOUNT, NOON, some_settings
from tests.dashboards.console.place import NOW, a_leak, a_threat, at_time, borough

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db")
    yield opened
    opened.close()


def test_counts_by_source_and_level(store: SqliteStore) -> None:
    test = msgspec.structs.replace(a_threat(9), kind=IncidentKind.TEST)
    older = at_time(a_threat(3, Level.HIGH), NOW - timedelta(minutes=61))
    yesterday = at_time(a_threat(4), NOW - timedelta(hours=13))
    store.upsert([a_threat(1), a_threat(2), older, yesterday, a_leak(), test])
    counts = count_activity(store, NOW, LONDON)
    assert counts.sources() == [ACCOUNT, "acc-x"]
    assert counts.hour == {(ACCOUNT, Level.CRITICAL): 2, ("acc-x", Level.HIGH): 1}
    assert counts.today == {(ACCOUNT, Level.CRITICAL): 2, (ACCOUNT, Level.HIGH): 1, ("acc-x", Level.HIGH): 1}
    assert (counts.hour_total(Level.HIGH), counts.today_total(Level.HIGH)) == (1, 2)
    assert not counts.more


def test_today_begins_at_midnight_in_the_councils_zone(store: SqliteStore) -> None:
    now = datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    store.upsert([at_time(a_threat(1), datetime(2026, 6, 30, 23, 5, tzinfo=UTC))])
    store.upsert([at_time(a_threat(2), datetime(2026, 6, 30, 22, 55, tzinfo=UTC))])
    counts = count_activity(store, now, LONDON)
    assert counts.today_total(Level.CRITICAL) == 1
    assert counts.hour_total(Level.CRITICAL) == 0


def test_the_hour_may_reach_into_yesterday(store: SqliteStore) -> None:
    store.upsert([at_time(a_threat(1), datetime(2026, 3, 8, 23, 45, tzinfo=UTC))])
    counts = count_activity(store, datetime(2026, 3, 9, 0, 15, tzinfo=UTC), LONDON)
    assert (counts.hour_total(Level.CRITICAL), counts.today_total(Level.CRITICAL)) == (1, 0)


@pytest.mark.parametrize(
    ("minutes", "hearing"),
    [(0, Hearing.RECEIVING), (9, Hearing.RECEIVING), (10, Hearing.QUIET), (29, Hearing.QUIET), (30, Hearing.SILENT)],
)
def test_a_source_falls_quiet_then_silent(tmp_path: Path, minutes: int, hearing: Hearing) -> None:
    at = NOW - timedelta(minutes=minutes)
    status = SourceStatus(account=ACCOUNT, platform="facebook", connector="file", last_received_at=at)
    lines = source_lines(borough(), [status], some_settings(tmp_path), NOW)
    assert {line.account.id: line.hearing for line in lines}[ACCOUNT] is hearing


def test_registered_sources_never_heard_are_shown_and_ended_ones_are_not(tmp_path: Path) -> None:
    lines = source_lines(borough(), [], some_settings(tmp_path), NOW)
    assert [line.account.id for line in lines] == [ACCOUNT, "acc-reed", "acc-x"]
    assert {line.hearing for line in lines} == {Hearing.NEVER}


def test_every_hearing_has_its_own_word() -> None:
    assert len({hearing.label for hearing in Hearing}) == len(Hearing)


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (ACCOUNT, "Testwick Council page"),
        ("acc-x", "TestwickBC"),
        ("acc-gone", "acc-gone"),
        (MANUAL_ACCOUNT, "Recorded by hand, not on a registered account"),
    ],
)
def test_names_of_sources(account: str, name: str) -> None:
    assert source_name(borough(), account) == name


@pytest.mark.parametrize(("recipient", "name"), [("comms", "Communications Team"), ("rec-gone", "rec-gone")])
def test_names_of_recipients_are_never_addresses(recipient: str, name: str) -> None:
    assert recipient_name(borough(), recipient) == name


def an_alert(alert_id: str = "a1", at: datetime = NOON) -> Alert:
    return Alert(
        alert_id=alert_id,
        kind=AlertKind.PAGE,
        incident_id="i1",
        reference="SM-2026-AAAAAA",
        level=Level.CRITICAL,
        step=0,
        channel=Channel.EMAIL,
        recipient="comms",
        role=Role.COMMUNICATIONS_TEAM,
        person=None,
        categories=(),
        aggravators=(),
        created_at=at,
    )


def a_delivery(state: DeliveryState, alert_id: str = "a1") -> Delivery:
    return Delivery(
        alert_id=alert_id,
        incident_id="i1",
        channel=Channel.EMAIL,
        recipient="comms",
        state=state,
        attempts=1,
        at=NOON,
        reason="connection refused",
    )


def test_an_alert_waits_until_it_is_sent() -> None:
    outbox = Outbox()
    outbox.take_alert(an_alert())
    assert outbox.undelivered(NOON + GRACE) == []
    late = NOON + GRACE + timedelta(seconds=1)
    assert [one.delivery for one in outbox.undelivered(late)] == [None]
    outbox.take_delivery(a_delivery(DeliveryState.RETRYING))
    assert [one.delivery.state for one in outbox.undelivered(NOON) if one.delivery] == [DeliveryState.RETRYING]
    outbox.take_delivery(a_delivery(DeliveryState.SENT))
    assert outbox.undelivered(late) == []


def test_what_was_sent_stays_sent_in_any_order() -> None:
    outbox = Outbox()
    outbox.take_delivery(a_delivery(DeliveryState.SENT))
    outbox.take_alert(an_alert())
    outbox.take_delivery(a_delivery(DeliveryState.RETRYING))
    assert outbox.undelivered(NOON + timedelta(days=1)) == []


def test_the_oldest_stands_first_and_failed_ones_stay() -> None:
    outbox = Outbox()
    outbox.take_alert(an_alert("a2", NOON + timedelta(minutes=1)))
    outbox.take_alert(an_alert("a1"))
    outbox.take_delivery(a_delivery(DeliveryState.FAILED))
    assert [one.alert.alert_id for one in outbox.undelivered(NOON + timedelta(hours=1))] == ["a1", "a2"]
