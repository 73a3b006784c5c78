"""The log's interface, with two implementations: SQLite for the embedded runtime, Kafka for the services.

At least once: a reader commits a position only after everything it caused is durable.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A record to append. routing_key chooses the partition where it differs from key, as for incidents.

    partition, where given, overrides both.

    value None is a tombstone. Headers are CloudEvents attributes in binary mode; they never hold text or names.
    """

    topic: str
    key: str
    value: bytes | None
    headers: Mapping[str, bytes] = {}
    routing_key: str | None = None
    partition: int | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A record read back: partition and offset count from 0; offsets grow but may have gaps."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: Mapping[str, bytes] = {}


Position = tuple[str, int]
"""A topic and a partition of it."""


class LogUnavailable(Exception):
    """The log cannot be reached or did not acknowledge. Nothing may be acked; try again, the same records."""


class Log(Protocol):
    """An append-only log of topics and partitions, with committed positions by group. Calls block; use a thread."""

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has."""

    def append(self, records: Sequence[Outgoing]) -> None:
        """Append records, in order by partition; they are durable when this returns.

        Raises:
            LogUnavailable: some may not be durable; append all of them again (readers drop duplicates by id).
        """

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """Return up to `limit` messages from `offset` on, at once; an empty list at the end."""

    def start(self, topic: str, partition: int) -> int:
        """Return the offset of the first message still kept."""

    def end(self, topic: str, partition: int) -> int:
        """Return the offset the next message will have."""

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """Return the offset a group goes on from, or None where it has not begun."""

    def commit(self, group: str, positions: Mapping[Position, int]) -> None:
        """Store the next offset to read, by position. Raises LogUnavailable."""

    def close(self) -> None:
        """Release files and connections; safe to call twice."""
