"""The benchmark's ingestor, a process of its own: appends events to the log at a steady rate, packed as ingestors pack.

First in the flow. It keeps to its timetable whatever the pipeline does: event n is due at `begun + n / rate`, and what
was written late still counts from when it was due.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.events import mix_of, observation
from dashboards.cli.bootstrap import open_log
from dashboards.cli.places import registers_folder
from pipeline.log.interface import Log
from pipeline.registers.load import load_registers
from pipeline.settings import load as load_settings
from pipeline.sources.packing import Packer


@dataclass(frozen=True)
class Load:
    """So many events at so many a second; other seeds give other events."""

    rate: int
    count: int
    seed: int


@dataclass(frozen=True)
class Timetable:
    """When each event was due: begun in the machine's monotonic seconds, then the load's rate."""

    begun: float
    load: Load

    def due(self, number: int) -> float:
        """Return when the event of a number was due, in monotonic seconds."""
        return self.begun + number / self.load.rate


def write_events(log: Log, registers: Path, load: Load) -> Timetable:
    """Append a load's events when they are due; blocks until the last is durable."""
    mix = mix_of(load_registers(registers), load.seed)
    begun, at = time.monotonic() + 0.5, datetime.now(UTC)
    timetable = Timetable(begun, load)
    packer = Packer(time.monotonic)
    for number in range(load.count):
        seen = observation(mix, number, at + timedelta(seconds=number / load.rate))
        _wait(timetable.due(number), log, packer)
        packer.add(seen)
    log.append(packer.take())
    return timetable


def _wait(until: float, log: Log, packer: Packer) -> None:
    """Write what is due for writing, and sleep until the next event is due."""
    while True:
        if packer.due():
            log.append(packer.take())
        left = until - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.005))


def run_writer(environment: dict[str, str], load: Load) -> Timetable:
    """Run the writer as a process of its own until it is done. Raises RuntimeError."""
    command = [sys.executable, "-m", "bench.writer", str(load.rate), str(load.count), str(load.seed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError("the benchmark's writer failed: see above")
    return Timetable(float(done.stdout), load)


def main() -> None:
    """Write, then print when it began."""
    settings = load_settings()
    log = open_log(settings)
    try:
        timetable = write_events(log, registers_folder(settings), Load(*map(int, sys.argv[1:4])))
    finally:
        log.close()
    sys.stdout.write(f"{timetable.begun!r}\n")


if __name__ == "__main__":
    main()
