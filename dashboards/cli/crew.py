"""A worker's processes, which live and die together: when one ends, the others are told to.

Beside the flow. When this process is killed they end at once, so that the next one finds nobody in its place; nothing
is acked that is not durable, so nothing is lost.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

Ready = Callable[[], None]
Work = Callable[[str, Ready], int]
"""What a process does with its share, named: it calls `Ready` when it has begun, and returns an exit code."""

STOP_SECONDS = 30.0


def run_crew(work: Work, shares: Sequence[str], ready: Ready) -> int:
    """Run each share in a process of its own until one ends or we are told to stop; return the worst exit code.

    `work` must be importable by name. `ready` is called once all have begun.
    """
    spawning = multiprocessing.get_context("spawn")
    members: list[Member] = []
    with _passing_on(members):
        for share in shares:
            ours, theirs = spawning.Pipe()
            member = spawning.Process(target=_member, args=(work, share, theirs), name=share)
            member.start()
            theirs.close()
            members.append(Member(member, ours))
        if all(member.began() for member in members):
            ready()
            wait([member.process.sentinel for member in members])
        for one in members:
            one.tell()
        return max(one.end() for one in members)


@dataclass
class Member:
    """One process, and the line to it: it says on it that it has begun, and ends when nobody holds the other end."""

    process: BaseProcess
    line: Connection
    told: bool = False

    def began(self) -> bool:
        """Wait until it has begun; say whether it did before it ended."""
        wait([self.line, self.process.sentinel])
        try:
            return self.line.poll() and bool(self.line.recv())
        except EOFError:
            return False

    def tell(self) -> None:
        """Tell it to stop, once: a second SIGTERM could meet it on its way out and cut that short."""
        if not self.told:
            self.told = True
            self.process.terminate()

    def end(self) -> int:
        """Wait for its end, not for ever; return its exit code, that of a signal as a positive number."""
        self.process.join(STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.line.close()
        return abs(self.process.exitcode or 0)


def _member(work: Work, share: str, line: Connection) -> None:
    """Do a share; end at once if the process that started us is gone."""
    threading.Thread(target=_end_with_starter, args=(line,), daemon=True).start()
    raise SystemExit(work(share, lambda: line.send(True)))


def _end_with_starter(line: Connection) -> None:
    try:
        line.recv()
    except (EOFError, OSError):
        os._exit(1)


@contextmanager
def _passing_on(members: Sequence[Member]) -> Iterator[None]:
    """Tell the members to stop on SIGTERM and Ctrl-C, while the body runs."""

    def told(_number: int, _frame: FrameType | None) -> None:
        for member in members:
            member.tell()

    before = {each: signal.signal(each, told) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
