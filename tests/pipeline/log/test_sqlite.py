"""The embedded log: what only it does. What every log does is in tests/contracts."""

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.topics import ALERTS, EVENTS, INCIDENTS, partition_of, raw_topic

NOW = datetime.now(UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with closing(SqliteLog(tmp_path / "log.db", partitions=4)) as opened:
        yield opened


def record(key: str, value: bytes | None = b"v", topic: str = "t") -> Outgoing:
    return Outgoing(topic=topic, key=key, value=value)


def everything(log: SqliteLog, topic: str) -> list[Message]:
    return [message for p in range(log.partitions(topic)) for message in log.read(topic, p, 0, 10_000)]


def test_reads_back_what_was_appended_with_headers_in_order(log: SqliteLog) -> None:
    log.append([Outgoing(topic="t", key="a", value=bytes([n]), headers={"n": bytes([n])}) for n in range(5)])
    partition = partition_of("a", 4)
    read = log.read("t", partition, 2, 2)
    assert [(m.offset, m.key, m.value, m.headers) for m in read] == [
        (2, "a", b"\x02", {"n": b"\x02"}),
        (3, "a", b"\x03", {"n": b"\x03"}),
    ]
    assert (log.start("t", partition), log.end("t", partition)) == (0, 5)
    assert log.read("t", partition, 5, 10) == []
    assert log.appended() == 5


@pytest.mark.parametrize(
    ("sent", "partition"),
    [
        (record("a"), partition_of("a", 4)),
        (Outgoing(topic="t", key="a", value=b"", routing_key="b"), partition_of("b", 4)),
        (Outgoing(topic="t", key="a", value=b"", routing_key="b", partition=3), 3),
        (Outgoing(topic="t", key="a", value=b"", partition=0), 0),
    ],
)
def test_partition_is_given_or_made_from_the_routing_key_or_key(log: SqliteLog, sent: Outgoing, partition: int) -> None:
    log.append([sent])
    assert [message.partition for message in everything(log, "t")] == [partition]


def test_a_partition_that_is_not_there_is_refused_and_nothing_is_written(log: SqliteLog) -> None:
    with pytest.raises(ValueError, match="partitions 0 to 3, not 4"):
        log.append([record("a"), Outgoing(topic="t", key="a", value=b"", partition=4)])
    assert everything(log, "t") == []


def test_an_unknown_topic_is_empty(log: SqliteLog) -> None:
    assert (log.start("none", 0), log.end("none", 0), log.read("none", 0, 0, 1)) == (0, 0, [])
    assert log.committed("g", "none", 0) is None


def test_positions_are_kept_by_group_over_a_reopening(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with closing(SqliteLog(path, partitions=2)) as log:
        log.append([record("a")])
        log.commit("one", {("t", 0): 3, ("t", 1): 4})
        log.commit("one", {("t", 0): 5})
    with closing(SqliteLog(path, partitions=8)) as log:
        assert log.partitions("t") == 2, "the file's own number of partitions counts"
        assert [log.committed("one", "t", p) for p in (0, 1)] == [5, 4]
        assert log.committed("two", "t", 0) is None
        log.append([record("a")])
        assert log.end("t", partition_of("a", 2)) == 2


def test_appends_of_many_threads_get_offsets_without_gaps(log: SqliteLog) -> None:
    def work(name: int) -> None:
        for number in range(40):
            log.append([record("same", f"{name}/{number}/{part}".encode()) for part in range(3)])

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = everything(log, "t")
    assert [message.offset for message in read] == list(range(4 * 40 * 3))
    assert len({message.value for message in read}) == len(read)


CHILD = """
import sys
from pathlib import Path
from pipeline.log.interface import Outgoing
from pipeline.log.sqlite import SqliteLog
log = SqliteLog(Path(sys.argv[1]))
for number in range(50):
    log.append([Outgoing(topic="t", key="same", value=f"child {number}".encode())])
log.close()
"""


def test_a_second_process_may_append_at_the_same_time(log: SqliteLog, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path / "log.db")]) as child:
        for number in range(50):
            log.append([record("same", f"parent {number}".encode())])
        assert child.wait() == 0
    read = everything(log, "t")
    assert [message.offset for message in read] == list(range(100))
    assert [m.value for m in read if m.value and m.value.startswith(b"child")] == [b"child %d" % n for n in range(50)]


def test_a_full_disk_is_log_unavailable_and_writes_none_of_the_batch(log: SqliteLog) -> None:
    log.append([record("a", b"before")])
    pages = log._file._writer.execute("PRAGMA page_count").fetchone()[0]
    log._file._writer.execute(f"PRAGMA max_page_count={pages + 4}").fetchall()
    with pytest.raises(LogUnavailable, match="full: look at free space"):
        log.append([record("a", b"x" * 1000) for _ in range(200)])
    assert [message.value for message in everything(log, "t")] == [b"before"]
    log._file._writer.execute("PRAGMA max_page_count=1000000").fetchall()
    log.append([record("a", b"after")])
    assert [(m.offset, m.value) for m in everything(log, "t")] == [(0, b"before"), (1, b"after")]


def test_a_file_that_another_holds_is_log_unavailable_until_it_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with closing(SqliteLog(path, busy_ms=10)) as log, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailable, match="locked"):
            log.append([record("a")])
        with pytest.raises(LogUnavailable, match="locked"):
            log.commit("g", {("t", 0): 1})
        other.rollback()
        log.append([record("a")])
        assert log.end("t", 0) == 1


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at as one" * 20])
def test_a_file_that_is_no_log_is_log_unavailable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(content)
    with pytest.raises(LogUnavailable, match=r"log\.db"):
        SqliteLog(path)


def test_a_closed_log_says_so_and_closes_twice(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    log.close()
    log.close()
    with pytest.raises(LogUnavailable, match="closed"):
        log.append([record("a")])
    with pytest.raises(LogUnavailable, match="closed"):
        log.end("t", 0)


def test_nobody_else_can_read_the_file(log: SqliteLog, tmp_path: Path) -> None:
    log.append([record("a")])
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in tmp_path.iterdir()} == {0}


@pytest.mark.parametrize(
    ("topic", "days", "kept"),
    [
        (raw_topic("x").name, 6, 3),
        (raw_topic("x").name, 8, 0),
        (raw_topic("linkedin").name, 3, 0),
        (EVENTS.name, 13, 3),
        (EVENTS.name, 15, 0),
        (ALERTS.name, 15, 0),
        ("topic.of.somebody.else", 99, 3),
    ],
)
def test_trim_forgets_by_age_and_offsets_go_on(log: SqliteLog, topic: str, days: int, kept: int) -> None:
    log.append([record("a", topic=topic) for _ in range(3)])
    assert log.trim(NOW + timedelta(days=days)) == 3 - kept
    partition = partition_of("a", 4)
    assert (log.start(topic, partition), log.end(topic, partition)) == (3 - kept, 3)
    log.append([record("a", topic=topic)])
    assert log.read(topic, partition, 0, 10)[-1].offset == 3


def test_trim_keeps_the_newest_of_each_key_of_a_compacted_topic_and_tombstones_for_a_day(log: SqliteLog) -> None:
    incidents = [("a", b"1"), ("b", b"1"), ("a", b"2"), ("gone", b"1"), ("gone", None)]
    log.append([Outgoing(topic=INCIDENTS.name, key=key, value=value, partition=1) for key, value in incidents])
    assert log.trim(NOW) == 2
    assert [(m.offset, m.key, m.value) for m in log.read(INCIDENTS.name, 1, 0, 9)] == [
        (1, "b", b"1"),
        (2, "a", b"2"),
        (4, "gone", None),
    ]
    assert log.trim(NOW + timedelta(days=2)) == 1
    assert [m.key for m in log.read(INCIDENTS.name, 1, 0, 9)] == ["b", "a"]
    assert log.end(INCIDENTS.name, 1) == 5


def test_what_was_trimmed_is_in_no_file_any_more(log: SqliteLog, tmp_path: Path) -> None:
    words = b"words that must not outlive the log"
    log.append([record("a", words * 50, topic=EVENTS.name) for _ in range(20)])
    log.trim(NOW + timedelta(days=30))
    assert [path.name for path in tmp_path.iterdir() if words in path.read_bytes()] == []
