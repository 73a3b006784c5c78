"""The log of the embedded runtime: one SQLite file, with topics, partitions, offsets and committed positions.

Second in the flow, between every two stages. Appends are durable when they return (write-ahead log, synchronous FULL:
one fsync an append). A commit of positions is only ordered after them (synchronous NORMAL): a power cut can take back
the last commits, never an append, so it costs a redelivery and no message. Several threads and processes may use one
file: one writer at a time, readers beside it. Post text stands in this file, so it is readable by its owner only.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.log.forgetting import forget
from pipeline.log.interface import LogUnavailable, Message, Outgoing, Position
from pipeline.topics import partition_of

SLOT_BITS = 40
"""A message's row id is the slot of its topic and partition, then 40 bits of offset: one b-tree, read in order."""

_SCHEMA = """
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

    def __init__(self, path: Path, partitions: int = 1, busy_seconds: float = 5.0) -> None:
        """Open or create the file. Raises LogUnavailable."""
        self._path = path
        self._lock, self._read_lock = threading.Lock(), threading.Lock()
        self._slots: dict[Position, int] = {}
        self._closed = False
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = _connect(path, busy_seconds)
            try:
                self._partitions = self._prepare(partitions)
                self._reader = _connect(path, busy_seconds)
            except BaseException:
                self._db.close()
                raise
            self._reader.execute("PRAGMA query_only=ON")

    def partitions(self, topic: str) -> int:  # noqa: ARG002 - every topic of one file has as many
        """Return how many partitions a topic has."""
        return self._partitions

    def append(self, records: Sequence[Outgoing]) -> None:
        """Append records, all or none; they are durable when this returns. Raises LogUnavailable."""
        if not records:
            return
        places = [self._place(record) for record in records]
        at = time.time_ns() // 1_000_000
        with self._writing("FULL") as db:
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
        with self._writing("NORMAL") as db:
            db.executemany("INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)", rows)

    def trim(self, now: datetime) -> int:
        """Forget what is past its topic's retention and superseded in compacted topics; return how many messages.

        now is an aware time. Space goes back to the disk, and deleted bytes are overwritten. Raises LogUnavailable.
        """
        with _translated(self._path):
            slots = self._rows("SELECT slot, topic FROM slots ORDER BY slot", ())
            gone = sum(forget(self._writing, (slot << SLOT_BITS, 1 << SLOT_BITS), topic, now) for slot, topic in slots)
            with self._lock:
                self._db.execute("PRAGMA incremental_vacuum").fetchall()
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def close(self) -> None:
        """Release the file; safe to call twice."""
        with self._lock, self._read_lock:
            if not self._closed:
                self._closed = True
                self._reader.close()
                self._db.close()

    def _prepare(self, partitions: int) -> int:
        self._db.execute("PRAGMA auto_vacuum=INCREMENTAL").fetchall()
        self._db.execute("PRAGMA journal_mode=WAL").fetchall()
        self._db.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")
        self._db.execute("INSERT OR IGNORE INTO about VALUES ('partitions', ?)", (partitions,))
        return int(self._db.execute("SELECT value FROM about WHERE name = 'partitions'").fetchone()[0])

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
        with _translated(self._path), self._read_lock:
            return self._reader.execute(sql, values).fetchall()

    @contextmanager
    def _writing(self, synchronous: str = "FULL") -> Iterator[sqlite3.Connection]:
        with _translated(self._path), self._lock:
            self._db.execute(f"PRAGMA synchronous={synchronous}")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA secure_delete=ON").fetchall()
    return db


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
