"""Worker processes for tests: started with settings of their own, killed or stopped, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 90.0


@dataclass
class Processes:
    """Starts processes with an environment, their output in files of a folder; all have ended when the test ends."""

    folder: Path
    environment: Mapping[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: str, **more: str) -> None:
        """Start `python command...` under a name; more goes into its environment."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PARAPET_")}
        environment = {
            **inherited,
            "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]),
            **self.environment,
            **more,
        }
        with (self.folder / f"{name}.out").open("ab") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command], env=environment, stdout=output, stderr=output
            )

    def kill(self, name: str) -> None:
        """End one with SIGKILL."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str) -> int:
        """End one with SIGTERM and return its exit code."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()

    def finished(self, name: str) -> int:
        """Wait for the end of one that ends by itself, and return its exit code."""
        process = self.running.pop(name)
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()

    def output(self, name: str) -> str:
        """Return what one has printed so far."""
        return (self.folder / f"{name}.out").read_text(errors="replace")

    def ended(self) -> list[str]:
        """Return the names of those that ended by themselves."""
        return [name for name, process in self.running.items() if process.poll() is not None]


@contextmanager
def processes(folder: Path, environment: Mapping[str, str]) -> Iterator[Processes]:
    """Yield a starter of processes; end at the end whatever still runs."""
    started = Processes(folder, environment)
    try:
        yield started
    finally:
        for process in started.running.values():
            process.kill()
            process.wait()


def until(what: str, reached: Callable[[], bool], started: Processes, seconds: float = PATIENCE) -> None:
    """Return when something is reached; fail with the processes' last words when it is not, or when one ends."""
    deadline = time.monotonic() + seconds
    while not reached():
        ended = started.ended()
        if ended or time.monotonic() > deadline:
            words = "\n".join(f"{name}: {started.output(name)[-1500:]}" for name in ended or started.running)
            raise AssertionError(f"{what}: not reached{f', {ended} ended' if ended else ''}\n{words}")
        time.sleep(0.1)
