"""What patterns hold on to: lexicon names of which one must stand in a text before a pattern is worth trying.

Before the flow, for `processors.rules.finder`. Most of a pattern's size, and most of what it costs on a text that it
has not seen, is verbs with their objects and lists of nouns (`<kill.do>`, `<mild_noun>`). They stand in few posts and
are shared by many patterns: each is looked for once in a text, and only where its own words stand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.text.common_words import common_words
from processors.rules.shape import Piece, Reader, closed_after, closed_before, spelled_together

Row = tuple[Piece, ...]
Names = frozenset[str]
"""Lexicon names, or choices as they are written, of which one must stand."""
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

    def anchors(self, rows: Iterable[Row], *, begin: bool, end: bool, groups: bool) -> Anchors:
        """Return what the rows of a pattern have in common to hold on to.

        begin and end say that no word goes on beyond its ends; groups, that a choice written in it is a name as well.
        """
        look = _Look(self.worth, groups)
        held = look.common([look.row(row, begin, end) for row in rows])
        return tuple(frozenset(part for name in names for part in self._parts(name)) for names in held)

    def worth(self, name: str) -> int:
        """Return how much it tells that a name stands in a text: nothing where common words alone can be it."""
        if name not in self._worth:
            alone = frozenset().union(*map(_alone, self._reader.rows(as_pattern(name))))
            often = sum(common_words().get(word, 0.0) for word in alone)
            tells = often <= COMMON and _NAMED.isdisjoint(alone)
            self._worth[name] = sum(map(len, self._words.get(name, (name,)))) if tells else 0
        return self._worth[name]

    def _parts(self, name: str) -> Iterator[str]:
        """Yield the names that a name is but a list of (`<harm_do>`), or the name itself."""
        entries = [_ONLY_NAME.fullmatch(one) for one in self._words.get(name, ("",))]
        if all(entries):
            for one in entries:
                yield from self._parts(one.group(1) if one else name)
        else:
            yield name


@dataclass(frozen=True)
class _Look:
    """A look through one pattern. worth tells what a name is worth; groups as in `Holding.anchors`."""

    worth: Callable[[str], int]
    groups: bool

    def row(self, row: Row, begin: bool, end: bool) -> list[Names]:
        """Return the sets of names of which each must stand where a row does: whole words, between word edges."""
        found: list[Names] = []
        for at, piece in enumerate(row):
            if piece.empty or piece.spellings is not None:
                continue
            apart = piece.opens or piece.closes or not piece.again
            first = apart and closed_before(row, at, begin=begin)
            last = apart and closed_after(row, at + 1, end=end)
            whole = first and last
            if whole and piece.name and self.worth(piece.name):
                found.append(frozenset({piece.name}))
                continue
            inside = self.common([self.row(one, first, last) for one in piece.rows]) if piece.rows else []
            if not inside and whole and self.groups and piece.written and self.worth(piece.written):
                inside = [frozenset({piece.written})]
            found += inside
        return found

    def common(self, found: list[list[Names]]) -> list[Names]:
        """Return what some rows have in common: all of a single row's sets, else one set of the best of each."""
        if len(found) == 1 or not all(found):
            return found[0] if len(found) == 1 else []
        return [frozenset().union(*(max(row, key=lambda names: min(map(self.worth, names))) for row in found))]


def as_pattern(name: str) -> str:
    """Return the pattern of a name: of the lexicon, or a choice as it is written."""
    return name if name.startswith("(") else f"(?:<{name}>)"


def _alone(row: Row) -> frozenset[str]:
    """Return the words that a row can be when all that may be missing is."""
    needed = [piece for piece in row if not piece.empty]
    if needed and all(piece.spellings is not None for piece in needed):
        return spelled_together(needed) or frozenset()
    if len(needed) == 1:
        return frozenset().union(*map(_alone, needed[0].rows))
    return frozenset()
