"""How words stand in their sentence: quoted, reported, denied, adopted or meant as a joke.

Used when a rule has matched. The cues are lexicon entries (processors/rulebook/lexicon.toml); this module knows
sentences and quotation marks.
"""

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from processors.rules.match import Rulebook
from processors.rules.patterns import Pattern

if TYPE_CHECKING:
    from processors.reading.names import Marked

_SENTENCE_END = re.compile(r"[.!?\n]+(?=\s|$|[\"'])|\n")
_DOUBLE = re.compile(r'"[^"\n]{1,600}"')
_SINGLE = re.compile(r"(?:(?<=^)|(?<=[\s(:,]))'(?=[^\s'])(?:[^'\n]|'(?=[a-z])){1,600}'(?=[\s.,!?;:)]|$)")
_BEFORE = 140
REACH = 800
"""No sentence is read further than this from the words that matched, so that cost grows with the text only."""
AGGRAVATORS = ("place", "time", "capability", "means", "surveillance")
"""Codes of the level table, in the order in which phrases are claimed."""


class Cues:
    """The cues of a lexicon, compiled: `cues.joked` is the cue `joked`. AttributeError for one the lexicon lacks."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.aggravators: dict[str, Pattern] = {code: rulebook.cue(code) for code in AGGRAVATORS}
        self.sensitive: dict[str, Pattern] = {kind: rulebook.cue(kind) for kind in ("health", "casework", "child")}

    def __getattr__(self, name: str) -> Pattern:
        try:
            return self._rulebook.cue(name)
        except KeyError:
            raise AttributeError(f"the lexicon has no cue {name!r}: add it to [cues] of lexicon.toml") from None


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence or sentences that hold text[start:end], at most REACH beyond them."""
    first = max(0, start - REACH)
    for found in _SENTENCE_END.finditer(text, first, start):
        first = found.end()
    reach = min(len(text), end + REACH)
    last = _SENTENCE_END.search(text, max(start, end - 1), reach)
    return first, last.end() if last is not None else reach


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return where quotations stand in a text; one that holds the whole text is none."""
    whole = len(text.strip())
    found = [one.span() for pattern in (_DOUBLE, _SINGLE) for one in pattern.finditer(text)]
    return tuple(sorted(span for span in found if span[1] - span[0] < whole))


def quoted(marked: "Marked", start: int, end: int) -> bool:
    """Return whether the words from start to end stand inside quotation marks."""
    at = bisect_right(marked.quotations, (start, len(marked.text)))
    return any(first <= start and end <= last for first, last in marked.quotations[max(0, at - 3) : at])


def told_by_others(cues: Cues, marked: "Marked", start: int, end: int) -> bool:
    """Return whether the words are somebody else's: quoted or reported, and not made the author's own."""
    text = marked.text
    first, last = sentence(text, start, end)
    inside = quoted(marked, start, end)
    if cues.adopted.search(text, end, min(len(text), end + 120)) and (inside or not cues.counter.search(text)):
        return False
    if inside:
        return True
    before = text[max(first, start - _BEFORE) : start]
    if cues.reported.search(before):
        return True
    return cues.reported_after.search(text, end, last) is not None


def denied(cues: Cues, text: str, start: int) -> bool:
    """Return whether a denial stands right before the words."""
    first, _ = sentence(text, start, start + 1)
    return cues.denied.search(text[max(first, start - 40) : start]) is not None
