"""A `parapet` of its own process, for tests of what only a process has: signals, ports, locks."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

WAIT_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One running process and the lines it has said so far."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}"
        self.said: list[str] = []

    def until(self, words: str) -> str:
        """Return the first line with some words. Fails if the process ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if words in line:
                return line
        raise AssertionError(f"{words!r} was never said: {self.said}")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address + path, timeout=WAIT_SECONDS)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=WAIT_SECONDS)
        self.said += rest.splitlines()
        return self.process.returncode


@contextmanager
def parapet(home: Path, *words: str, **settings: str) -> Iterator[Running]:
    """Run `parapet words...` on a home and a free port; killed at the end if it still runs."""
    port = free_port()
    mine = {"PARAPET_HOME": str(home), "PARAPET_CONSOLE_PORT": str(port), "PYTHONUNBUFFERED": "1", **settings}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PARAPET_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboards.cli.main", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=outside | mine,
    )
    with process:
        try:
            yield Running(process, port)
        finally:
            if process.poll() is None:
                process.kill()
