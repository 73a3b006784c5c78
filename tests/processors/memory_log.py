"""A log in memory, with a switch for being away: for tests of what works straight on the log."""

from collections.abc import Mapping, Sequence

from pipeline.log.interface import LogUnavailable, Message, Outgoing, Position
from pipeline.topics import partition_of


class MemoryLog:
    """Implements `pipeline.log.interface.Log`. away: every call raises LogUnavailable."""

    def __init__(self, partitions: int = 4) -> None:
        self.away = False
        self._partitions = partitions
        self._messages: dict[Position, list[Message]] = {}
        self._committed: dict[tuple[str, str, int], int] = {}

    def partitions(self, topic: str) -> int:
        self._check()
        return self._partitions

    def append(self, records: Sequence[Outgoing]) -> None:
        self._check()
        for record in records:
            partition = partition_of(record.routing_key or record.key, self._partitions)
            held = self._messages.setdefault((record.topic, partition), [])
            held.append(
                Message(
                    topic=record.topic,
                    partition=partition,
                    offset=len(held),
                    key=record.key,
                    value=record.value,
                    headers=record.headers,
                )
            )

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        self._check()
        return self._messages.get((topic, partition), [])[offset : offset + limit]

    def start(self, topic: str, partition: int) -> int:
        self._check()
        return 0

    def end(self, topic: str, partition: int) -> int:
        self._check()
        return len(self._messages.get((topic, partition), []))

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        self._check()
        return self._committed.get((group, topic, partition))

    def commit(self, group: str, positions: Mapping[Position, int]) -> None:
        self._check()
        self._committed.update({(group, *place): offset for place, offset in positions.items()})

    def close(self) -> None:
        """Nothing to release."""

    def all(self, topic: str) -> list[Message]:
        """Return every message of a topic, by partition."""
        return [one for (name, _), held in sorted(self._messages.items()) if name == topic for one in held]

    def _check(self) -> None:
        if self.away:
            raise LogUnavailable
