"""What the models learn from and are measured on: the shared comments, each once, and lines written from the phrases.

Before both stages of training. A row that recurs in more than one file counts once, with the labels that any of its
copies has; what stands in the part kept for measuring is never learnt from.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from processors.models.classifier import FROM_BOTH, FROM_THE_PUBLIC, HEARD, LABELS
from processors.models.contrast import SWEARING

SHARED = Path("../shared/data/training")
JIGSAW = frozenset({"jigsaw", "jigsaw_cleaned"})
DEV, TRAIN = "dev", "train"
GROUPS = ("", "civil_comments_toxic_spans", "davidson", "edos", "hatemojibuild")
"""Sources whose crowd judged by rules of its own or drew its texts for a purpose; the first stands for all others."""
_SIGNS = re.compile(r"[\W_]+")

Labels = tuple[float | None, ...]
"""1, 0, or None where a source does not say, in the order of LABELS."""
UNHEARD: Labels = (None,) * len(HEARD)
NOTHING_FROM_THE_PUBLIC: Labels = tuple(0.0 if one in {*FROM_THE_PUBLIC, *FROM_BOTH} else None for one in HEARD)


class _Line(msgspec.Struct):
    text: str
    labels: dict[str, int]
    split: str


@dataclass(frozen=True)
class Row:
    """One text with what is known about it. source is the file's name, or `phrases/<kind>`.

    heard: of each category of HEARD whether it is one, 1, 0, or None where nobody said.
    """

    text: str
    labels: Labels
    split: str
    source: str
    heard: Labels = UNHEARD


def harmful(labels: Labels) -> bool:
    """Return whether labels say more than that a text swears."""
    return any(value for name, value in zip(LABELS, labels, strict=True) if name != SWEARING)


def key_of(text: str) -> str:
    """Return what two copies of one comment share: letters and digits in lower case, signs and spaces as one space."""
    return _SIGNS.sub(" ", text.lower()).strip()


def shared_rows(folder: Path = SHARED) -> list[Row]:
    """Return the shared comments, each once, in a fixed order. FileNotFoundError where the folder holds none."""
    files = sorted(folder.glob("*.jsonl.gz"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no *.jsonl.gz: say where the training data is with --data")
    return once(row for path in files for row in _read(path))


def group_of(row: Row) -> int:
    """Return the place in GROUPS of a row's source."""
    return GROUPS.index(row.source) if row.source in GROUPS else 0


def quiet_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the raw comments among rows that the crowd called harmless: ordinary talk, though not a council's."""
    return [row for row in rows if row.source == "jigsaw" and row.labels[0] == 0]


def calibrated_on(rows: Iterable[Row]) -> list[Row]:
    """Return the half of some rows that calibration and thresholds may see."""
    return [row for row in rows if _half(row)]


def measured(rows: Iterable[Row]) -> list[Row]:
    """Return the other half, that only measuring sees."""
    return [row for row in rows if not _half(row)]


def _half(row: Row) -> bool:
    return zlib.crc32(key_of(row.text).encode()) % 2 == 0


def once(rows: Iterable[Row]) -> list[Row]:
    """Return rows without their copies: labels are joined, and a copy in dev keeps the row out of training."""
    held: dict[str, Row] = {}
    for row in rows:
        key = key_of(row.text)
        if not key:
            continue
        known = held.get(key)
        held[key] = row if known is None else _joined(known, row)
    return list(held.values())


def _joined(one: Row, other: Row) -> Row:
    labels = tuple(
        a if b is None else b if a is None else max(a, b) for a, b in zip(one.labels, other.labels, strict=True)
    )
    split = DEV if DEV in (one.split, other.split) else TRAIN
    heard = one.heard if one.heard == other.heard and not any(labels) else UNHEARD
    return replace(one, labels=labels, split=split, heard=heard)


def _read(path: Path) -> Iterator[Row]:
    source = path.name.removesuffix(".jsonl.gz")
    decode = msgspec.json.Decoder(_Line).decode
    with gzip.open(path, "rb") as lines:
        for line in lines:
            one = decode(line)
            labels = _labels(one.labels, source)
            clean = source in JIGSAW and not any(labels)
            yield Row(one.text, labels, one.split, source, NOTHING_FROM_THE_PUBLIC if clean else UNHEARD)


def _labels(known: dict[str, int], source: str) -> Labels:
    """Labels by name as a tuple. What is in no way toxic is none of the kinds of toxic either, where all six exist.

    A set that labels kinds but no toxicity (EDOS) makes a row with a kind toxic.
    """
    labels: list[float | None] = [known.get(name) for name in LABELS]
    if labels[0] == 0 and source in JIGSAW:
        labels = [0.0 if one is None else one for one in labels]
    if labels[0] is None and any(one == 1 for one in labels):
        labels[0] = 1.0
    return tuple(None if one is None else float(one) for one in labels)
