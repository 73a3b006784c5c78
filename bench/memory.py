"""How much memory the embedded pipeline holds with the built-in model: one process that took a file of events.

`measure` starts that process anew, so that nothing of the benchmark is in it; run as a module it is that process.
"""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from bench.events import mix_of, observations
from bench.figures import MEGABYTES, Figure, Scale
from bench.home import environment, make_home
from dashboards.cli.bootstrap import opened, pipeline_of
from dashboards.cli.feeding import Feed, read_feed
from dashboards.cli.places import registers_folder
from pipeline.codec import encode
from pipeline.registers.load import load_registers
from pipeline.settings import load

_MODELS = ("builtin", "off")


def measure(scale: Scale) -> list[Figure]:
    """Return the most memory that was resident, in MB, with the built-in model and with rules alone."""
    count = scale.of(5_000, 500)
    held = {name: _peak(scale.folder / name, count, name) for name in _MODELS}
    said = f"most that was resident in one process that took {count:,} events from a file to the store"
    beside = f"{said}; {held['off']:.0f} MB of it with rules alone"
    return [Figure("embedded_megabytes_with_model", held["builtin"], MEGABYTES, beside, {"rules_alone": held["off"]})]


def _peak(folder: Path, count: int, model: str) -> float:
    folder.mkdir()
    settings = environment(make_home(folder), classifier=model, smtp_host="127.0.0.1", smtp_port="9")
    words = [sys.executable, "-m", "bench.memory", str(folder / "feed.jsonl"), str(count)]
    ran = subprocess.run(words, env=settings, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return float(ran.stdout.split()[-1])


def main(path: Path, count: int) -> None:
    """Take a file of so many events through every stage, and print this process's most resident memory in MB."""
    settings = load(os.environ)
    mix = mix_of(load_registers(registers_folder(settings)), seed=2)
    with path.open("wb") as feed:
        for seen in observations(mix, count, datetime.now(UTC)):
            feed.write(encode(seen) + b"\n")
    with opened(settings) as whole, pipeline_of(whole) as pipeline:
        pipeline.start()
        read_feed(Feed(path), whole, threading.Event())
        pipeline.drain()
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    sys.stdout.write(f"{peak / 1000}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
