"""How the embedded log forgets: by age where a topic says so, by key where it is compacted. Kafka does both by itself.

Beside the flow, run about once an hour. Deletes go in small transactions, so that nobody waits long for the writer.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from pipeline.topics import ALL_TOPICS, DAY_MS, Cleanup

Writing = Callable[[], AbstractContextManager[sqlite3.Connection]]
Rows = tuple[int, int]
"""The first row id of a topic's partition, and how many it may have."""

_CHUNK = 2_000
_TOPICS = {topic.name: topic for topic in ALL_TOPICS}


def forget(writing: Writing, rows: Rows, topic: str, now: datetime) -> int:
    """Delete what one partition of a topic need not keep at `now`; return how many. Unknown topics keep all."""
    known = _TOPICS.get(topic)
    if known is None:
        return 0
    moment = int(now.timestamp() * 1000)
    if known.cleanup is Cleanup.COMPACT:
        return _superseded(writing, rows) + _tombstones(writing, rows, moment - DAY_MS)
    return _aged(writing, rows, moment - known.retention_ms)


def _aged(writing: Writing, rows: Rows, before: int) -> int:
    """Delete from the oldest on while older than `before` (ms since 1970): offsets and ages go up together."""
    gone, low, high = 0, rows[0], rows[0] + rows[1]
    while True:
        with writing() as db:
            old = db.execute(
                "SELECT place FROM"
                " (SELECT place, at FROM messages WHERE place >= ? AND place < ? ORDER BY place LIMIT ?) WHERE at < ?",
                (low, high, _CHUNK, before),
            ).fetchall()
            db.executemany("DELETE FROM messages WHERE place = ?", old)
        gone += len(old)
        if len(old) < _CHUNK:
            return gone


def _superseded(writing: Writing, rows: Rows) -> int:
    low, high = rows[0], rows[0] + rows[1]
    with writing() as db:
        return db.execute(
            "DELETE FROM messages WHERE place >= ? AND place < ? AND place NOT IN"
            " (SELECT max(place) FROM messages WHERE place >= ? AND place < ? GROUP BY key)",
            (low, high, low, high),
        ).rowcount


def _tombstones(writing: Writing, rows: Rows, before: int) -> int:
    """Delete tombstones a day after they were written: readers have seen them by then, as with Kafka."""
    with writing() as db:
        return db.execute(
            "DELETE FROM messages WHERE place >= ? AND place < ? AND value IS NULL AND at < ?",
            (rows[0], rows[0] + rows[1], before),
        ).rowcount
