"""What is worked out of patterns once, for `processors.rules.finder`: the words they need and what they hold on to.

Remembered for as long as the process lives: a rulebook that is read again, because a council changed one of its rules,
has all but that one from the last.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar

from processors.rules.anchors import Anchors, Holding
from processors.rules.needs import Analysis, Needs, Row, Words
from processors.rules.patterns import edges
from processors.rules.shape import Reader

LARGE = 15_000
"""A pattern of so many letters, spelled out, is worth holding on to a choice that no other pattern shares."""
_MOST = 20_000
"""So many patterns are remembered: those of a few rulebooks."""

T = TypeVar("T")
_Pattern = tuple[str, str]
"""A pattern as it is written and spelled out: together they say all that matters of the lexicon."""
_needs: dict[_Pattern, tuple[Needs, ...]] = {}
_anchors: dict[_Pattern, Anchors] = {}
_sets: dict[Words, Words] = {}


class Study:
    """Works out the patterns of one rulebook; words is its lexicon."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._words = words
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._analysis = Analysis()

    @cached_property
    def _reader(self) -> Reader:
        return Reader(lambda name: self._words.get(name, ()))

    @cached_property
    def _holding(self) -> Holding:
        return Holding(self._words, self._reader)

    def needs(self, written: str, spelled: str) -> tuple[Needs, ...]:
        """Return what each row of a pattern needs."""

        def work_out() -> tuple[Needs, ...]:
            begin, end = edges(spelled)
            return tuple(map(_shared, self._analysis.of(self._read(written), begin=begin, end=end)))

        return _remembered(_needs, (written, spelled), work_out)

    def anchors(self, written: str, spelled: str) -> Anchors:
        """Return what a pattern holds on to."""

        def work_out() -> Anchors:
            begin, end = edges(spelled)
            groups = len(spelled) >= LARGE
            return self._holding.anchors(self._read(written), begin=begin, end=end, groups=groups)

        return _remembered(_anchors, (written, spelled), work_out)

    def _read(self, written: str) -> tuple[Row, ...]:
        if written not in self._rows:
            self._rows[written] = self._reader.rows(written)
        return self._rows[written]


def _shared(needs: Needs) -> Needs:
    """Return the same sets of words, each held once however many rows need it."""
    return tuple(_sets.setdefault(words, words) for words in needs)


def _remembered(known: dict[_Pattern, T], pattern: _Pattern, work_out: Callable[[], T]) -> T:
    found = known.get(pattern)
    if found is None:
        if len(known) >= _MOST:
            known.clear()
        found = known[pattern] = work_out()
    return found
