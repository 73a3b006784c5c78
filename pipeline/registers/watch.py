"""Registers that reload while a process runs: a change counts only once the whole folder holds together.

Beside the flow: `current` is what `Parts.registers` calls. A folder with a fault leaves the last good registers in
force; how many faults there are is logged, and `parapet check` names each with its file and field.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline.registers.load import FILES, load_registers
from pipeline.registers.types import Registers
from pipeline.watch import LOOK_SECONDS, Source, Watched

__all__ = ["LOOK_SECONDS", "WatchedRegisters"]


class WatchedRegisters(Watched[Registers]):
    """One folder of registers."""

    def __init__(self, folder: Path, monotonic: Callable[[], float]) -> None:
        """Load the folder. Raises RegisterError: there is no last good state to begin with."""
        files = tuple(folder / f"{name}.json" for name in FILES)
        super().__init__(Source("registers", partial(load_registers, folder), lambda: files), monotonic)
