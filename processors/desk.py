"""A desk: one agent's step at work on a log, partition by partition. What a runtime does between reading and acking.

It restores a partition's state before the first batch, has the step process a batch, and makes durable all that the
batch causes before it returns; then the runtime acks. No asyncio and no Kafka here. One thread at a time.

Order of durability: the topics that state is restored from (`incidents.v1`, `social.events.v1`) come last, because they
are what says, after a crash, that something was dealt with. So an alert is never behind its incident.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pipeline.dead_letters import Refusal, again, dead_letter, place_of
from pipeline.log.interface import Log, LogUnavailable, Message, Outgoing
from pipeline.patience import Backoff
from pipeline.store.interface import StoreUnavailable
from pipeline.topics import ALERTS, DEAD_LETTERS
from pipeline.vocabulary.operations import DeadLetterReason
from processors.raised import RaisedAlerts
from processors.stages import Agent, Step, restores_of, stages_of

READ = 500

_log = logging.getLogger(__name__)


class Interrupted(Exception):
    """The runtime asked to stop before a batch was done. Nothing of it may be acked; its partition is forgotten."""


class Clock(Protocol):
    """Returns the time now, UTC."""

    def __call__(self) -> datetime:
        """Return the time."""


class Desk:
    """See the module. `held` are the partitions whose state is in memory."""

    def __init__(self, agent: Agent, step: Step, log: Log, clock: Clock) -> None:
        self.agent = agent
        self.held: set[int] = set()
        self._step = step
        self._log = log
        self._clock = clock
        self._truth = tuple(topic.name for topic in restores_of(agent))
        alerting = any(ALERTS in stage.writes for stage in stages_of(agent))
        self._raised = RaisedAlerts(log) if alerting else None

    def restore(self, partition: int, stop: threading.Event) -> None:
        """Rebuild a partition's state, unless it is held. Raises Interrupted."""
        if partition in self.held:
            return
        try:
            for topic in self._truth:
                self._read_all(topic, partition, stop)
            self._read_raised(stop)
        except BaseException:
            self._step.forget(partition)
            raise
        self.held.add(partition)

    def forget(self, partition: int) -> None:
        """Drop a partition's state: somebody else may write to it from now on, or what we hold is not to be trusted."""
        self.held.discard(partition)
        self._step.forget(partition)

    def work(self, partition: int, batch: Sequence[Message], stop: threading.Event) -> None:
        """Process a batch of one partition; all that it causes is durable when this returns.

        Raises:
            Interrupted: `stop` was set while the log or the store could not be reached.
        """
        try:
            self.restore(partition, stop)
            self._batch(partition, batch, stop)
        except BaseException:
            self.forget(partition)
            raise

    def _batch(self, partition: int, batch: Sequence[Message], stop: threading.Event) -> None:
        try:
            self._write(self._process(batch, stop), stop)
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a step raises, nothing may be lost
            _log.error("%s: a batch of %d failed (%s): one by one now", self.agent, len(batch), where(error))
            self._one_by_one(partition, batch, stop)

    def _one_by_one(self, partition: int, batch: Sequence[Message], stop: threading.Event) -> None:
        """Process each message alone, from restored state, since the failed batch left it half changed."""
        self.forget(partition)
        for message in batch:
            self.restore(partition, stop)
            try:
                self._write(self._process([message], stop), stop)
            except Interrupted:
                raise
            except Exception as error:  # noqa: BLE001 - this message alone is set aside
                self.forget(partition)
                self._set_aside(message, error, stop)

    def _set_aside(self, message: Message, error: Exception, stop: threading.Event) -> None:
        found = where(error)
        _log.error("%s %s/%s failed: %s", message.topic, message.partition, message.offset, found)
        if message.topic == DEAD_LETTERS.name:
            return  # a dead letter of a dead letter would come back to us for ever
        words = f"the {self.agent} step failed ({found}): mend it, then send this again"
        refusal = Refusal(DeadLetterReason.PROCESSING_FAILED, words)
        place = place_of(self.agent.value, message)
        self._write([dead_letter(refusal, place, self._clock(), again(message))], stop)

    def _process(self, batch: Sequence[Message], stop: threading.Event) -> list[Outgoing]:
        pauses = _Pauses(stop)
        while True:
            try:
                return self._step.process(batch)
            except StoreUnavailable:
                pauses.wait()

    def _write(self, records: Sequence[Outgoing], stop: threading.Event) -> None:
        if self._raised is not None:
            records = [record for record in records if not self._raised.among(record)]
        self._append([record for record in records if record.topic not in self._truth], stop)
        self._append([record for record in records if record.topic in self._truth], stop)

    def _append(self, records: Sequence[Outgoing], stop: threading.Event) -> None:
        """Append until it is acknowledged: the state holds these records already, so they are never made twice."""
        pauses = _Pauses(stop)
        while records:
            try:
                self._log.append(records)
                return
            except LogUnavailable:
                pauses.wait()

    def _read_all(self, topic: str, partition: int, stop: threading.Event) -> None:
        pauses = _Pauses(stop)
        offset: int | None = None
        end = 0
        while offset is None or offset < end:
            try:
                if offset is None:
                    end = self._log.end(topic, partition)
                    offset = self._log.start(topic, partition)
                batch = self._log.read(topic, partition, offset, READ)
            except LogUnavailable:
                pauses.wait()
                continue
            if stop.is_set():
                raise Interrupted
            if not batch:
                return
            for message in batch:
                self._restore_one(message)
            offset = batch[-1].offset + 1

    def _read_raised(self, stop: threading.Event) -> None:
        pauses = _Pauses(stop)
        while self._raised is not None:
            try:
                self._raised.read()
                break
            except LogUnavailable:
                pauses.wait()

    def _restore_one(self, message: Message) -> None:
        try:
            self._step.restore(message)
        except Exception as error:  # noqa: BLE001 - one bad record must not keep every worker from starting
            _log.error("%s %s/%s is left out: %s", message.topic, message.partition, message.offset, where(error))


class _Pauses:
    """Ever longer pauses, each cut short when the runtime asks to stop."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._backoff = Backoff(first=0.2, cap=5.0)

    def wait(self) -> None:
        """Wait, or raise Interrupted."""
        if self._stop.wait(self._backoff.next()):
            raise Interrupted


def where(error: Exception) -> str:
    """Return an error's kind and place. Its message may quote a post, so it stays out of logs and dead letters."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    return f"{type(error).__name__} in {trace.tb_frame.f_globals.get('__name__', '?')}, line {trace.tb_lineno}"
