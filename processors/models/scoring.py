"""A file of texts scored by a classifier: `{"id", "text"}` lines in, a line of scores for each out, in order.

Behind `parapet models score`. Texts go to the classifier in lots, so that stage two works in batches; no network.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from processors.models.classifier import Classifier

LOT = 512


class TextLine(msgspec.Struct):
    """One line of the input."""

    id: str | int
    text: str


class ScoredLine(msgspec.Struct):
    """One line of the output; flags are the labels over their threshold, stage says who judged."""

    id: str | int
    scores: dict[str, float]
    flags: tuple[str, ...]
    stage: int


class LineError(ValueError):
    """A line that is not as it should be; the message names it and the cure."""


def scored_lines(lines: Iterable[bytes], classifier: Classifier) -> Iterator[ScoredLine]:
    """Yield the scores of each line, in order; blank lines are skipped. Raises LineError."""
    read = (_read(number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while lot := list(islice(read, LOT)):
        yield from _scored(lot, classifier)


def _scored(lot: Sequence[TextLine], classifier: Classifier) -> Iterator[ScoredLine]:
    for line, found in zip(lot, classifier.score([one.text for one in lot]), strict=True):
        yield ScoredLine(line.id, found.named(), found.flags, found.stage)


def _read(number: int, line: bytes) -> TextLine:
    try:
        return msgspec.json.decode(line, type=TextLine)
    except msgspec.DecodeError as error:
        raise LineError(f'line {number}: {error}; each line is an object with "id" and "text"') from error
