"""Feed a file to the running pipeline at a visible speed, its times shifted so that its day ends as the feeding does.

At the beginning of the flow, for `parapet run --feed` and the demo. It goes on where the log says it stood.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from dashboards.cli.bootstrap import Opened
from pipeline.images.reader import image_reader
from pipeline.log.interface import Log, LogUnavailable
from pipeline.sources.cursors import load as load_cursor
from pipeline.sources.file import FileOptions, FileSource, Report, span_of
from pipeline.sources.intake import Intake
from pipeline.sources.lines import fingerprint
from pipeline.vocabulary.event import Leg

STAGE = "ingest"


@dataclass(frozen=True)
class Feed:
    """A file to read. speed is lines a second (None: at once); shifted moves its times to end about now."""

    path: Path
    speed: float | None = None
    shifted: bool = False


def is_read(log: Log, path: Path) -> bool:
    """Say whether a file has been read to its end. Raises LogUnavailable, OSError."""
    return load_cursor(log, fingerprint(path)).offset >= path.stat().st_size


def shift_of(feed: Feed, whole: Opened) -> timedelta:
    """Return what to add to the times of a feed so that the last of them is when the feeding ends; 0 if not wanted."""
    span = span_of(feed.path) if feed.shifted else None
    if span is None:
        return timedelta(0)
    with feed.path.open("rb") as file:
        lines = sum(1 for _ in file)
    lasting = timedelta(seconds=lines / feed.speed if feed.speed else 0.0)
    return whole.parts.clock() + lasting - span[1]


def read_feed(feed: Feed, whole: Opened, stop: threading.Event) -> Report:
    """Read a feed to its end or until `stop`. Raises OSError, and LogUnavailable if the log was down at the stop."""
    reader = image_reader(whole.settings, whole.parts.registers)
    intake = Intake(whole.parts.registers, whole.parts.clock, STAGE, reader.look)
    options = FileOptions(
        monotonic=time.monotonic,
        shift=shift_of(feed, whole),
        per_second=feed.speed,
        leg=Leg.LIVE if feed.shifted else Leg.IMPORT,
    )
    return FileSource(whole.log, intake, options).run(feed.path, stop)


@contextmanager
def feeding(feed: Feed | None, whole: Opened) -> Iterator[None]:
    """Read a feed in a thread of its own while the body runs; at its end stop, with everything taken durable."""
    if feed is None:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_feed, args=(feed, whole, stop), name="parapet-feed", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _feed(feed: Feed, whole: Opened, stop: threading.Event) -> None:
    try:
        report = read_feed(feed, whole, stop)
    except (OSError, LogUnavailable) as error:
        click.echo(f"{feed.path.name} could not be read to its end: {error}", err=True)
        return
    refused = f", {report.refused} refused (parapet dead-letters list)" if report.refused else ""
    done = "is read to its end" if report.finished else "goes on at the next start"
    click.echo(f"{feed.path.name} {done}: {report.taken} lines taken{refused}")
