"""How many events a second the embedded runtime takes from a file to the store: everything durable, one process."""

import threading
import time
from datetime import UTC, datetime

from bench.events import is_hostile, mix_of, observations
from bench.figures import A_SECOND, Figure, Scale
from bench.home import environment, make_home, settings_in
from dashboards.cli.bootstrap import opened
from pipeline.codec import encode
from pipeline.registers.load import load_registers
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from pipeline.store.interface import Query
from processors.embedded import Embedded


def measure(scale: Scale) -> list[Figure]:
    """Return the rate from the first line read to the last incident searchable."""
    count = scale.of(40_000, 4_000)
    home = make_home(scale.folder)
    path = scale.folder / "feed.jsonl"
    mix = mix_of(load_registers(home / "registers"), seed=2)
    path.write_bytes(b"".join(encode(seen) + b"\n" for seen in observations(mix, count, datetime.now(UTC))))
    settings = settings_in(environment(home))
    with opened(settings) as (log, store, parts):
        pipeline = Embedded(log, parts)
        source = FileSource(log, Intake(parts.registers, parts.clock, "ingest"), FileOptions(time.monotonic))
        pipeline.start()
        try:
            began = time.monotonic()
            report = source.run(path, threading.Event())
            read = time.monotonic() - began
            pipeline.drain()
            took = time.monotonic() - began
        finally:
            pipeline.stop()
        store.refresh()
        incidents = store.search(Query(limit=1)).total
    hostile = sum(map(is_hostile, range(count)))
    return [
        Figure(
            "embedded_events_per_second",
            report.taken / took,
            A_SECOND,
            f"{report.taken:,} events from a file through every stage to the store in {took:.1f} s (file read in "
            f"{read:.1f} s), one process; {incidents:,} incidents, {hostile:,} events were hostile",
            {"events": report.taken, "seconds": took, "incidents": incidents, "refused": report.refused},
        )
    ]
