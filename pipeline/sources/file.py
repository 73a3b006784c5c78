"""The file source: reads JSONL, in the Thornmere form or ours, into the raw topics; a bad line is a dead letter.

First in the flow. The cursor is the file's hash and a byte offset, kept in the log (`cursors`): the same bytes again
are no work under any name, and a restart goes on behind the last line whose pack is durable. What a crash repeats,
reconcile drops. A file that has grown is a new file: what was in it before is dropped there too.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.codec import decode
from pipeline.log.interface import Log, LogUnavailable, Outgoing
from pipeline.patience import Backoff
from pipeline.sources import cursors
from pipeline.sources.cursors import Cursor
from pipeline.sources.heard import Heard
from pipeline.sources.intake import UNREADABLE, Intake
from pipeline.sources.lines import Line, fingerprint, lines
from pipeline.sources.packing import LINGER_SECONDS, Packer
from pipeline.vocabulary.event import Aware, Ingest, Leg, Observation

CONNECTOR = "file"

T = TypeVar("T")


@dataclass(frozen=True)
class FileOptions:
    """How to read. shift is added to every time of an observation; per_second is a visible speed (None: at once).

    monotonic gives seconds that never go back; it paces and packs.
    """

    monotonic: Callable[[], float]
    shift: timedelta = timedelta(0)
    per_second: float | None = None
    leg: Leg = Leg.IMPORT


@dataclass(frozen=True)
class Report:
    """What became of a file: lines with content taken and refused in this run, and whether its end was reached."""

    taken: int = 0
    refused: int = 0
    finished: bool = False


class FileSource:
    """Reads files into a log. Blocks; use a thread. intake says what is a source now and what time it is."""

    def __init__(self, log: Log, intake: Intake, options: FileOptions) -> None:
        self._log, self._intake, self._options = log, intake, options
        self._packer = Packer(options.monotonic)
        self._heard = Heard(CONNECTOR, intake.clock)
        self._letters: list[Outgoing] = []
        self._stored = Cursor()

    def run(self, path: Path, stop: threading.Event) -> Report:
        """Read a file from where it stood until its end, or until `stop` is set; everything taken is then durable.

        Waits and tries again while the log is down. Raises OSError where the file cannot be read, and LogUnavailable
        where the log was still down when `stop` was set.
        """
        name = fingerprint(path)
        cursor = self._stored = _patiently(lambda: cursors.load(self._log, name), stop)
        report, begun = Report(), self._options.monotonic()
        with path.open("rb") as file:
            for line in lines(file, cursor):
                self._pause(begun, report, name, cursor, stop)
                if stop.is_set():
                    break
                report = self._take(f"{path.name} ({name[:12]})", line, report)
                cursor = line.after
                if self._packer.due() or len(self._letters) >= 100:
                    self._flush(name, cursor, stop)
            else:
                report, cursor = replace(report, finished=True), msgspec.structs.replace(cursor, offset=file.tell())
        self._flush(name, cursor, stop, last=True)
        return report

    def _take(self, source: str, line: Line, report: Report) -> Report:
        place = f"line {line.after.lines}"
        ingest = Ingest(connector=CONNECTOR, leg=self._options.leg, source=source, position=place)
        seen = self._intake.take(line.content, ingest, self._options.shift)
        if not isinstance(seen, Observation):
            self._letters.append(seen.letter)
            return replace(report, refused=report.refused + 1)
        self._packer.add(seen)
        self._heard.note(seen)
        return replace(report, taken=report.taken + 1)

    def _pause(self, begun: float, report: Report, name: str, cursor: Cursor, stop: threading.Event) -> None:
        """Keep to the visible speed; what waits is written before a wait that anybody could see."""
        if self._options.per_second is None:
            return
        due = begun + (report.taken + report.refused) / self._options.per_second
        delay = due - self._options.monotonic()
        if delay >= LINGER_SECONDS:
            self._flush(name, cursor, stop)
        if delay > 0:
            stop.wait(delay)

    def _flush(self, name: str, cursor: Cursor, stop: threading.Event, last: bool = False) -> None:
        """Make what was read durable, then the cursor behind it; never the other way round."""
        records = [*self._packer.take(), *self._letters, *self._heard.due(everything=last)]
        self._letters = []
        if records:
            _patiently(lambda: self._log.append(records), stop)
        if cursor != self._stored:
            _patiently(lambda: cursors.store(self._log, name, cursor), stop)
            self._stored = cursor


def _patiently(work: Callable[[], T], stop: threading.Event) -> T:
    backoff = Backoff()
    while True:
        try:
            return work()
        except LogUnavailable:
            if stop.wait(backoff.next()):
                raise


def span_of(path: Path) -> tuple[datetime, datetime] | None:
    """Return the first and last `observed_at` in a file, or None; to reckon a time shift from. Bad lines count not."""
    with path.open("rb") as file:
        times = [time for line in lines(file, Cursor()) if (time := _seen_at(line.content)) is not None]
    return (min(times), max(times)) if times else None


class _Timed(msgspec.Struct, frozen=True):
    observed_at: Aware


def _seen_at(content: bytes) -> datetime | None:
    try:
        return decode(_Timed, content).observed_at
    except UNREADABLE:
        return None
