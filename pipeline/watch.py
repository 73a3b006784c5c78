"""Files that a running process takes when they change: as a whole and valid, or the last good state goes on.

Beside the flow, used for the registers and for the rulebook. A fault is logged in short and shown by `problems` until
it is cured; what the files held before stays in force meanwhile.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

LOOK_SECONDS = 1.0
"""The files are looked at no more often than this, in seconds."""

_log = logging.getLogger(__name__)

T = TypeVar("T")
Stamp = tuple[tuple[str, int, int, int] | None, ...]


class Faulty(ValueError):
    """Files that do not hold together. problems lists each fault with its file, field and cure."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Source(Generic[T]):
    """What is watched. load reads it, or raises Faulty; files are those it reads, absent ones among them.

    name stands in the log. tells: whether the log may say each fault; those of registers can hold confidential words.
    """

    name: str
    load: Callable[[], T]
    files: Callable[[], Iterable[Path]]
    tells: bool = False


class Watched(Generic[T]):
    """One source. Any thread may call it; monotonic gives seconds that never go back."""

    def __init__(self, source: Source[T], monotonic: Callable[[], float], first: Callable[[], T] | None = None) -> None:
        """Load it. Raises Faulty: there is no last good state to begin with, unless `first` makes one."""
        self._source, self._monotonic = source, monotonic
        self._lock = threading.Lock()
        self._stamp = stamp_of(source.files())
        self._problems: tuple[str, ...] = ()
        self._good = source.load() if first is None else self._begun(first)
        self._looked_at = monotonic()

    def current(self) -> T:
        """Return what the files hold now, or held when they were last valid."""
        if self._monotonic() - self._looked_at >= LOOK_SECONDS:
            with self._lock:
                if self._monotonic() - self._looked_at >= LOOK_SECONDS:
                    self._look()
        return self._good

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the files as they stand, each with its cure; empty when they count."""
        self.current()
        return self._problems

    def _begun(self, first: Callable[[], T]) -> T:
        try:
            return self._source.load()
        except (Faulty, OSError) as error:
            self._refuse(error)
            return first()

    def _look(self) -> None:
        self._looked_at = self._monotonic()
        stamp = stamp_of(self._source.files())
        if stamp == self._stamp:
            return
        try:
            self._good, self._problems = self._source.load(), ()
            _log.info("%s reloaded: version %s", self._source.name, getattr(self._good, "version", ""))
        except (Faulty, OSError) as error:
            self._refuse(error)
        self._stamp = stamp

    def _refuse(self, error: Faulty | OSError) -> None:
        self._problems = tuple(error.problems) if isinstance(error, Faulty) else (_unreadable(error),)
        told = ": " + "; ".join(self._problems) if self._source.tells else ""
        words = "%d faults in the %s: the last good ones stay in force%s"
        _log.error(words, len(self._problems), self._source.name, told)


def stamp_of(files: Iterable[Path]) -> Stamp:
    """Return what changes when one of the files does: name, time, size and place on the disk."""
    return tuple(_file_stamp(path) for path in files)


def _unreadable(error: OSError) -> str:
    return f"{error.filename} cannot be read ({error.strerror}): look at its permissions"


def _file_stamp(path: Path) -> tuple[str, int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return path.name, found.st_mtime_ns, found.st_size, found.st_ino
