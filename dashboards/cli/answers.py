"""What a check of `parapet check` says. Beside the flow, for the modules that hold checks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answered:
    """What a check says: words where all is well, faults with their cures where not; notes are no faults."""

    words: str
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
