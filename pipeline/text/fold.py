"""Fold a text for matching, with every offset kept: the first thing screening and search do to words.

Compatibility forms (NFKC), look-alike letters, zero-width characters and accents go; emoji become names
(`:kitchen_knife:`); leet (`k1ll`), masks (`f***`), single letters spaced out (`k i l l`) and repeated letters are read
as the word they hide. Nothing joins across a word boundary, so Scunthorpe stays one word. The original is never
changed: `Folded.span` leads back.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from string import ascii_lowercase

import re2

from pipeline.text.glyphs import fold_run

Edit = tuple[int, int, str]
"""A replacement: start and end in the text before, and what stands there after."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SPACED = re.compile(r"(?<![a-z0-9_'@])[a-z0-9@$!]([ .\-_*])(?:[a-z0-9@$!]\1)+[a-z0-9@$!](?![a-z0-9_'@])")
_REPEATED = re.compile(r"([a-z])\1\1+")
_LEET = re.compile(
    r"(?<![a-z0-9_@$!.£/#])[a-z0-9@$!|]*[a-z][0-9@$!|]+[a-z][a-z0-9@$!|]*(?![a-z0-9_@$/]|\.[a-z])"
    r"|(?<![\w@$!.£/#])[0-9$]{1,2}[a-z]{3,}(?![\w@/]|\.[a-z])"
)
_MASK = re.compile(r"(?<![a-z0-9_*#:])[a-z](?:[a-z]*[*#][a-z*#]*|[a-z]?[._\-][._\-a-z]*[a-z])(?![a-z0-9_])")
_LEET_LETTERS = str.maketrans("013457@$!|", "oieastasii")
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|k|m|bn|p|x|s|ish|hr|hrs|min|mins|km|kg|mph|ft|cm|mm|ml|yr|yrs|day|days"
    r"|mil|mill|mn|million|grand|quid|pounds?|percent|posts?|jobs?|homes?|flats?|staff|people|weeks?|months?|years?)"
)
_DOUBLED = frozenset("lsofze")
_DISGUISED = re2.compile(
    r"(?:^|[^a-z0-9_'@])[a-z0-9@$!]"
    r"(?: [a-z0-9@$!] |\.[a-z0-9@$!]\.|-[a-z0-9@$!]-|_[a-z0-9@$!]_|\*[a-z0-9@$!]\*)"
    r"|[a-z][0134578@$!|]+[a-z]|(?:^|[^a-z0-9@])[0-9$]{1,2}[a-z]{3}|[a-z][*#]|(?:^|[^a-z0-9_:])[a-z]{1,2}[._\-]+[a-z]|"
    + "|".join(letter * 3 for letter in ascii_lowercase)
)
"""Whether any disguise can be in a folded text at all: one linear pass, so that ordinary posts stop there."""


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
    if not text.isascii():
        folded = _apply(text, _glyph_edits(text), layers)
    folded = _lower(folded)
    if _DISGUISED.search(folded):
        for edits in (_masked_edits, _spaced_edits, _leet_edits, _repeated_edits):
            found = edits(folded)
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
    for run in _NOT_ASCII.finditer(text):
        at = run.start()
        found = run.group()
        for length, new in _short_run(found) if len(found) <= 16 else fold_run(found):
            edits.append((at, at + length, new))
            at += length
    return edits


@lru_cache(maxsize=8192)
def _short_run(run: str) -> tuple[tuple[int, str], ...]:
    return fold_run(run)


def _spaced_edits(text: str) -> list[Edit]:
    return [
        (found.start(), found.end(), found.group()[::2])
        for found in _SPACED.finditer(text)
        if sum(letter.isalpha() for letter in found.group()[::2]) * 2 > len(found.group()[::2])
    ]


def _masked_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for found in _MASK.finditer(text):
        written = found.group()
        word = _unmask(written)
        if word:
            edits.append((found.start(), found.start() + len(written), word))
    return edits


@lru_cache(maxsize=4096)
def _unmask(written: str) -> str | None:
    starred = "*" in written or "#" in written
    if not starred and sum(not letter.isalpha() for letter in written) > 2:
        return None
    joined = "".join(letter for letter in written if letter.isalpha())
    if len(joined) > 3 and joined in _maskable(starred).get(len(joined), ()):
        return joined
    for word in _maskable(starred).get(len(written), ()):
        if all(sign == letter or not sign.isalpha() for sign, letter in zip(written, word, strict=True)):
            return word
    return None


@cache
def _maskable(starred: bool) -> dict[int, list[str]]:
    table = tomllib.loads(Path(__file__).with_name("masked_words.toml").read_text(encoding="utf-8"))
    by_length: dict[int, list[str]] = {}
    for word in (*table["words"], *(table["acts"] if starred else ())):
        by_length.setdefault(len(word), []).append(word)
    return by_length


def _leet_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for found in _LEET.finditer(text):
        word = found.group()
        plain = word.rstrip("!")
        if _ORDINAL.fullmatch(plain) or sum(letter.isalpha() for letter in plain) < 2:
            continue
        read = plain.translate(_LEET_LETTERS)
        if read.isalpha() and read != plain:
            edits.append((found.start(), found.start() + len(plain), read))
    return edits


def _repeated_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for found in _REPEATED.finditer(text):
        start, end = found.span()
        letter = found.group(1)
        alone = (start == 0 or not text[start - 1].isalpha()) and (end == len(text) or not text[end].isalpha())
        if alone and end - start <= 4:
            continue
        ends_word = end == len(text) or not text[end].isalpha()
        keep = 2 if letter in _DOUBLED and not (ends_word and letter in "eo") else 1
        edits.append((start, end, letter * keep))
    return edits
