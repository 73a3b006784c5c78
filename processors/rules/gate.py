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


class Gate:
    """Rows of patterns by the words they need. A row is a number; several can belong to one pattern."""

    def __init__(self, rows: Sequence[Needs]) -> None:
        """Take what each row needs, in order. A row that needs nothing is none of the gate's: it never comes out.

        A row is a bit, once for each place in which rows ask for words; all places stand in one number.
        """
        self._many = len(rows)
        masks: dict[str, int] = {}
        always = 0
        for number, needs in enumerate(rows):
            for place in range(ASKED if needs else 0):
                bit = 1 << (number + place * self._many)
                if place >= len(needs):
                    always |= bit
                    continue
                for word in needs[place]:
                    masks[word] = masks.get(word, 0) | bit
        self._always = always
        self._masks = masks
        self._parts = [word for word in masks if "*" in word]
        self._called_up = lru_cache(maxsize=_REMEMBERED)(self._by_word)

    def rows(self, text: str) -> Iterator[int]:
        """Yield the rows whose words stand in a folded text, in order."""
        standing = self._always
        for word in set(_WORD.findall(text)):
            standing |= self._called_up(word) if len(word) <= _LONG else self._by_word(word)
        for _ in range(ASKED - 1):
            standing = (standing >> self._many) & standing
        standing &= (1 << self._many) - 1
        while standing:
            lowest = standing & -standing
            yield lowest.bit_length() - 1
            standing ^= lowest

    def _by_word(self, word: str) -> int:
        """Return the rows that ask for a word or a part of it, as bits."""
        return reduce(or_, (self._masks[one] for one in (word, *self._parts_of(word)) if one in self._masks), 0)

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
