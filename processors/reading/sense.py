"""How words stand in their sentence: quoted, reported, denied, adopted or meant as a joke.

Used when a rule has matched. The cues are lexicon entries (processors/rulebook/lexicon.toml); this module knows sentences and
quotation marks.
"""

import re

from processors.rules.match import Rulebook
from processors.rules.patterns import Pattern

_SENTENCE_END = re.compile(r"[.!?\n]+(?=\s|$|[\"'])|\n")
_DOUBLE = re.compile(r'"[^"\n]{1,600}"')
_SINGLE = re.compile(r"(?:(?<=^)|(?<=[\s(:,]))'(?=[^\s'])(?:[^'\n]|'(?=[a-z])){1,600}'(?=[\s.,!?;:)]|$)")
_BEFORE = 140
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
    """Return the bounds of the sentence or sentences that hold text[start:end]."""
    first = 0
    for found in _SENTENCE_END.finditer(text, 0, start):
        first = found.end()
    last = _SENTENCE_END.search(text, max(start, end - 1))
    return first, last.end() if last is not None else len(text)


def quoted(text: str, start: int, end: int) -> bool:
    """Return whether text[start:end] stands inside quotation marks that do not hold the whole text."""
    for pattern in (_DOUBLE, _SINGLE):
        for found in pattern.finditer(text):
            if found.start() <= start and end <= found.end():
                return found.end() - found.start() < len(text.strip())
    return False


def told_by_others(cues: Cues, text: str, start: int, end: int) -> bool:
    """Return whether the words are somebody else's: quoted or reported, and not made the author's own."""
    first, last = sentence(text, start, end)
    inside = quoted(text, start, end)
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
