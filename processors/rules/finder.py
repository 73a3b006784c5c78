"""Finds the patterns of many owners (the rules) in a text, and tries only those that can match it.

Used by the rulebook (`processors.rules.match`). The gate says from the text's words which patterns can match; the few
that no word gives away are asked together, in one automaton. Patterns are compiled when a text first calls them up.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence

import re2

from processors.rules.gate import Gate
from processors.rules.needs import Analysis, Needs
from processors.rules.patterns import Found, Pattern, compile_pattern, edges, options, spell_out
from processors.rules.shape import Reader

SET_MEMORY = 1 << 26
"""Most bytes the automaton of the patterns without words may take."""


class Finder:
    """The patterns of some owners; an owner is its place in the sequence given."""

    def __init__(self, owners: Sequence[Sequence[str]], words: Mapping[str, tuple[str, ...]]) -> None:
        """Take the patterns of each owner, as officers write them, and the lexicon's words.

        Raises:
            PatternError: naming the lexicon name that is missing, or the pattern that cannot be used.
        """
        written = [(owner, one) for owner, patterns in enumerate(owners) for one in patterns]
        self._owners = [owner for owner, _ in written]
        self._spelled = [spell_out(one, words) for _, one in written]
        self._compiled: list[Pattern | None] = [None] * len(written)
        rows = _rows([one for _, one in written], self._spelled, words)
        self._pattern_of = [number for number, _ in rows]
        self._gate = Gate([needs for _, needs in rows])
        self._wordless = sorted({number for number, needs in rows if not needs})
        self._together = one_pass([self.pattern(number).pattern for number in self._wordless])

    def called_up(self, text: str) -> dict[int, list[Pattern]]:
        """Return, by owner and in order, the patterns that a folded text calls up: all that match it are among them."""
        numbers = {self._pattern_of[row] for row in self._gate.rows(text)}
        numbers.update(self._wordless[at] for at in standing(self._together, len(self._wordless), text))
        called: dict[int, list[Pattern]] = {}
        for number in sorted(numbers):
            called.setdefault(self._owners[number], []).append(self.pattern(number))
        return called

    def pattern(self, number: int) -> Pattern:
        """Return a pattern, compiled. Raises PatternError."""
        known = self._compiled[number]
        if known is None:
            known = self._compiled[number] = compile_pattern(self._spelled[number])
        return known

    def compile_all(self) -> None:
        """Compile every pattern now. Raises PatternError for the first that cannot be used."""
        for number in range(len(self._spelled)):
            self.pattern(number)


def matches_of(patterns: Sequence[Pattern], text: str) -> Iterator[Found]:
    """Yield what the patterns together match, as alternatives in their order would: leftmost first, no overlaps."""
    encoded = text.encode()
    patterns = [one for one in patterns if one.search(encoded) is not None]
    if len(patterns) <= 1:
        yield from patterns[0].finditer(text) if patterns else ()
        return
    waiting = [(found.start(), place, found) for place, one in enumerate(patterns) if (found := one.search(text))]
    heapq.heapify(waiting)
    at = 0
    while waiting:
        start, place, found = heapq.heappop(waiting)
        if start >= at:
            yield found
            at = max(found.end(), start + 1)
        again = patterns[place].search(text, at)
        if again is not None:
            heapq.heappush(waiting, (again.start(), place, again))


def _rows(
    written: Sequence[str], spelled: Sequence[str], words: Mapping[str, tuple[str, ...]]
) -> list[tuple[int, Needs]]:
    reader, analysis = Reader(lambda name: words.get(name, ())), Analysis()
    rows = []
    for number, (one, whole) in enumerate(zip(written, spelled, strict=True)):
        begin, end = edges(whole)
        rows += [(number, needs) for needs in analysis.of(reader.rows(one), begin=begin, end=end)]
    return rows


def one_pass(patterns: Sequence[str]) -> re2.Set:
    """Return a set of all patterns and, last, an empty one that every text matches: its absence betrays a failure."""
    made = re2.Set.SearchSet(options(SET_MEMORY))
    for one in (*patterns, ""):
        made.Add(one)
    made.Compile()
    return made


def standing(together: re2.Set, many: int, text: str) -> Sequence[int]:
    """Return which of a set's patterns match. One that ran out of memory says that none does: then all may."""
    found = together.Match(text) or ()
    return [at for at in found if at < many] if many in found else range(many)
