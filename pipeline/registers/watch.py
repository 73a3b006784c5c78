"""Registers that reload while a process runs: a change counts only once the whole folder holds together.

Beside the flow: `current` is what `Parts.registers` calls. A folder with a fault leaves the last good registers in
force; the faults are logged by file and field, and shown by `problems` until they are cured.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from pipeline.registers.load import FILES, RegisterError, load_registers
from pipeline.registers.types import Registers

LOOK_SECONDS = 1.0
"""The files are looked at no more often than this, in seconds."""

_log = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int, int] | None, ...]


class WatchedRegisters:
    """One folder of registers. Any thread may call it; monotonic gives seconds that never go back."""

    def __init__(self, folder: Path, monotonic: Callable[[], float]) -> None:
        """Load the folder. Raises RegisterError: there is no last good state to begin with."""
        self._folder, self._monotonic = folder, monotonic
        self._lock = threading.Lock()
        self._stamp = _stamp(folder)
        self._good = load_registers(folder)
        self._problems: tuple[str, ...] = ()
        self._looked_at = monotonic()

    def current(self) -> Registers:
        """Return the registers as they stand now, or as they last held together."""
        if self._monotonic() - self._looked_at >= LOOK_SECONDS:
            with self._lock:
                if self._monotonic() - self._looked_at >= LOOK_SECONDS:
                    self._look()
        return self._good

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the files as they stand, each with its cure; empty when they count."""
        self.current()
        return self._problems

    def _look(self) -> None:
        self._looked_at = self._monotonic()
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return
        try:
            self._good, self._problems = load_registers(self._folder), ()
            _log.info("registers reloaded: version %s", self._good.version)
        except (RegisterError, OSError) as error:
            self._problems = tuple(error.problems) if isinstance(error, RegisterError) else (_unreadable(error),)
            _log.error("%d faults in the registers: the last good ones stay in force", len(self._problems))
        self._stamp = stamp


def _unreadable(error: OSError) -> str:
    return f"{error.filename} cannot be read ({error.strerror}): look at its permissions"


def _stamp(folder: Path) -> Stamp:
    """Return what changes when a file of the folder does: time, size and place on the disk."""
    return tuple(_file_stamp(folder / f"{name}.json") for name in FILES)


def _file_stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
