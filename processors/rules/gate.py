"""Which patterns can match a text at all, told from its words alone: the first thing the rulebook does to a text.

A pattern is tried only where the words stand that it cannot do without (`processors.rules.needs`), so that the cost of
a post grows with the patterns its words call up, and not with the rules there are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_

from processors.rules.needs import NUMBER, PART, Needs

_REMEMBERED = 50_000
_LONG = 32
"""Longer words are looked through by what is asked, not remembered: nobody writes them twice."""
_WORD = re.compile(r"[a-z0-9]+")
_DIGIT = re.compile(r"\d")

Row = tuple[int, int]
"""The sets of words that a row needs, as bits, and the row's number."""


class Gate:
    """Rows of patterns by the words they need. A row is a number; several can belong to one pattern."""

    def __init__(self, rows: Sequence[Needs]) -> None:
        """Take what each row needs, the rarest set first. A row that needs nothing is none of the gate's: it never
        comes out.

        A row is looked at only where a word of its rarest set stands; each of the other sets is a bit, the lower the
        more rows ask for it: so most rows ask by a short number.
        """
        often = Counter(words for needs in rows for words in needs[1:])
        bits = {words: 1 << place for place, (words, _) in enumerate(often.most_common())}
        self._bits: dict[str, int] = {}
        self._rows: dict[str, list[Row]] = {}
        for words, bit in bits.items():
            for word in words:
                self._bits[word] = self._bits.get(word, 0) | bit
        for number, needs in enumerate(rows):
            asked = reduce(or_, (bits[words] for words in needs[1:]), 0)
            for word in needs[0] if needs else ():
                self._rows.setdefault(word, []).append((asked, number))
        self._parts = [word for word in {*self._bits, *self._rows} if "*" in word]
        self._called_up = lru_cache(maxsize=_REMEMBERED)(self._by_word)

    def rows(self, text: str) -> list[int]:
        """Return the rows whose words stand in a folded text, some of them more than once."""
        standing = 0
        waiting: list[Row] = []
        for word in set(_WORD.findall(text)):
            bits, rows = self._called_up(word) if len(word) <= _LONG else self._by_word(word)
            standing |= bits
            waiting += rows
        return [number for asked, number in waiting if asked & standing == asked]

    def _by_word(self, word: str) -> tuple[int, tuple[Row, ...]]:
        """Return the sets that a word, or a part of it, is in, as bits, and the rows that it is the rarest word of."""
        asked_as = (word, *self._parts_of(word))
        bits = reduce(or_, (self._bits.get(one, 0) for one in asked_as))
        return bits, tuple(row for one in asked_as for row in self._rows.get(one, ()))

    def _parts_of(self, word: str) -> Iterator[str]:
        if _DIGIT.search(word):
            yield from NUMBER
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
