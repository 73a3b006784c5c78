"""An engine that runs as a process of its own, whichever it is: its address, and how it ends. All starters use it."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.engines.maven import EngineMissing


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningEngine(AbstractContextManager["RunningEngine"]):
    """A started engine. address is what clients are given: host:port for Kafka, a URL for Elasticsearch."""

    process: "subprocess.Popen[bytes]"
    address: str

    def stop(self, seconds: float = 20) -> None:
        """End it with SIGTERM, and with SIGKILL where that takes too long; safe to call twice."""
        self._end(signal.SIGTERM, seconds)

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        self._end(signal.SIGKILL, 20)

    def _end(self, how: signal.Signals, seconds: float) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
        if self.process.stdin is not None:
            self.process.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def launch(command: list[str], log: Path, address: str) -> RunningEngine:
    """Start an engine with its output in a file; its input stays open for as long as this process lives."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output)
    return RunningEngine(process, address)


def wait_until(ready: Callable[[], bool], engine: RunningEngine, log: Path, seconds: float = 120) -> None:
    """Return when `ready` says so.

    Raises:
        EngineMissing: the engine ended, or was not ready in time; it is stopped, and its last words are in the message.
    """
    until = time.monotonic() + seconds
    while engine.process.poll() is None and time.monotonic() < until:
        if ready():
            return
        time.sleep(0.1)
    engine.stop()
    raise EngineMissing(f"{engine.address} did not start, see {log}: {log.read_text(errors='replace')[-600:]}")
