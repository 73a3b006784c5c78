"""The file source: lines, cursor, restart, speed; over a real log."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.codec import decode, decode_observations
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.load import load_registers
from pipeline.sources import cursors
from pipeline.sources.file import FileOptions, FileSource, Report, span_of
from pipeline.sources.intake import MAX_BYTES, Intake
from pipeline.sources.lines import fingerprint
from pipeline.topics import CURSORS, DEAD_LETTERS, RAW_TOPICS, SOURCES
from pipeline.vocabulary.event import Leg, Observation
from pipeline.vocabulary.operations import DeadLetter, SourceStatus
from tests.builders import NOON, some_registers
from tests.pipeline.sources.conftest import NOW
from tests.pipeline.sources.test_intake import raw

THORNMERE = Path(__file__).parents[4] / "shared/data/thornmere"


class Seconds:
    """Time that passes only when somebody waits, or by `step` at each look."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Stop(threading.Event):
    """A stop that is set at the `at`-th question, and whose waits pass at once."""

    def __init__(self, seconds: Seconds, at: int = 1_000_000) -> None:
        super().__init__()
        self.seconds, self.at, self.waits = seconds, at, list[float]()

    def is_set(self) -> bool:
        self.at -= 1
        return self.at < 0 or super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self.seconds.now += timeout or 0.0
        return super().is_set()


def run(log: SqliteLog, intake: Intake, path: Path, stop_at: int = 1_000_000, **options: Any) -> Report:
    seconds = Seconds()
    source = FileSource(log, intake, FileOptions(seconds, **options))
    return source.run(path, Stop(seconds, stop_at))


def messages(log: SqliteLog, topic: str) -> list[Message]:
    return log.read(topic, 0, 0, 10_000)


def observed(log: SqliteLog) -> list[Observation]:
    packs = [message.value or b"" for topic in RAW_TOPICS for message in messages(log, topic.name)]
    return [seen for pack in packs for seen in decode_observations(pack)]


def numbered(numbers: Sequence[int]) -> list[bytes]:
    return [raw(object_id=f"facebook:comment:{number}") for number in numbers]


def ids(log: SqliteLog) -> list[int]:
    return [int(seen.object_id.rpartition(":")[2]) for seen in observed(log)]


@pytest.mark.parametrize(
    "content",
    [
        b"\n".join(numbered(range(3))),
        b"\n".join(numbered(range(3))) + b"\n",
        b"\xef\xbb\xbf" + b"\r\n".join(numbered(range(3))) + b"\r\n",
        b"\n\n" + b"\n  \n\r\n".join(numbered(range(3))) + b"\n\n",
    ],
)
def test_lines_end_at_newline_bytes_only(log: SqliteLog, intake: Intake, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(content)
    assert run(log, intake, path) == Report(taken=3, refused=0, finished=True)
    assert ids(log) == [0, 1, 2]
    assert cursors.load(log, fingerprint(path)).offset == len(content)


def test_other_line_separators_stand_inside_a_text(log: SqliteLog, intake: Intake, tmp_path: Path) -> None:
    words = "one\u2028two\u2029three\x85four"
    path = tmp_path / "day.jsonl"
    path.write_bytes(raw(text=words))
    run(log, intake, path)
    assert [seen.text for seen in observed(log)] == [words]


def test_a_bad_line_is_a_dead_letter_with_its_number_and_the_rest_goes_on(
    log: SqliteLog, intake: Intake, tmp_path: Path
) -> None:
    path = tmp_path / "day.jsonl"
    long = raw(text="x" * MAX_BYTES * 3)
    good = numbered(range(3))
    path.write_bytes(b"\n".join([good[0], b"{", b"", long, good[1], raw(account="acc-gone"), good[2]]))
    assert run(log, intake, path) == Report(taken=3, refused=3, finished=True)
    letters = [decode(DeadLetter, message.value or b"") for message in messages(log, DEAD_LETTERS.name)]
    assert [(letter.position, letter.reason.value) for letter in letters] == [
        ("line 2", "bad_json"),
        ("line 4", "too_large"),
        ("line 6", "unknown_account"),
    ]
    assert all(letter.source.startswith("day.jsonl (") for letter in letters)
    assert ids(log) == [0, 1, 2]


def test_the_same_bytes_again_are_no_work_under_any_name(log: SqliteLog, intake: Intake, tmp_path: Path) -> None:
    for name in ("day.jsonl", "copy.jsonl"):
        (tmp_path / name).write_bytes(b"\n".join([*numbered(range(3)), b"{"]))
    run(log, intake, tmp_path / "day.jsonl")
    ends = [log.end(topic, 0) for topic in ("ingest.raw.facebook", DEAD_LETTERS.name, SOURCES.name, CURSORS.name)]
    assert run(log, intake, tmp_path / "copy.jsonl") == Report(finished=True)
    assert ends == [
        log.end(topic, 0) for topic in ("ingest.raw.facebook", DEAD_LETTERS.name, SOURCES.name, CURSORS.name)
    ]


@pytest.mark.parametrize("stop_at", [1, 2, 7, 20])
def test_a_restart_goes_on_where_it_stood(log: SqliteLog, intake: Intake, tmp_path: Path, stop_at: int) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*numbered(range(10)), b"{"]))
    first = run(log, intake, path, stop_at)
    assert not first.finished or stop_at > 11
    assert len(ids(log)) == first.taken, "what was taken is durable when it returns"
    second = run(log, intake, path)
    assert second.finished
    assert (first.taken + second.taken, first.refused + second.refused) == (10, 1)
    assert ids(log) == list(range(10))
    (letter,) = messages(log, DEAD_LETTERS.name)
    assert decode(DeadLetter, letter.value or b"").position == "line 11"


class Failing(SqliteLog):
    """A log whose appends fail as planned."""

    plan: list[bool]

    def append(self, records: Sequence[Outgoing]) -> None:
        if self.plan and self.plan.pop(0):
            raise LogUnavailable("planned")
        super().append(records)


@pytest.mark.parametrize("plan", [[True], [True, True, False, True], [False, True], [False, True, True]])
def test_while_the_log_is_down_it_waits_and_sends_the_same_again(
    intake: Intake, tmp_path: Path, plan: list[bool]
) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(numbered(range(250))))
    log = Failing(tmp_path / "other.db")
    log.plan = plan
    try:
        assert run(log, intake, path).taken == 250
        assert ids(log) == list(range(250))
    finally:
        log.close()


def test_a_visible_speed_is_kept_and_each_is_written_before_a_wait(
    log: SqliteLog, intake: Intake, tmp_path: Path
) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(numbered(range(5))))
    seconds = Seconds()
    stop = Stop(seconds)
    FileSource(log, intake, FileOptions(seconds, per_second=4.0)).run(path, stop)
    assert stop.waits == [0.25] * 4
    assert len(messages(log, "ingest.raw.facebook")) == 5


def test_at_full_speed_observations_are_packed(log: SqliteLog, intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(numbered(range(1050))))
    run(log, intake, path)
    packs = [len(decode_observations(message.value or b"")) for message in messages(log, "ingest.raw.facebook")]
    assert packs == [100] * 10 + [50]


def test_times_are_shifted_and_the_leg_is_said(log: SqliteLog, intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(numbered(range(2))))
    assert span_of(path) == (NOON, NOON)
    run(log, intake, path, shift=NOW - NOON, leg=Leg.LIVE)
    for seen in observed(log):
        assert (seen.posted_at, seen.observed_at) == (NOW, NOW)
        assert seen.ingest is not None
        assert (seen.ingest.leg, seen.ingest.position) in {(Leg.LIVE, "line 1"), (Leg.LIVE, "line 2")}


def test_a_source_is_heard_at_most_once_a_second_and_at_the_end(log: SqliteLog, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b"\n".join(numbered(range(301))))
    seconds = Seconds()
    intake = Intake(registers=some_registers, clock=lambda: NOON + timedelta(seconds=seconds.now), stage="ingest")
    FileSource(log, intake, FileOptions(seconds, per_second=100.0)).run(path, Stop(seconds))
    heard = [decode(SourceStatus, message.value or b"") for message in messages(log, SOURCES.name)]
    received = [(status.last_received_at - NOON).total_seconds() for status in heard]
    assert all(after - before > 0.9 for before, after in pairwise(received[:-1]))
    assert 3 <= len(received) <= 5
    assert received[-1] >= 3.0, "the last is always told"
    assert {status.last_posted_at for status in heard} == {NOON}


@pytest.mark.shared
@pytest.mark.skipif(not THORNMERE.is_dir(), reason="../shared is absent")
def test_the_thornmere_feed_is_accepted_as_it_is(log: SqliteLog, tmp_path: Path) -> None:
    registers = load_registers(THORNMERE / "registers")
    moment = datetime.fromisoformat("2026-11-17T09:00:00+00:00")
    intake = Intake(registers=lambda: registers, clock=lambda: moment, stage="ingest")
    assert run(log, intake, THORNMERE / "feed.jsonl") == Report(taken=446, refused=0, finished=True)
    assert len(observed(log)) == 446
