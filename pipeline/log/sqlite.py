"""The log of the embedded runtime: one SQLite file, with topics, partitions, offsets and committed positions.

Second in the flow, between every two stages. Appends are durable when they return (write-ahead log, synchronous FULL:
one fsync an append). A commit of positions is only ordered after them (synchronous NORMAL): a power cut can take back
the last commits, never an append, so it costs a redelivery and no message. Several threads and processes may use one
file: one writer at a time, readers beside it. Post text stands in this file, so it is readable by its owner only.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.log.forgetting import forget
from pipeline.log.interface import LogUnavailable, Message, Outgoing, Position
from pipeline.sqlite import BUSY_MS, SqliteFile
from pipeline.topics import partition_of

SLOT_BITS = 40
"""A message's row id is the slot of its topic and partition, then 40 bits of offset: one b-tree, read in order."""

_SCHEMA = """
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slots (
  slot INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
  UNIQUE (topic, partition));
CREATE TABLE IF NOT EXISTS messages (
  place INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, headers BLOB, value BLOB);
CREATE TABLE IF NOT EXISTS committed (
  reader TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (reader, topic, partition)) WITHOUT ROWID;
"""
_headers_in = msgspec.msgpack.Encoder()
_headers_out = msgspec.msgpack.Decoder(dict[str, bytes])


class SqliteLog:
    """A `pipeline.log.interface.Log` in one file. partitions counts only where the file is new."""

    def __init__(self, path: Path, partitions: int = 1, busy_ms: int = BUSY_MS) -> None:
        """Open or create the file. Raises LogUnavailable."""
        self._path = path
        self._slots: dict[Position, int] = {}
        with _translated(path):
            self._file = SqliteFile(path, _SCHEMA, busy_ms)
            try:
                self._partitions = self._prepare(partitions)
            except BaseException:
                self._file.close()
                raise

    def partitions(self, topic: str) -> int:  # noqa: ARG002 - every topic of one file has as many
        """Return how many partitions a topic has."""
        return self._partitions

    def append(self, records: Sequence[Outgoing]) -> None:
        """Append records, all or none; they are durable when this returns. Raises LogUnavailable."""
        if not records:
            return
        places = [self._place(record) for record in records]
        at = time.time_ns() // 1_000_000
        with self._writing() as db:
            slots = {place: self._slots.get(place) or _slot(db, place) for place in dict.fromkeys(places)}
            ends = {slot: _next(db, slot) for slot in slots.values()}
            rows = []
            for record, place in zip(records, places, strict=True):
                slot = slots[place]
                headers = _headers_in.encode(record.headers) if record.headers else None
                rows.append((slot << SLOT_BITS | ends[slot], at, record.key, headers, record.value))
                ends[slot] += 1
            db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?)", rows)
            db.executemany("UPDATE slots SET next = ? WHERE slot = ?", [(end, slot) for slot, end in ends.items()])
        self._slots.update(slots)

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """Return up to `limit` messages from `offset` on, at once. Raises LogUnavailable."""
        slot = self._known(topic, partition)
        if slot is None:
            return []
        low = slot << SLOT_BITS
        rows = self._rows(
            "SELECT place, key, headers, value FROM messages WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
            (low + max(0, offset), low + (1 << SLOT_BITS), limit),
        )
        return [
            Message(
                topic=topic,
                partition=partition,
                offset=place - low,
                key=key,
                value=value,
                headers=_headers_out.decode(headers) if headers else {},
            )
            for place, key, headers, value in rows
        ]

    def start(self, topic: str, partition: int) -> int:
        """Return the offset of the first message still kept; the end where there is none."""
        slot = self._known(topic, partition)
        if slot is None:
            return 0
        low = slot << SLOT_BITS
        sql = "SELECT min(place) FROM messages WHERE place >= ? AND place < ?"
        ((place,),) = self._rows(sql, (low, low + (1 << SLOT_BITS)))
        return self.end(topic, partition) if place is None else int(place) - low

    def end(self, topic: str, partition: int) -> int:
        """Return the offset the next message will have."""
        rows = self._rows("SELECT next FROM slots WHERE topic = ? AND partition = ?", (topic, partition))
        return int(rows[0][0]) if rows else 0

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """Return the offset a group goes on from, or None where it has not begun."""
        sql = "SELECT next FROM committed WHERE reader = ? AND topic = ? AND partition = ?"
        rows = self._rows(sql, (group, topic, partition))
        return int(rows[0][0]) if rows else None

    def commit(self, group: str, positions: Mapping[Position, int]) -> None:
        """Store the next offset to read, by position. Raises LogUnavailable."""
        rows = [(group, topic, partition, offset) for (topic, partition), offset in positions.items()]
        with self._writing(durable=False) as db:
            db.executemany("INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)", rows)

    def appended(self) -> int:
        """Return how many messages were ever appended: one cheap look tells who waits that nothing is new."""
        return int(self._rows("SELECT coalesce(sum(next), 0) FROM slots", ())[0][0])

    def trim(self, now: datetime) -> int:
        """Forget what is past its topic's retention and superseded in compacted topics; return how many messages.

        now is an aware time. Deleted bytes are overwritten, and their space is used again. Raises LogUnavailable.
        """
        slots = self._rows("SELECT slot, topic FROM slots ORDER BY slot", ())
        gone = sum(forget(self._writing, (slot << SLOT_BITS, 1 << SLOT_BITS), topic, now) for slot, topic in slots)
        with _translated(self._path):
            self._file.tidy()
        return gone

    def close(self) -> None:
        """Release the file; safe to call twice."""
        self._file.close()

    def _prepare(self, partitions: int) -> int:
        with self._file.writing() as db:
            db.execute("INSERT OR IGNORE INTO about VALUES ('partitions', ?)", (partitions,))
            return int(db.execute("SELECT value FROM about WHERE name = 'partitions'").fetchone()[0])

    def _place(self, record: Outgoing) -> Position:
        partition = record.partition
        if partition is None:
            partition = partition_of(record.routing_key or record.key, self._partitions)
        if not 0 <= partition < self._partitions:
            raise ValueError(f"{record.topic} has partitions 0 to {self._partitions - 1}, not {partition}")
        return record.topic, partition

    def _known(self, topic: str, partition: int) -> int | None:
        slot = self._slots.get((topic, partition))
        if slot is None:
            rows = self._rows("SELECT slot FROM slots WHERE topic = ? AND partition = ?", (topic, partition))
            if rows:
                slot = self._slots[topic, partition] = int(rows[0][0])
        return slot

    def _rows(self, sql: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        with _translated(self._path), self._file.reading() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        with _translated(self._path), self._file.writing(durable=durable) as db:
            yield db


def _slot(db: sqlite3.Connection, place: Position) -> int:
    db.execute("INSERT OR IGNORE INTO slots (topic, partition, next) VALUES (?, ?, 0)", place)
    return int(db.execute("SELECT slot FROM slots WHERE topic = ? AND partition = ?", place).fetchone()[0])


def _next(db: sqlite3.Connection, slot: int) -> int:
    return int(db.execute("SELECT next FROM slots WHERE slot = ?", (slot,)).fetchone()[0])


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LogUnavailable(
            f"{path}: {error}: look at free space, permissions and who else holds the file; it is tried again"
        ) from error
