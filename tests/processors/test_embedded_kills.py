"""Kill -9 loses nothing: a process is killed again and again, and leaves the incidents of an uninterrupted run."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.codec import decode, encode
from pipeline.log.interface import Log, LogUnavailable, Message
from pipeline.log.sqlite import SqliteLog
from pipeline.store.interface import Query
from pipeline.store.sqlite import SqliteStore
from pipeline.topics import ALERTS, EVENTS, FINDINGS, INCIDENTS
from pipeline.vocabulary.alert import Alert
from pipeline.vocabulary.event import Action
from pipeline.vocabulary.incident import Incident
from tests.builders import NOON, an_event

EVENTS_IN_ALL = 500
KILLS = 6
ROOT = Path(__file__).parents[2]


def write_feed(path: Path, seed: int) -> None:
    """A stream of 30 authors: some hostile, some edited or repeated."""
    draw = random.Random(seed)
    lines: list[bytes] = []
    for number in range(EVENTS_IN_ALL):
        words = draw.choice(["fine"] * 5 + ["hostile", "hostile threat"])
        at = NOON + timedelta(seconds=number)
        event = an_event(number, author=f"fb:{draw.randrange(30)}", at=at, text=f"{words} {number}")
        lines.append(encode(event))
        if draw.random() < 0.1:
            lines.append(draw.choice(lines))
        if draw.random() < 0.1:
            edited = an_event(
                number, author=event.author.id if event.author else "", at=at, text=f"edited hostile {number}",
                action=Action.UPDATE, edited_at=at + timedelta(seconds=1),
            )  # fmt: skip
            lines.append(encode(edited))
    path.write_bytes(b"\n".join(lines))


def run(home: Path, feed: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.processors.embedded_child", str(home), str(feed)], cwd=ROOT)


def messages(log: Log, topic: str) -> Iterator[Message]:
    for partition in range(log.partitions(topic)):
        yield from log.read(topic, partition, 0, 100_000)


def incidents(home: Path) -> dict[str, tuple[object, ...]]:
    with closing(SqliteLog(home / "log.db")) as log:
        newest = [decode(Incident, message.value or b"") for message in messages(log, INCIDENTS.name)]
    return {one.incident_id: _told(one) for one in sorted(newest, key=lambda one: one.version)}


def _told(one: Incident) -> tuple[object, ...]:
    evidence = sorted(part.event.event_id for part in one.evidence)
    return (one.reference, one.level, one.categories, one.event_times, one.alerted_levels, evidence, one.state)


def alerts(home: Path) -> set[str]:
    with closing(SqliteLog(home / "log.db")) as log:
        return {decode(Alert, message.value or b"").alert_id for message in messages(log, ALERTS.name)}


def searched(home: Path) -> set[str]:
    with closing(SqliteStore(home / "store.db")) as store:
        return {hit.incident.incident_id for hit in store.search(Query(limit=100)).hits}


def progress(log: Log) -> int:
    """How far the whole pipeline is: everything appended so far, on the topics that matter."""
    topics = ("ingest.raw.facebook", EVENTS.name, FINDINGS.name, INCIDENTS.name)
    return sum(log.end(topic, partition) for topic in topics for partition in range(log.partitions(topic)))


def kill_after(child: subprocess.Popen[bytes], home: Path, more: int) -> None:
    """Kill a child once it has appended so many messages more than stand in the log now."""
    before: int | None = None
    while child.poll() is None:
        try:
            with closing(SqliteLog(home / "log.db", partitions=2)) as log:
                before = progress(log) if before is None else before
                if progress(log) >= before + more:
                    break
        except LogUnavailable:
            before = before or 0
        time.sleep(0.002)
    child.kill()
    child.wait()


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_it_leaves_the_incidents_of_an_uninterrupted_run(tmp_path: Path, seed: int) -> None:
    feed = tmp_path / "feed.jsonl"
    write_feed(feed, seed)
    with run(tmp_path / "whole", feed) as child:
        assert child.wait() == 0
    draw, killed = random.Random(seed), 0
    for _ in range(KILLS):
        with run(tmp_path / "killed", feed) as child:
            kill_after(child, tmp_path / "killed", draw.randrange(1, 40))
            killed += child.returncode != 0
    assert killed == KILLS, "every child was killed in the middle"
    with run(tmp_path / "killed", feed) as child:
        assert child.wait() == 0
    assert incidents(tmp_path / "killed") == incidents(tmp_path / "whole")
    assert len(incidents(tmp_path / "whole")) > 10
    assert alerts(tmp_path / "killed") == alerts(tmp_path / "whole") != set()
    assert searched(tmp_path / "killed") == set(incidents(tmp_path / "killed"))
