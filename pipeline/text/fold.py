"""Fold a text for matching, with every offset kept: the first thing screening and search do to words.

Compatibility forms (NFKC), look-alike letters, zero-width characters and accents go; emoji become names
(`:kitchen_knife:`); leet (`k1ll`), masks (`f***`), single letters spaced out (`k i l l`) and repeated letters are read
as the word they hide; hashtags of several words (`#KillTheBill`) are read word by word. Nothing joins across a word
boundary, so Scunthorpe stays one word. The original is never changed: `Folded.span` leads back.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.text.disguises import Edit, broken, disguised, leet, masked, repeated, spaced
from pipeline.text.glyphs import fold_run
from pipeline.text.hashtags import tag_edits

__all__ = ["Edit", "Folded", "fold"]

_STRANGE = re.compile(r"[^\t\n\r -~]+")
"""Characters outside ASCII, and control characters."""


class Folded:
    """A folded text. `text` is what patterns read; `span` leads from it back to code points of `original`."""

    __slots__ = ("_layers", "original", "text")

    def __init__(self, original: str, text: str, layers: Sequence["_Layer"]) -> None:
        self.original = original
        self.text = text
        self._layers = layers

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of the original that text[start:end] stands for, end exclusive."""
        for layer in reversed(self._layers):
            start, end = layer.back(start, end)
        return start, end

    def replaced(self, edits: Sequence[Edit]) -> "Folded":
        """Return this text with pieces put in place of others (such as a token for a name); spans still lead back."""
        layers = list(self._layers)
        return Folded(self.original, _apply(self.text, edits, layers), layers)

    def words(self, start: int, end: int) -> str:
        """Return the original words that text[start:end] stands for."""
        first, last = self.span(start, end)
        return self.original[first:last]


class _Layer:
    """One pass of replacements, kept as parallel lists so that a position is found by bisection."""

    __slots__ = ("_after", "_before", "_ends_after", "_ends_before")

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._before: list[int] = []
        self._after: list[int] = []
        self._ends_before: list[int] = []
        self._ends_after: list[int] = []
        shift = 0
        for start, end, new in edits:
            self._before.append(start)
            self._after.append(start + shift)
            shift += len(new) - (end - start)
            self._ends_before.append(end)
            self._ends_after.append(end + shift)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the span before this pass that a span after it came from: a replacement counts whole."""
        first = self._start(start)
        return first, max(first, self._end(end)) if end > start else first

    def _start(self, position: int) -> int:
        at = bisect_right(self._after, position) - 1
        while at >= 0 and self._ends_after[at] == self._after[at] == position:
            at -= 1
        if at < 0:
            return position
        if position < self._ends_after[at]:
            return self._before[at]
        return self._ends_before[at] + position - self._ends_after[at]

    def _end(self, position: int) -> int:
        at = bisect_right(self._after, position - 1) - 1
        if at < 0:
            return position
        if position <= self._ends_after[at] and self._after[at] < position:
            return self._ends_before[at]
        return self._ends_before[at] + position - self._ends_after[at]


def fold(text: str) -> Folded:
    """Return the folded form of a text of any length; linear in it, and plain ASCII takes the fast path."""
    layers: list[_Layer] = []
    folded = text
    edits = _glyph_edits(text) if not (text.isascii() and text.isprintable()) else []
    if edits:
        folded = _apply(text, edits, layers)
    if "#" in folded and (tags := tag_edits(folded)):
        folded = _apply(folded, tags, layers)
    folded = _lower(folded)
    if disguised(folded):
        for disguise in (broken, masked, spaced, leet, repeated):
            found = disguise(folded)
            if found:
                folded = _apply(folded, found, layers)
    return Folded(text, folded, layers)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _apply(text: str, edits: Sequence[Edit], layers: list[_Layer]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, new in edits:
        pieces += (text[at:start], new)
        at = end
    pieces.append(text[at:])
    layers.append(_Layer(edits))
    return "".join(pieces)


def _glyph_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for run in _STRANGE.finditer(text):
        at = run.start()
        found = run.group()
        mixed = _is_letter(text, at - 1) or _is_letter(text, run.end())
        for length, new in _short_run(found, mixed) if len(found) <= 16 else fold_run(found, mixed):
            edits.append((at, at + length, new))
            at += length
    return edits


def _is_letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


@lru_cache(maxsize=8192)
def _short_run(run: str, mixed: bool) -> tuple[tuple[int, str], ...]:
    return fold_run(run, mixed)
