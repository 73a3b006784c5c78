"""How many events a second the embedded runtime takes from a file to the store: every stage, all durable, one process.

The notifier runs too, against a mail server in another process; the figure does not wait for the last e-mail.
"""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.events import is_hostile, mix_of, observations
from bench.figures import A_SECOND, Figure, Scale, stopwatch
from bench.home import environment, make_home, settings_in
from bench.mailbox import mailbox
from dashboards.cli.bootstrap import opened, pipeline_of
from dashboards.cli.feeding import Feed, read_feed
from dashboards.cli.places import registers_folder
from pipeline.codec import encode
from pipeline.registers.load import load_registers
from pipeline.settings import Settings
from pipeline.store.interface import Query


def measure(scale: Scale) -> list[Figure]:
    """Return the rate from the first line read to the last incident searchable."""
    count = scale.of(40_000, 4_000)
    home = make_home(scale.folder)
    with mailbox(scale.folder / "mails") as box:
        settings = settings_in(environment(home, smtp_host="127.0.0.1", smtp_port=str(box.port)))
        return [_run(settings, _feed(settings, scale.folder, count))]


def _feed(settings: Settings, folder: Path, count: int) -> Feed:
    mix = mix_of(load_registers(registers_folder(settings)), seed=2)
    path = folder / "feed.jsonl"
    path.write_bytes(b"".join(encode(seen) + b"\n" for seen in observations(mix, count, datetime.now(UTC))))
    return Feed(path)


def _run(settings: Settings, feed: Feed) -> Figure:
    with opened(settings) as whole, pipeline_of(whole) as pipeline:
        pipeline.start()
        elapsed, before = stopwatch(), time.process_time()
        report = read_feed(feed, whole, threading.Event())
        read = elapsed()
        pipeline.drain()
        took, worked = elapsed(), time.process_time() - before
        whole.store.refresh()
        incidents = whole.store.search(Query(limit=1)).total
    hostile = sum(map(is_hostile, range(report.taken)))
    return Figure(
        "embedded_events_per_second",
        report.taken / took,
        A_SECOND,
        f"{report.taken:,} events from a file through every stage to the store in {took:.1f} s ({worked:.1f} s of CPU; "
        f"file read after {read:.1f} s), one process, e-mails going out beside; {hostile:,} were hostile, "
        f"{incidents:,} incidents",
        {
            "events": report.taken,
            "seconds": took,
            "processor_seconds": worked,
            "incidents": incidents,
            "refused": report.refused,
        },
    )
