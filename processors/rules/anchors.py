"""What patterns hold on to: lexicon names of which one must stand in a text before a pattern is worth trying.

Before the flow, for `processors.rules.finder`. Most of a pattern's size, and most of what it costs on a text that it
has not seen, is verbs with their objects and lists of nouns (`<kill.do>`, `<mild_noun>`). They stand in few posts and
are shared by many patterns: each is looked for once in a text, and only where its own words stand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.text.common_words import common_words
from processors.rules.shape import Piece, Reader, spelled_together

Row = tuple[Piece, ...]
Names = frozenset[str]
"""Lexicon names of which one must stand."""
Anchors = tuple[Names, ...]
"""Of each set one name must stand."""

COMMON = 0.3
"""A name that words of so many posts can be by themselves (`<subject>`, `<who>`) holds nothing."""
_NAMED = frozenset({"xqp", "xqo"})
_ONLY_NAME = re.compile(r"<([a-z_]+(?:\.[a-z]+)?)>")


class Holding:
    """Finds what patterns hold on to; what a name is worth is worked out once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], reader: Reader) -> None:
        self._words = words
        self._reader = reader
        self._worth: dict[str, int] = {}

    def anchors(self, rows: Iterable[Row]) -> Anchors:
        """Return what the rows of a pattern have in common to hold on to."""
        held = self._of_rows([self._of_row(row) for row in rows])
        return tuple(frozenset(part for name in names for part in self._parts(name)) for names in held)

    def worth(self, name: str) -> int:
        """Return how much it tells that a name stands in a text: nothing where common words alone can be it."""
        if name not in self._worth:
            alone = frozenset().union(*map(_alone, self._reader.rows(f"<{name}>")))
            often = sum(common_words().get(word, 0.0) for word in alone)
            tells = often <= COMMON and _NAMED.isdisjoint(alone)
            self._worth[name] = sum(map(len, self._words[name])) if tells else 0
        return self._worth[name]

    def _parts(self, name: str) -> Iterator[str]:
        """Yield the names that a name is but a list of (`<harm_do>`), or the name itself."""
        entries = [_ONLY_NAME.fullmatch(one) for one in self._words[name]]
        if all(entries):
            for one in entries:
                yield from self._parts(one.group(1) if one else name)
        else:
            yield name

    def _of_rows(self, found: list[list[Names]]) -> list[Names]:
        """Return what some rows have in common: all of a single row's sets, else one set of the best of each."""
        if len(found) == 1 or not all(found):
            return found[0] if len(found) == 1 else []
        return [frozenset().union(*(max(row, key=lambda names: min(map(self.worth, names))) for row in found))]

    def _of_row(self, row: Row) -> list[Names]:
        found = []
        for piece in row:
            if piece.empty:
                continue
            if piece.name and piece.spellings is None and self.worth(piece.name):
                found.append(frozenset({piece.name}))
            elif piece.rows:
                found += self._of_rows([self._of_row(one) for one in piece.rows])
        return found


def _alone(row: Row) -> frozenset[str]:
    """Return the words that a row can be when all that may be missing is."""
    needed = [piece for piece in row if not piece.empty]
    if needed and all(piece.spellings is not None for piece in needed):
        return spelled_together(needed) or frozenset()
    if len(needed) == 1:
        return frozenset().union(*map(_alone, needed[0].rows))
    return frozenset()
