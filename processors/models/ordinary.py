"""Talk that nobody should be flagged for: hand-written council talk, and sentences with an identity word.

For measuring alone: read by `parapet models evaluate` and tests. `frames` of the file are filled with each identity.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ordinary:
    """Lines of ordinary talk, and sentences each with the identity that it names."""

    lines: tuple[str, ...]
    identities: tuple[tuple[str, str], ...]


def ordinary_of(path: Path) -> Ordinary:
    """Return what the file holds."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    frames = [line for line in table["frames"].splitlines() if line]
    return Ordinary(
        tuple(line for line in table["lines"].splitlines() if line),
        tuple((one, frame.format(one)) for one in table["identities"] for frame in frames),
    )
