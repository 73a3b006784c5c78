"""The desk: what it restores, in which order it makes things durable, what it does when step, store or log fail."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from pipeline.codec import encode
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.store.interface import StoreUnavailable
from pipeline.topics import ALERTS, DEAD_LETTERS, EVENTS, FINDINGS, INCIDENTS
from pipeline.vocabulary.alert import Alert, AlertKind, Channel
from pipeline.vocabulary.levels import Level, Role
from processors.desk import Desk, Interrupted
from processors.stages import Agent
from tests.builders import NOON
from tests.processors.memory_log import MemoryLog


def message(offset: int, value: bytes = b"v", topic: str = FINDINGS.name) -> Message:
    return Message(topic=topic, partition=0, offset=offset, key=f"k{offset}", value=value)


def out(topic: str, key: str = "k", value: bytes = b"v") -> Outgoing:
    return Outgoing(topic=topic, key=key, value=value)


def an_alert(alert_id: str = "a1", incident_id: str = "i1") -> Outgoing:
    alert = Alert(
        alert_id=alert_id,
        kind=AlertKind.PAGE,
        incident_id=incident_id,
        reference="SM-2026-ABCDEF",
        level=Level.CRITICAL,
        step=0,
        channel=Channel.EMAIL,
        recipient="duty",
        role=Role.MONITORING_OFFICER,
        person=None,
        categories=(),
        aggravators=(),
        created_at=NOON,
    )
    return out(ALERTS.name, alert_id, encode(alert))


class CallLog(MemoryLog):
    """Remembers each call of append by the topics it wrote; fails as often as it is told to first."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__(partitions=1)
        self.calls: list[list[str]] = []
        self.failures = failures

    def append(self, records: Sequence[Outgoing]) -> None:
        if self.failures:
            self.failures -= 1
            raise LogUnavailable
        super().append(records)
        self.calls.append([record.topic for record in records])


@dataclass
class ScriptedStep:
    """Answers each message from a script by key, in batches as given; remembers what it was told."""

    script: Mapping[str, Sequence[Outgoing]] = field(default_factory=dict)
    raises: list[Exception] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def restore(self, message: Message) -> None:
        self.told.append(f"restore {message.key}")

    def forget(self, partition: int) -> None:
        self.told.append("forget")

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        self.told.append("process " + " ".join(message.key for message in batch))
        if self.raises:
            raise self.raises.pop(0)
        if any(message.value == b"poison" for message in batch):
            raise RuntimeError("secret words of a post")
        return [record for message in batch for record in self.script.get(message.key, ())]


def desk_with(step: ScriptedStep, log: MemoryLog, agent: Agent = Agent.CASEWORK) -> Desk:
    return Desk(agent, step, log, lambda: NOON)


def work(desk: Desk, *batch: Message) -> None:
    desk.work(0, batch, threading.Event())


@pytest.mark.parametrize(
    ("agent", "records", "calls"),
    [
        (
            Agent.CASEWORK,
            [out(INCIDENTS.name), an_alert(), out(DEAD_LETTERS.name), out(INCIDENTS.name)],
            [[ALERTS.name, DEAD_LETTERS.name], [INCIDENTS.name, INCIDENTS.name]],
        ),
        (
            Agent.SCREENING,
            [out(EVENTS.name), out(FINDINGS.name), out(DEAD_LETTERS.name)],
            [[FINDINGS.name, DEAD_LETTERS.name], [EVENTS.name]],
        ),
        (Agent.INDEXING, [out(DEAD_LETTERS.name)], [[DEAD_LETTERS.name]]),
        (Agent.CASEWORK, [], []),
    ],
    ids=["casework", "screening", "indexing", "nothing"],
)
def test_what_state_is_restored_from_becomes_durable_last(
    agent: Agent, records: list[Outgoing], calls: list[list[str]]
) -> None:
    log = CallLog()
    work(desk_with(ScriptedStep({"k0": records}), log, agent), message(0))
    assert log.calls == calls


def test_state_is_restored_once_before_the_first_batch_and_again_when_forgotten() -> None:
    log, step = CallLog(), ScriptedStep()
    log.append([out(INCIDENTS.name, "i1"), out(INCIDENTS.name, "i2")])
    desk = desk_with(step, log)
    work(desk, message(0))
    work(desk, message(1))
    desk.forget(0)
    work(desk, message(2))
    restored = ["restore i1", "restore i2"]
    assert step.told == [*restored, "process k0", "process k1", "forget", *restored, "process k2"]
    assert desk.held == {0}


@pytest.mark.parametrize(
    ("store_failures", "log_failures", "processed"),
    [(2, 0, ["process k0"] * 3), (0, 2, ["process k0"])],
    ids=["store down: the batch is given again", "log down: the records are sent again, not made again"],
)
def test_it_waits_for_what_is_down(store_failures: int, log_failures: int, processed: list[str]) -> None:
    step = ScriptedStep({"k0": [out(DEAD_LETTERS.name)]}, [StoreUnavailable()] * store_failures)
    log = CallLog(log_failures)
    work(desk_with(step, log, Agent.INDEXING), message(0))
    assert step.told == processed
    assert log.calls == [[DEAD_LETTERS.name]]


@pytest.mark.parametrize("fault", [StoreUnavailable, LogUnavailable], ids=["store", "log"])
def test_asked_to_stop_while_it_waits_it_gives_up_and_trusts_its_state_no_more(fault: Callable[[], Exception]) -> None:
    step = ScriptedStep({"k0": [out(DEAD_LETTERS.name)]})
    log = CallLog()
    if fault is StoreUnavailable:
        step.raises = [StoreUnavailable()]
    else:
        log.failures = 1
    stop = threading.Event()
    stop.set()
    desk = desk_with(step, log, Agent.INDEXING)
    with pytest.raises(Interrupted):
        desk.work(0, [message(0)], stop)
    assert desk.held == set()
    assert log.calls == []


def test_a_message_that_breaks_the_step_is_set_aside_alone_and_quotes_nothing() -> None:
    step = ScriptedStep({f"k{number}": [out(INCIDENTS.name, f"i{number}")] for number in range(4)})
    log = CallLog()
    work(desk_with(step, log), message(0), message(1), message(2, b"poison"), message(3))
    assert [record.key for record in log.all(INCIDENTS.name)] == ["i0", "i1", "i3"]
    (letter,) = log.all(DEAD_LETTERS.name)
    assert b"processing_failed" in (letter.value or b"")
    assert b"secret words" not in (letter.value or b"")


def test_after_a_failed_batch_no_message_meets_half_changed_state() -> None:
    step = ScriptedStep({"k0": [out(INCIDENTS.name, "i0")]})
    work(desk_with(step, CallLog()), message(0), message(1, b"poison"))
    assert step.told == [
        "process k0 k1",
        "forget",
        "process k0",
        "process k1",
        "forget",
    ]


def test_a_dead_letter_that_breaks_the_step_makes_no_other() -> None:
    log = CallLog()
    work(desk_with(ScriptedStep(), log, Agent.INDEXING), message(0, b"poison", DEAD_LETTERS.name))
    assert log.calls == []


def test_an_alert_that_was_durable_before_a_crash_is_not_written_again() -> None:
    log = CallLog()
    log.append([an_alert("a1", "i1"), an_alert("summary", "i1")])
    step = ScriptedStep({"k0": [an_alert("a1", "i1"), an_alert("a2", "i1"), an_alert("summary", "i2")]})
    work(desk_with(step, log), message(0))
    assert [record.key for record in log.all(ALERTS.name)] == ["a1", "summary", "a2", "summary"]


def test_a_record_that_cannot_be_restored_does_not_keep_the_rest_from_starting() -> None:
    class Choosy(ScriptedStep):
        def restore(self, message: Message) -> None:
            if message.key == "i1":
                raise ValueError("secret words of a post")
            super().restore(message)

    log, step = CallLog(), Choosy()
    log.append([out(INCIDENTS.name, key) for key in ("i0", "i1", "i2")])
    work(desk_with(step, log), message(0))
    assert step.told == ["restore i0", "restore i2", "process k0"]


def test_what_is_logged_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    work(desk_with(ScriptedStep(), CallLog()), message(0, b"poison"))
    assert "RuntimeError in tests.processors.test_desk" in caplog.text
    assert "secret words" not in caplog.text
