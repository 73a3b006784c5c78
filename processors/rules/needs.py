"""What a pattern cannot do without: the words, one of each of a few sets, that must stand in a text it matches.

Worked out once from the pattern's shape, for `processors.rules.gate`. Where words of one alternative are common ones,
alternatives are asked for one by one, so that `do ... in` is not asked for as `do or put or ...` and `in or up or ...`.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from math import prod
from sys import intern

from pipeline.text.common_words import common_words
from processors.rules.shape import EDGE, Piece, closed_after, closed_before, spelled_together

Words = frozenset[str]
Needs = tuple[Words, ...]
"""One word of each set must stand in a text; `kil*` is any word that begins so, `*ill` ends so, `*il*` holds it."""
Row = tuple[Piece, ...]

ASKED = 4
"""So many sets of words are asked for a row of pieces, the rarest."""
PART = 3
"""Letters of the shortest part of a word that is asked for."""
NUMBER: Words = frozenset({"#"})
"""Any word that holds a digit."""
_GAPS = 3
"""So many places that may be missing are read both ways."""
_RARE = 0.0003
"""In so many of all posts a word stands that is none of the common ones."""
_NAMED = {"xqp": 0.3, "xqo": 0.2, "xqps": 0.05, "xqos": 0.05, "#": 0.2}
"""In so many posts somebody is named, a number stands."""
_RARELY = 0.002
"""Rows that can match so many of all posts are asked for as they are; others by their alternatives."""
_DEPTH = 6
_MOST_ROWS = 120
_WORTH = 0.6
"""Alternatives are asked for one by one where that makes it so much rarer."""


class Analysis:
    """Works out what patterns need; what a piece needs is worked out once for each way it can stand."""

    def __init__(self) -> None:
        self._known: dict[tuple[Piece, bool, bool], Needs] = {}

    def of(self, rows: Iterable[Row], *, begin: bool, end: bool) -> list[Needs]:
        """Return what each of a pattern's rows needs, or its alternatives one by one.

        begin and end say that no word goes on beyond the pattern's ends.
        """
        return _lumped([needs for row in rows for needs in self._apart(row, begin, end, _DEPTH)])

    def _apart(self, row: Row, begin: bool, end: bool, depth: int) -> list[Needs]:
        found: list[Needs] = []
        for one in _readings(row, begin, end, _GAPS):
            needs = self._of_pieces(one, begin, end)
            split = self._split(one, begin, end, needs) if depth and _often(needs) > _RARELY else None
            if split is None:
                found.append(needs)
                continue
            rows = _lumped(needs for one in split for needs in self._apart(one, begin, end, depth - 1))
            found += rows if len(rows) <= _MOST_ROWS else [needs]
        return found

    def _split(self, row: Row, begin: bool, end: bool, needs: Needs) -> list[Row] | None:
        """Return the row with one piece's alternatives one by one: the piece that makes it the rarest, if any does."""
        best, least = None, _often(needs) * _WORTH
        for at, piece in enumerate(row):
            if piece.empty or piece.again or len(piece.rows) < 2:
                continue
            rows = [(*row[:at], *alternative, *row[at + 1 :]) for alternative in _alternatives(piece)]
            often = sum(_often(self._of_pieces(one, begin, end)) for one in rows)
            if often < least:
                best, least = rows, often
        return best

    def _of_pieces(self, row: Row, begin: bool, end: bool) -> Needs:
        found: list[Words] = []
        at = 0
        for spelled, pieces in groupby(row, key=lambda one: one.spellings is not None):
            last = at + len(list(pieces))
            if spelled:
                ends = (closed_before(row, at, begin=begin), closed_after(row, last, end=end))
                found += _words(spelled_together(row[at:last]), *ends) or _number(row[at:last])
            else:
                found += [words for one in range(at, last) for words in self._inside(row, one, begin, end)]
            at = last
        return _rarest(found)

    def _inside(self, row: Row, at: int, begin: bool, end: bool) -> Needs:
        piece = row[at]
        if piece.empty or not piece.rows:
            return ()
        apart = piece.opens or piece.closes or not piece.again
        begin = apart and closed_before(row, at, begin=begin)
        end = apart and closed_after(row, at + 1, end=end)
        known = self._known.get((piece, begin, end))
        if known is None:
            readings = (reading for one in piece.rows for reading in _readings(one, begin, end, _GAPS))
            known = _either([self._of_pieces(one, begin, end) for one in readings])
            self._known[piece, begin, end] = known
        return known


def _alternatives(piece: Piece) -> Iterator[Row]:
    """Yield a piece's alternatives, those of an alternative that is but a choice of others one by one."""
    for row in piece.rows:
        if len(row) == 1 and row[0].rows and not row[0].again and not row[0].empty:
            yield from _alternatives(row[0])
        else:
            yield row


def _readings(row: Row, begin: bool, end: bool, left: int) -> Iterator[Row]:
    """Yield a row with each place that may be missing there or not, as far as that makes words of their own."""
    for at, piece in enumerate(row):
        if piece.mixed and left:
            for one in piece.rows:
                yield from _readings((*row[:at], *one, *row[at + 1 :]), begin, end, left - 1)
            return
        if not piece.gap or not left:
            continue
        if closed_before(row, at, begin=begin) or closed_after(row, at + 1, end=end):
            continue
        yield from _readings((*row[:at], EDGE, *row[at + 1 :]), begin, end, left - 1)
        yield from _readings((*row[:at], *row[at + 1 :]), begin, end, left - 1)
        return
    yield row


def _words(words: Words | None, begin: bool, end: bool) -> list[Words]:
    """Return the set of words that spellings are, or are part of; none where that cannot be told."""
    if not words or min(map(len, words)) < (1 if begin and end else PART):
        return []
    before, after = "" if begin else "*", "" if end else "*"
    return [frozenset(intern(f"{before}{word}{after}") for word in words)]


def _number(pieces: Row) -> list[Words]:
    """Return that a number is needed where one of some spelled pieces always holds a digit."""
    held = any(all(any(map(str.isdigit, word)) for word in one.spellings or ("",)) for one in pieces)
    return [NUMBER] if held else []


def _either(rows: Sequence[Needs]) -> Needs:
    """Return what is needed where one of several rows stands: as many sets as each of them has."""
    fewest = min(map(len, rows), default=0)
    return _rarest([frozenset().union(*(row[place] for row in rows)) for place in range(fewest)])


def _lumped(rows: Iterable[Needs]) -> list[Needs]:
    """Return the rows with those as one that differ in their rarest words only."""
    alike: dict[Needs, list[Needs]] = {}
    for row in rows:
        alike.setdefault(row[1:] if row else (), []).append(row)
    return [_either(one) for one in alike.values()]


def _rarest(found: Iterable[Words]) -> Needs:
    return tuple(sorted(dict.fromkeys(found), key=_share)[:ASKED])


def _often(needs: Needs) -> float:
    """Return in what share of all posts the words stand, roughly."""
    return prod(min(1.0, _share(words)) for words in needs)


@cache
def _share(words: Words) -> float:
    common = {**common_words(), **_NAMED}
    return sum(_share_of_part(word) if "*" in word else common.get(word, _RARE) for word in words)


@cache
def _share_of_part(part: str) -> float:
    letters = part.strip("*")
    fits = str.__contains__ if part[0] == part[-1] else str.startswith if part.endswith("*") else str.endswith
    return _RARE * 9 / len(letters) + sum(often for word, often in common_words().items() if fits(word, letters))
