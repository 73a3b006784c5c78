"""Dialect and text-message spellings put into plain words: a rule is written once for `you`, `u`, `yow` and `ye`.

Between folding and the marking of names. The table is the lexicon's `[spellings]`; whole words only, and spans still
lead back to what was written.
"""

from collections.abc import Iterable, Mapping

from pipeline.text.fold import Folded
from processors.rules.patterns import Pattern, compile_pattern


class Spellings:
    """A table of spellings, compiled."""

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        """Take plain words with the spellings that stand for each."""
        self._plain = {spelling: plain for plain, spellings in table.items() for spelling in spellings}
        self._pattern: Pattern | None = _pattern(self._plain)

    def plain(self, folded: Folded) -> Folded:
        """Return a folded text with every spelling of the table put in its plain word."""
        if self._pattern is None:
            return folded
        found = [
            (one.start(), one.end(), self._plain[one.group() or ""]) for one in self._pattern.finditer(folded.text)
        ]
        return folded.replaced(found) if found else folded


def _pattern(spellings: Iterable[str]) -> Pattern | None:
    """Return a pattern of all spellings, the longest first, as whole words."""
    ordered = sorted(spellings, key=lambda one: (-len(one), one))
    if not ordered:
        return None
    return compile_pattern(r"\b(?:" + "|".join(ordered) + r")\b")
