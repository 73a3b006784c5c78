"""A small step and a log for tests of the runtimes: both fail where a test has planned it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.log.interface import Message, Outgoing, Position
from pipeline.log.sqlite import SqliteLog


class Copies:
    """A step that writes each message on, to a topic it may be restored from; texts can ask for faults."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.restored: list[bytes] = []
        self.batches: list[list[bytes]] = []
        self.faults: list[Exception] = []

    def restore(self, message: Message) -> None:
        self.restored.append(message.value or b"")

    def forget(self, partition: int) -> None:
        self.restored = []

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        values = [message.value or b"" for message in batch]
        self.batches.append(values)
        if self.faults:
            raise self.faults.pop(0)
        if b"poison" in values:
            raise RuntimeError("poison in words")
        return [Outgoing(topic=self.target, key="k", value=value, partition=batch[0].partition) for value in values]


class Flaky(SqliteLog):
    """A log that fails as planned: each planned call raises once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, partitions=2)
        self.plan: dict[str, list[Exception | None]] = {}

    def _planned(self, call: str) -> None:
        waiting = self.plan.get(call)
        error = waiting.pop(0) if waiting else None
        if error is not None:
            raise error

    def append(self, records: Sequence[Outgoing]) -> None:
        self._planned("append")
        super().append(records)

    def commit(self, group: str, positions: Mapping[Position, int]) -> None:
        self._planned("commit")
        super().commit(group, positions)

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        self._planned("read")
        return super().read(topic, partition, offset, limit)
