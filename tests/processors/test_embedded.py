"""The embedded runtime over a real SQLite log, with small steps: order, restart, faults, health, a clean stop."""

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.codec import decode
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.store.interface import StoreUnavailable
from pipeline.topics import DEAD_LETTERS, EVENTS, FINDINGS, INCIDENTS
from pipeline.vocabulary.operations import DeadLetter
from processors.desk import Desk
from processors.embedded import Due, Embedded, Health
from processors.stages import Agent, Parts
from tests.builders import NOON, some_registers, some_settings
from tests.processors.faulty import Copies, Flaky

RAW = "ingest.raw.x"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Flaky]:
    with closing(Flaky(tmp_path / "log.db")) as opened:
        yield opened


class Pipeline:
    """Two small steps after each other, as screening and casework stand."""

    def __init__(self, log: Flaky, home: Path, clock: Callable[[], datetime] = lambda: NOON) -> None:
        self.log, self.home, self.clock = log, home, clock
        self.first, self.second = Copies(FINDINGS.name), Copies(INCIDENTS.name)

    def build(self, notifier: Due | None = None) -> Embedded:
        parts = Parts(some_registers, self.clock, some_settings(self.home))
        desks = [
            Desk(Agent.SCREENING, self.first, self.log, self.clock),
            Desk(Agent.CASEWORK, self.second, self.log, self.clock),
        ]
        return Embedded(self.log, parts, notifier, desks)


@pytest.fixture
def pipeline(log: Flaky, tmp_path: Path) -> Pipeline:
    return Pipeline(log, tmp_path)


def send(log: SqliteLog, *values: bytes, partition: int = 0) -> None:
    log.append([Outgoing(topic=RAW, key="k", value=value, partition=partition) for value in values])


def values(log: SqliteLog, topic: str, partition: int = 0) -> list[bytes]:
    return [message.value or b"" for message in log.read(topic, partition, 0, 10_000)]


def wait_for(done: Callable[[], bool]) -> None:
    """Wait as long as it takes; the suite's own timeout says when something hangs."""
    pause = threading.Event()
    while not done():
        pause.wait(0.005)


def test_not_started_it_works_through_everything_where_it_is_called(log: Flaky, pipeline: Pipeline) -> None:
    send(log, *(b"%d" % number for number in range(30)))
    send(log, b"other", partition=1)
    embedded = pipeline.build()
    embedded.drain()
    assert values(log, INCIDENTS.name) == [b"%d" % number for number in range(30)]
    assert values(log, INCIDENTS.name, 1) == [b"other"]
    assert (log.committed("screening", RAW, 0), log.committed("casework", FINDINGS.name, 0)) == (30, 30)
    assert {one.state for one in embedded.health()} == {"stopped"}


def test_a_restart_goes_on_where_it_was_committed_with_state_rebuilt(
    log: Flaky, pipeline: Pipeline, tmp_path: Path
) -> None:
    send(log, b"a", b"b")
    pipeline.build().drain()
    send(log, b"c")
    again = Pipeline(log, tmp_path)
    again.build().drain()
    assert again.first.batches == [[b"c"]]
    assert again.second.restored == [b"a", b"b"], "from incidents.v1, before the first batch"
    assert values(log, INCIDENTS.name) == [b"a", b"b", b"c"]


def test_threads_take_what_comes_while_they_run_and_stop_clean(log: Flaky, pipeline: Pipeline) -> None:
    embedded = pipeline.build()
    before = threading.active_count()
    embedded.start()
    for number in range(5):
        send(log, b"%d" % number)
        embedded.drain()
        assert len(values(log, INCIDENTS.name)) == number + 1
    assert [(one.name, one.state, one.problem) for one in embedded.health()] == [
        ("screening", "running", None),
        ("casework", "running", None),
        ("trimming", "running", None),
    ]
    embedded.stop()
    embedded.stop()
    assert threading.active_count() == before
    assert {one.state for one in embedded.health()} == {"stopped"}
    send(log, b"later")
    embedded.start()
    embedded.drain()
    embedded.stop()
    assert values(log, INCIDENTS.name)[-1] == b"later"


DOWN = LogUnavailable("planned")


@pytest.mark.parametrize(
    "plan",
    [
        {"append": [DOWN, DOWN, None, DOWN]},
        {"commit": [DOWN, DOWN, None, DOWN]},
        {"read": [DOWN, None, DOWN, None, None, None, DOWN]},
        {"append": [DOWN], "commit": [None, DOWN], "read": [None, None, DOWN]},
    ],
)
def test_while_the_log_is_down_it_waits_and_nothing_is_processed_or_written_twice(
    log: Flaky, pipeline: Pipeline, plan: dict[str, list[Exception | None]]
) -> None:
    send(log, b"a", b"b")
    log.plan = plan
    embedded = pipeline.build()
    embedded.start()
    wait_for(lambda: not any(plan.values()))
    embedded.drain()
    embedded.stop()
    assert values(log, INCIDENTS.name) == [b"a", b"b"]
    assert pipeline.first.batches == [[b"a", b"b"]]


def test_while_the_store_is_down_the_same_batch_is_given_again(log: Flaky, pipeline: Pipeline) -> None:
    send(log, b"a")
    pipeline.second.faults = [StoreUnavailable("planned")]
    pipeline.build().drain()
    assert pipeline.second.batches == [[b"a"], [b"a"]]
    assert values(log, INCIDENTS.name) == [b"a"]


def test_a_message_that_breaks_a_step_is_set_aside_and_the_rest_goes_on(
    log: Flaky, pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    send(log, b"a", b"poison", b"b")
    pipeline.build().drain()
    assert values(log, INCIDENTS.name) == [b"a", b"b"]
    (letter,) = [
        decode(DeadLetter, message.value or b"")
        for partition in range(2)
        for message in log.read(DEAD_LETTERS.name, partition, 0, 9)
    ]
    assert (letter.payload, letter.replay_topic) == (b"poison", RAW)
    assert "poison in words" not in caplog.text + letter.explanation


def test_an_error_is_logged_without_text_shown_and_begun_again(
    log: Flaky, pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    states: list[Health] = []
    send(log, b"a")
    log.plan = {"commit": [RuntimeError("words of a post")]}
    embedded = pipeline.build()
    embedded.start()

    def failing() -> bool:
        states.extend(one for one in embedded.health() if one.state == "failing")
        return bool(states)

    wait_for(failing)
    embedded.drain()
    embedded.stop()
    assert "RuntimeError" in (states[0].problem or "")
    assert "words of a post" not in caplog.text + (states[0].problem or "")
    assert values(log, FINDINGS.name) == [b"a", b"a"], "at least once: what follows drops the second by its id"
    assert values(log, EVENTS.name) == []


class Bell:
    """A notifier that counts its rounds, and fails in the first."""

    def __init__(self, fail: bool = False) -> None:
        self.rounds, self.fail = 0, fail

    def run_once(self) -> float:
        self.rounds += 1
        if self.fail and self.rounds == 1:
            raise RuntimeError("planned")
        return 60.0


@pytest.mark.parametrize("fail", [False, True])
def test_the_notifier_has_a_turn_after_everything_that_was_there(log: Flaky, pipeline: Pipeline, fail: bool) -> None:
    bell = Bell(fail)
    embedded = pipeline.build(bell)
    embedded.start()
    wait_for(lambda: bell.rounds > 2)
    send(log, b"a")
    wait_for(lambda: values(log, INCIDENTS.name) == [b"a"])
    before = bell.rounds
    embedded.drain()
    assert bell.rounds > before
    embedded.stop()


def test_drained_in_place_the_notifier_runs_once(pipeline: Pipeline) -> None:
    bell = Bell()
    pipeline.build(bell).drain()
    assert bell.rounds == 1


def test_a_batch_that_hangs_is_shown(log: Flaky, tmp_path: Path) -> None:
    now = [NOON]
    pipeline = Pipeline(log, tmp_path, clock=lambda: now[0])
    entered, let_go = threading.Event(), threading.Event()

    class Hangs(Copies):
        def process(self, batch: Sequence[Message]) -> list[Outgoing]:
            entered.set()
            let_go.wait()
            return []

    pipeline.first = Hangs(FINDINGS.name)
    send(log, b"a")
    embedded = pipeline.build()
    embedded.start()
    entered.wait()
    now[0] += timedelta(seconds=30)
    shown = embedded.health()[0]
    let_go.set()
    embedded.stop()
    assert (shown.state, shown.since) == ("waiting", NOON)
    assert "log or store" in (shown.problem or "")


def test_it_trims_at_the_start(log: Flaky, tmp_path: Path) -> None:
    send(log, b"old")
    pipeline = Pipeline(log, tmp_path, clock=lambda: datetime.now(UTC) + timedelta(days=30))
    embedded = pipeline.build()
    embedded.start()
    wait_for(lambda: log.start(RAW, 0) == 1)
    embedded.drain()
    embedded.stop()


def test_nothing_stays_open(tmp_path: Path) -> None:
    with warnings.catch_warnings(), closing(Flaky(tmp_path / "own.db")) as log:
        warnings.simplefilter("error")
        embedded = Pipeline(log, tmp_path).build()
        embedded.start()
        embedded.stop()
