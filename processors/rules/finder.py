"""Finds the patterns of many owners (the rules) in a text, and tries only those that can match it.

Used by the rulebook (`processors.rules.match`). The gate says from the text's words which patterns can match; the few
that no word gives away are always tried. Patterns are compiled when a text first calls them up.
"""

import heapq
from collections.abc import Container, Iterator, Mapping, Sequence

from processors.rules.anchors import as_pattern
from processors.rules.gate import Gate
from processors.rules.patterns import ROOM, Found, Pattern, compile_pattern, spell_out, stands
from processors.rules.studied import Study

_NAME_ROOM = ROOM + 1
"""What patterns hold on to is looked for in more posts than any pattern, and sees more of what is written."""


class Finder:
    """The patterns of some owners; an owner is its place in the sequence given.

    The lexicon names that patterns hold on to are numbered on behind the patterns, and called up as they are.
    """

    def __init__(self, owners: Sequence[Sequence[str]], words: Mapping[str, tuple[str, ...]]) -> None:
        """Take the patterns of each owner, as officers write them, and the lexicon's words.

        Raises:
            PatternError: naming the lexicon name that is missing.
        """
        written = [(owner, one) for owner, patterns in enumerate(owners) for one in patterns]
        self._owners = [owner for owner, _ in written]
        self._spelled = [spell_out(one, words) for _, one in written]
        study = Study(words)
        patterns = [one for _, one in written]
        anchors = [study.anchors(one, whole) for one, whole in zip(patterns, self._spelled, strict=True)]
        names = sorted({name for held in anchors for one in held for name in one})
        numbers = {name: number for number, name in enumerate(names, len(written))}
        self._held = [[tuple(sorted(map(numbers.__getitem__, one))) for one in held] for held in anchors]
        patterns += [as_pattern(name) for name in names]
        self._spelled += [spell_out(one, words) for one in patterns[len(written) :]]
        self._compiled: list[Pattern | None] = [None] * len(self._spelled)
        rows = [
            (number, needs)
            for number, (one, whole) in enumerate(zip(patterns, self._spelled, strict=True))
            for needs in study.needs(one, whole)
        ]
        self._number_of = [number for number, _ in rows]
        self._gate = Gate([needs for _, needs in rows])
        self._always = frozenset(number for number, needs in rows if not needs)

    def called_up(self, text: str, without: Container[int] = ()) -> dict[int, list[Pattern]]:
        """Return, by owner and in order, the patterns that a folded text calls up: all that match it are among them.

        without: owners that are not asked for.
        """
        standing = {self._number_of[row] for row in self._gate.rows(text)}
        standing |= self._always
        encoded = text.encode()
        many = len(self._owners)
        known: dict[int, bool] = {}
        called: dict[int, list[Pattern]] = {}
        for number in sorted(standing):
            if number >= many:
                break
            owner = self._owners[number]
            if owner not in without and self._holds(number, standing, encoded, known):
                called.setdefault(owner, []).append(self.pattern(number))
        return called

    def _holds(self, number: int, standing: Container[int], text: bytes, known: dict[int, bool]) -> bool:
        """Return whether all that a pattern holds on to stands in a text; known is what of it was looked for before."""
        for names in self._held[number]:
            for name in names:
                found = known.get(name)
                if found is None:
                    found = known[name] = name in standing and stands(self.pattern(name), text)
                if found:
                    break
            else:
                return False
        return True

    def pattern(self, number: int) -> Pattern:
        """Return a pattern, compiled. Raises PatternError."""
        known = self._compiled[number]
        if known is None:
            room = ROOM if number < len(self._owners) else _NAME_ROOM
            known = self._compiled[number] = compile_pattern(self._spelled[number], room)
        return known

    def compile(self, owners: Container[int]) -> None:
        """Compile every pattern of some owners now. Raises PatternError for the first that cannot be used."""
        for number, owner in enumerate(self._owners):
            if owner in owners:
                self.pattern(number)


def matches_of(patterns: Sequence[Pattern], text: str) -> Iterator[Found]:
    """Yield what the patterns together match, as alternatives in their order would: leftmost first, no overlaps."""
    if len(patterns) == 1:
        yield from patterns[0].finditer(text)
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
