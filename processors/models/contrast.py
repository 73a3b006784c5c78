"""The contrast suite: hand-written lines by kind, half of them only looking like abuse. For measuring alone.

Read by `parapet models evaluate` and tests. The form is TOML: each kind has `abusive` and `clean` lines, and perhaps
the `label` that its abusive lines should raise.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from processors.models.classifier import Scored

SWEARING = "obscene"
"""The one label that is no abuse by itself: it marks words."""


@dataclass(frozen=True)
class Line:
    """One line: its kind, whether it is abuse, and the label that should be raised where one is named."""

    kind: str
    text: str
    abusive: bool
    label: str | None


def lines_of(folder: Path) -> list[Line]:
    """Return all lines, in the order of the files. FileNotFoundError where the folder holds none."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no *.toml: say where the contrast suite is with --contrast")
    return [
        Line(kind["name"], text.strip(), abusive, kind.get("label") if abusive else None)
        for path in files
        for kind in tomllib.loads(path.read_text(encoding="utf-8"))["kind"]
        for abusive, part in ((True, "abusive"), (False, "clean"))
        for text in kind[part].splitlines()
        if text.strip()
    ]


def abusive(scored: Scored) -> bool:
    """Say whether a text counts as flagged: any label but swearing."""
    return any(flag != SWEARING for flag in scored.flags)


def macro_f1(wanted: Sequence[bool], found: Sequence[bool]) -> float:
    """Return the mean of the F1 of both classes; a class that neither side has counts as 1."""
    return (_f1(wanted, found, of=True) + _f1(wanted, found, of=False)) / 2


def _f1(wanted: Sequence[bool], found: Sequence[bool], *, of: bool) -> float:
    right = sum(a is of and b is of for a, b in zip(wanted, found, strict=True))
    total = sum(one is of for one in wanted) + sum(one is of for one in found)
    return 2 * right / total if total else 1.0
