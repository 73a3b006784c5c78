"""The feed: every change of the log reaches every listener once, also after a break."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.console.feed import Change, Feed, Listener
from dashboards.console.outbox import Outbox
from pipeline.codec import encode
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.topics import ALERTS, DELIVERIES, INCIDENTS
from pipeline.vocabulary.alert import DeliveryState
from pipeline.vocabulary.incident import Incident
from tests.builders import NOON
from tests.dashboards.console.place import NOW, a_threat
from tests.dashboards.console.test_live_figures import a_delivery, an_alert


def publish(log: SqliteLog, *incidents: Incident) -> None:
    log.append([Outgoing(topic=INCIDENTS.name, key=one.incident_id, value=encode(one)) for one in incidents])


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(tmp_path / "log.db", partitions=2)
    yield opened
    opened.close()


class Following:
    """A feed over a log that has found its place before the test begins."""

    def __init__(self, log: SqliteLog) -> None:
        self.outbox = Outbox()
        self.feed = Feed(log, self.outbox)

    def begin(self, log: SqliteLog) -> "Following":
        self.feed.start()
        log.append([Outgoing(topic=ALERTS.name, key="first", value=encode(an_alert("first")))])
        until(lambda: any(one.alert.alert_id == "first" for one in self.outbox.undelivered(NOW)))
        return self


def until(done: Callable[[], bool]) -> None:
    """Wait for something to be so; the suite's own time limit ends it if it never is."""
    pause = threading.Event()
    while not done():
        pause.wait(0.01)


@pytest.fixture
def following(log: SqliteLog) -> Iterator[Following]:
    made = Following(log).begin(log)
    yield made
    made.feed.close()


async def take(listener: Listener, count: int) -> list[Change]:
    found = [await listener.queue.get() for _ in range(count)]
    return [one for one in found if one is not None]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_each_listener_gets_each_change(log: SqliteLog, following: Following) -> None:
    async def listen() -> None:
        with following.feed.listening() as one, following.feed.listening() as other:
            publish(log, a_threat(1), a_threat(2))
            for listener in (one, other):
                found = {change.incident.incident_id for change in await take(listener, 2)}
                assert found == {a_threat(1).incident_id, a_threat(2).incident_id}

    run(listen())


def test_a_listener_goes_on_after_what_it_saw(log: SqliteLog, following: Following) -> None:
    async def listen() -> None:
        with following.feed.listening() as first:
            publish(log, a_threat(1))
            seen = await take(first, 1)
        with following.feed.listening() as again:
            assert await take(again, 1) == seen
        publish(log, a_threat(2))
        with following.feed.listening(following.feed.id_of(seen[0])) as after:
            assert [one.incident for one in await take(after, 1)] == [a_threat(2)]

    run(listen())


def test_closing_ends_listeners_also_new_ones(following: Following) -> None:
    async def listen() -> None:
        with following.feed.listening() as listener:
            await asyncio.to_thread(following.feed.close)
            assert await listener.queue.get() is None
        with following.feed.listening() as late:
            assert await late.queue.get() is None

    run(listen())


def test_a_listener_that_cannot_keep_up_is_told_so(log: SqliteLog, following: Following) -> None:
    async def listen() -> None:
        with following.feed.listening() as slow:
            publish(log, *(a_threat(number) for number in range(400)))
            while not slow.lost:
                await asyncio.sleep(0.01)
            assert slow.queue.qsize() <= 400

    run(listen())


def test_tombstones_and_damaged_messages_are_passed_over(log: SqliteLog, following: Following) -> None:
    async def listen() -> None:
        with following.feed.listening() as listener:
            log.append(
                [
                    Outgoing(topic=INCIDENTS.name, key="gone", value=None),
                    Outgoing(topic=INCIDENTS.name, key="gone", value=b"{not json"),
                    Outgoing(topic=INCIDENTS.name, key="gone", value=encode(a_threat(3))),
                ]
            )
            assert [one.incident for one in await take(listener, 1)] == [a_threat(3)]

    run(listen())


def test_the_outbox_is_read_from_the_beginning(log: SqliteLog) -> None:
    log.append([Outgoing(topic=ALERTS.name, key=one, value=encode(an_alert(one, NOON))) for one in ("a1", "a2")])
    log.append([Outgoing(topic=DELIVERIES.name, key="a1", value=encode(a_delivery(DeliveryState.SENT)))])
    made = Following(log).begin(log)
    until(lambda: {one.alert.alert_id for one in made.outbox.undelivered(NOW)} == {"a2", "first"})
    made.feed.close()


class Away(SqliteLog):
    """A log that can be away."""

    away = False

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        if self.away:
            raise LogUnavailable("away")
        return super().read(topic, partition, offset, limit)


def test_it_says_when_the_log_is_away_and_goes_on_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.console.feed.RETRY_SECONDS", 0.01)
    log = Away(tmp_path / "log.db", partitions=1)
    made = Following(log).begin(log)

    async def listen() -> None:
        with made.feed.listening() as listener:
            log.away = True
            while made.feed.healthy:
                await asyncio.sleep(0.01)
            publish(log, a_threat(1))
            log.away = False
            assert [one.incident for one in await take(listener, 1)] == [a_threat(1)]
            while not made.feed.healthy:
                await asyncio.sleep(0.01)

    run(listen())
    made.feed.close()
    log.close()


class Broken(SqliteLog):
    """A log that fails in a way nobody thought of, once."""

    faults = 0

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        if self.faults:
            self.faults -= 1
            raise RuntimeError("not thought of")
        return super().read(topic, partition, offset, limit)


def test_a_fault_nobody_thought_of_does_not_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.console.feed.RETRY_SECONDS", 0.01)
    log = Broken(tmp_path / "log.db", partitions=1)
    made = Following(log).begin(log)
    log.faults = 1
    until(lambda: log.faults == 0 and made.feed.healthy)
    log.append([Outgoing(topic=ALERTS.name, key="later", value=encode(an_alert("later")))])
    until(lambda: any(one.alert.alert_id == "later" for one in made.outbox.undelivered(NOW)))
    made.feed.close()
    log.close()
