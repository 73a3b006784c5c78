"""The figures of a classifier, in words: what `parapet models evaluate` prints and the model card repeats.

Beside the flow. Comments kept from training, the contrast suite by kind, false alarms on ordinary talk and by identity.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from processors.models.auc import Numbers, auc, interval
from processors.models.classifier import LABELS, Classifier, Scored
from processors.models.contrast import Line, abusive, lines_of, macro_f1
from processors.models.ordinary import Ordinary, ordinary_of
from processors.models.training.rows import DEV, JIGSAW, Row, measured, quiet_rows, shared_rows

THREAT = LABELS.index("threat")


@dataclass(frozen=True)
class Sources:
    """Where the texts for measuring are: the comments, the contrast suite, the file of ordinary talk."""

    comments: Path
    contrast: Path
    ordinary: Path


def report(classifier: Classifier, sources: Sources) -> Iterator[str]:
    """Yield the lines of the report. FileNotFoundError names what is not there."""
    yield f"classifier {classifier.version}"
    rows = [row for row in shared_rows(sources.comments) if row.split == DEV]
    yield from held_out(classifier, rows)
    yield from suite(classifier, lines_of(sources.contrast))
    held = ordinary_of(sources.ordinary)
    yield from ordinary(classifier, "council talk, written by hand", held.lines)
    quiet = [row.text for row in measured(quiet_rows(rows))]
    yield from ordinary(classifier, "Wikipedia talk that the crowd called harmless, held out", quiet)
    yield from identities(classifier, held)


def held_out(classifier: Classifier, rows: Sequence[Row]) -> Iterator[str]:
    """Yield areas on the comments kept from training, none of which stands in what was learnt from."""
    asked = [row for row in rows if row.source in JIGSAW or row.labels[THREAT] is not None]
    scores = np.array([one.scores for one in classifier.score([row.text for row in asked])])
    known = np.array([[np.nan if one is None else one for one in row.labels] for row in asked])
    jigsaw = np.array([row.source in JIGSAW for row in asked])
    areas = {name: auc(*_labelled(known, scores, at, jigsaw)) for at, name in enumerate(LABELS)}
    yield f"Jigsaw, held out ({int(jigsaw.sum())} texts): mean column AUC {np.mean(list(areas.values())):.4f}"
    yield "  " + ", ".join(f"{name} {area:.4f}" for name, area in areas.items())
    wanted, found = _labelled(known, scores, THREAT, np.ones(len(asked), bool))
    low, high = interval(wanted, found)
    yield (
        f"threat, every part that labels threats ({int(wanted.sum())} threats in {len(wanted)} texts): "
        f"AUC {auc(wanted, found):.4f} (95 % interval {low:.4f} to {high:.4f})"
    )


def _labelled(
    known: Numbers, scores: Numbers, at: int, among: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Numbers, Numbers]:
    there = among & ~np.isnan(known[:, at])
    return known[there, at], scores[there, at]


def suite(classifier: Classifier, lines: Sequence[Line]) -> Iterator[str]:
    """Yield macro-F1 over the contrast suite, by kind, and how often the label that a kind names was raised."""
    found = classifier.score([line.text for line in lines])
    flagged = [abusive(one) for one in found]
    yield (
        f"contrast suite ({len(lines)} lines): macro-F1 {macro_f1([line.abusive for line in lines], flagged):.3f}, "
        f"mean of the kinds {np.mean([figure for _, figure, _ in by_kind(lines, flagged)]):.3f}"
    )
    for kind, figure, size in by_kind(lines, flagged):
        yield f"  {kind:32} {figure:.3f} ({size} lines)"
    for label in LABELS:
        named = [one for line, one in zip(lines, found, strict=True) if line.label == label]
        if named:
            yield f"  {label} raised on {sum(label in one.flags for one in named)} of {len(named)} lines that should"


def by_kind(lines: Sequence[Line], flagged: Sequence[bool]) -> list[tuple[str, float, int]]:
    """Return each kind with its macro-F1 and its number of lines, in order."""
    held: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for line, flag in zip(lines, flagged, strict=True):
        held[line.kind].append((line.abusive, flag))
    return [(kind, macro_f1([a for a, _ in pairs], [b for _, b in pairs]), len(pairs)) for kind, pairs in held.items()]


def ordinary(classifier: Classifier, name: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield how much of some ordinary talk is flagged, and how much of it stage two reads."""
    found = classifier.score(lines)
    yield f"{name} ({len(lines)} lines): {_alarms(found)}, {_share(one.stage == 2 for one in found)} to stage two"


def identities(classifier: Classifier, held: Ordinary) -> Iterator[str]:
    """Yield false alarms on sentences with an identity word, by identity."""
    found = classifier.score([text for _, text in held.identities])
    yield f"sentences with an identity word ({len(found)}): {_alarms(found)}"
    total, flagged = Counter(identity for identity, _ in held.identities), Counter[str]()
    for (identity, _), one in zip(held.identities, found, strict=True):
        flagged[identity] += bool(one.flags)
    parts = (f"{identity} {flagged[identity]}/{count}" for identity, count in sorted(total.items()))
    yield "  by identity: " + ", ".join(parts)


def _alarms(found: Sequence[Scored]) -> str:
    labels = Counter(flag for one in found for flag in one.flags)
    parts = ", ".join(f"{name} {labels[name]}" for name in LABELS if labels[name]) or "none"
    return f"flagged {_share(bool(one.flags) for one in found)} ({parts})"


def _share(flags: Iterable[bool]) -> str:
    held = list(flags)
    return f"{100 * sum(held) / len(held):.2f} %"
