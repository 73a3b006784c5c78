"""Which patterns can match a text at all, told from its words alone: the first thing the rulebook does to a text.

A pattern is tried only where the words stand that it cannot do without (`processors.rules.needs`), so that the cost of
a post grows with the patterns its words call up, and not with the rules there are.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_

from processors.rules.needs import ASKED, PART, Needs

_REMEMBERED = 50_000
_LONG = 32
"""Longer words are looked through by what is asked, not remembered: nobody writes them twice."""
_WORD = re.compile(r"[a-z0-9]+")

Masks = tuple[int, int, int]
"""Rows as bits, for each of the places in which a row asks for words."""


class Gate:
    """Rows of patterns by the words they need. A row is a number; several can belong to one pattern."""

    def __init__(self, rows: Sequence[Needs]) -> None:
        """Take what each row needs, in order. A row that needs nothing is none of the gate's: it never comes out."""
        masks: dict[str, list[int]] = {}
        always = [0] * ASKED
        for number, needs in enumerate(rows):
            for place in range(ASKED if needs else 0):
                if place >= len(needs):
                    always[place] |= 1 << number
                    continue
                for word in needs[place]:
                    masks.setdefault(word, [0] * ASKED)[place] |= 1 << number
        self._always = (always[0], always[1], always[2])
        self._masks: dict[str, Masks] = {word: (one, two, three) for word, (one, two, three) in masks.items()}
        self._parts = [word for word in masks if "*" in word]
        self._called_up = lru_cache(maxsize=_REMEMBERED)(self._by_word)

    def rows(self, text: str) -> Iterator[int]:
        """Yield the rows whose words stand in a folded text, in order."""
        first, second, third = self._always
        for word in set(_WORD.findall(text)):
            masks = self._called_up(word) if len(word) <= _LONG else self._by_word(word)
            if masks is not None:
                first |= masks[0]
                second |= masks[1]
                third |= masks[2]
        standing = first & second & third
        while standing:
            lowest = standing & -standing
            yield lowest.bit_length() - 1
            standing ^= lowest

    def _by_word(self, word: str) -> Masks | None:
        """Return, for each place, the rows that ask for a word or a part of it; None where no row does."""
        found = [self._masks[one] for one in (word, *self._parts_of(word)) if one in self._masks]
        if not found:
            return None
        first, second, third = (reduce(or_, place) for place in zip(*found, strict=True))
        return first, second, third

    def _parts_of(self, word: str) -> Iterator[str]:
        if len(word) > _LONG:
            yield from (part for part in self._parts if _fits(part, word))
            return
        for first in range(len(word) - PART + 1):
            for last in range(first + PART, len(word) + 1):
                part = word[first:last]
                yield f"*{part}*"
                if first == 0:
                    yield f"{part}*"
                if last == len(word):
                    yield f"*{part}"


def _fits(part: str, word: str) -> bool:
    """Return whether `kil*`, `*ill` or `*il*` stands in a word."""
    letters = part.strip("*")
    if part.startswith("*"):
        return letters in word if part.endswith("*") else word.endswith(letters)
    return word.startswith(letters)
