"""The shape of a rule's pattern: which of its pieces spell words, and where a word must begin or end.

Read by `processors.rules.needs` only, which works out the words that a text must hold before a pattern can match. A
piece that is not understood counts as anything at all, so the worst that can happen is that a pattern is tried for
nothing. A word is a run of a-z and 0-9, as in folded text; everything else stands between words.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice, product

MOST_SPELLINGS = 4000
"""A piece with more spellings counts as anything."""

_RUN = re.compile(r"[a-z0-9]+(?![?*+{])")
"""Letters that no count stands behind; of `kids?` that is `kid`."""
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_NAME = re.compile(r"<([a-z_]+(?:\.[a-z]+)?)>")
_CLASS = re.compile(r"\[(\^?)((?:\\.|[^\]\\])+)\]", re.DOTALL)
_RANGE = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGITS = frozenset("0123456789")
_CLASSES_OF_EDGES = frozenset("bsWnt")
_OUTSIDE = frozenset("\n .")
"""Stands for all that is no letter or digit where a set of characters is worked out."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece of a pattern. spellings: all it can stand for, letters and digits only, or None where that is not known.

    edge: no word goes on across it. empty: it may stand for nothing. opens, closes: whatever else it stands for begins,
    ends between words. rows: its alternatives, each a sequence of pieces. again: it may stand several times in a row.
    name: the lexicon name it was written as; written: what a choice in brackets was written as.
    """

    spellings: frozenset[str] | None = None
    edge: bool = False
    empty: bool = False
    opens: bool = False
    closes: bool = False
    rows: tuple[tuple["Piece", ...], ...] = ()
    again: bool = False
    name: str = ""
    written: str = ""

    @property
    def mixed(self) -> bool:
        """Return whether it is a letter or a sign between words: `[@a]`."""
        return (EDGE,) in self.rows and not self.again

    @property
    def gap(self) -> bool:
        """Return whether it is a place between words that may be missing."""
        return self.empty and self.opens and self.closes and not self.rows


ANYTHING = Piece(empty=True)
EDGE = Piece(edge=True, opens=True, closes=True)
GAP = Piece(empty=True, opens=True, closes=True)


def spelled_together(pieces: Iterable[Piece]) -> frozenset[str] | None:
    """Return all that a run of spelled pieces can stand for, or None where that is too much."""
    known = [one.spellings for one in pieces]
    size = 1
    for one in known:
        if one is None:
            return None
        size *= len(one)
    return frozenset("".join(row) for row in product(*(one or () for one in known))) if size <= MOST_SPELLINGS else None


def closed_after(row: tuple[Piece, ...], at: int, *, end: bool) -> bool:
    """Return whether a word that ends before piece `at` of a row can go no further; end says so of the row's end."""
    return _closed(row[at:], lambda one: one.opens, end)


def closed_before(row: tuple[Piece, ...], at: int, *, begin: bool) -> bool:
    """Return whether a word that begins at piece `at` of a row can have begun no earlier."""
    return _closed(row[:at][::-1], lambda one: one.closes, begin)


def _closed(pieces: Iterable[Piece], closing: Callable[[Piece], bool], outside: bool) -> bool:
    for one in pieces:
        if not closing(one):
            return False
        if not one.empty:
            return True
    return outside


def group(rows: Iterable[tuple[Piece, ...]]) -> Piece:
    """Return the piece that stands for one of some sequences."""
    rows = tuple(rows)
    spellings: set[str] | None = set()
    for row in rows:
        found = spelled_together(row)
        spellings = None if spellings is None or found is None else spellings | found
    if spellings is not None and len(spellings) <= MOST_SPELLINGS:
        return Piece(frozenset(spellings), empty="" in spellings)
    return Piece(
        edge=all(row and all(one.edge for one in row) for row in rows),
        empty=any(all(one.empty for one in row) for row in rows),
        opens=all(closed_after(row, 0, end=True) for row in rows),
        closes=all(closed_before(row, len(row), begin=True) for row in rows),
        rows=rows,
    )


def repeated(one: Piece, least: int, most: int | None) -> Piece:
    """Return the piece that stands for another so many times, without limit where most is None."""
    if one.edge or one.gap:
        return EDGE if least and one.edge else GAP
    if one.spellings is not None and most is not None and most <= 2:
        together = [spelled_together([one] * times) for times in range(least, most + 1)]
        if None not in together:
            spellings = frozenset(word for words in together for word in words or ())
            return Piece(spellings, empty="" in spellings)
    if most == 1 and least == 1:
        return one
    several = most is None or most > 1
    return Piece(empty=one.empty or not least, opens=one.opens, closes=one.closes, rows=((one,),), again=several)


Lookup = Callable[[str], Iterable[str]]
"""Gives the entries of a lexicon name."""


class Reader:
    """Reads patterns as officers write them, lexicon names and all; each name is read once."""

    def __init__(self, words: Lookup) -> None:
        self._words = words
        self._known: dict[str, Piece] = {}

    def rows(self, pattern: str) -> tuple[tuple[Piece, ...], ...]:
        """Return the alternatives of a pattern."""
        rows, at = self._rows(pattern, 0)
        return rows if at == len(pattern) else ((ANYTHING,),)

    def _rows(self, text: str, at: int) -> tuple[tuple[tuple[Piece, ...], ...], int]:
        rows: list[tuple[Piece, ...]] = []
        row: list[Piece] = []
        while at < len(text) and text[at] != ")":
            if text[at] == "|":
                rows.append(tuple(row))
                row, at = [], at + 1
                continue
            piece, at = self._piece(text, at)
            piece, at = _counted(piece, text, at)
            row.append(piece)
        return (*rows, tuple(row)), at

    def _piece(self, text: str, at: int) -> tuple[Piece, int]:
        sign = text[at]
        name = _NAME.match(text, at) if sign == "<" else None
        if name is not None:
            return self._lexicon(name.group(1)), name.end()
        if sign == "(":
            return self._group(text, at)
        if sign == "[":
            found = _CLASS.match(text, at)
            return (_set_of(found), found.end()) if found is not None else (ANYTHING, len(text) + 1)
        if sign == "\\":
            return _escaped(text[at + 1 : at + 2]), at + 2
        return _plain(text, at)

    def _group(self, text: str, at: int) -> tuple[Piece, int]:
        begin = at + 3 if text.startswith("(?:", at) else at + 1
        if text.startswith("?", begin):
            return ANYTHING, len(text) + 1
        rows, end = self._rows(text, begin)
        return replace(group(rows), written=text[at : end + 1]), end + 1

    def _lexicon(self, name: str) -> Piece:
        if name not in self._known:
            self._known[name] = ANYTHING
            whole = group(row for entry in self._words(name) for row in self.rows(entry))
            self._known[name] = replace(whole, name=name)
        return self._known[name]


def _plain(text: str, at: int) -> tuple[Piece, int]:
    sign = text[at]
    run = _RUN.match(text, at)
    if run is not None:
        return Piece(frozenset({run.group()})), run.end()
    if sign in _LETTERS:
        return Piece(frozenset({sign})), at + 1
    return (ANYTHING if sign == "." or sign.isupper() else EDGE), at + 1


def _counted(piece: Piece, text: str, at: int) -> tuple[Piece, int]:
    sign = text[at : at + 1]
    simple = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign)
    if simple is not None:
        return _counted(repeated(piece, *simple), text, at + 1)
    found = _COUNT.match(text, at) if sign == "{" else None
    if found is None:
        return piece, at
    least, most = int(found.group(1)), found.group(2)
    last = least if most is None else int(most) if most else None
    return _counted(repeated(piece, least, last), text, found.end())


def _escaped(sign: str) -> Piece:
    if sign == "d":
        return Piece(_DIGITS)
    edge = sign in _CLASSES_OF_EDGES or (sign.isascii() and not sign.isalnum())
    return EDGE if sign and edge else ANYTHING


def _set_of(found: re.Match[str]) -> Piece:
    """Return a set of characters: an edge where it holds no letter, its letters where it holds no sign."""
    inside: set[str] = set()
    for first, last in _RANGE.findall(found.group(2)):
        members = _members(first, last)
        if members is None:
            return ANYTHING
        inside.update(members)
    letters, outside = inside & _LETTERS, bool(inside - _LETTERS)
    if found.group(1):
        return EDGE if letters == _LETTERS else ANYTHING
    if not letters:
        return EDGE
    spelled = Piece(frozenset(letters))
    return Piece(rows=((spelled,), (EDGE,))) if outside else spelled


def _members(first: str, last: str) -> Iterable[str] | None:
    if first.startswith("\\"):
        plain = {"s": _OUTSIDE, "d": _DIGITS, "n": {"\n"}}.get(first[1])
        return None if last or (plain is None and first[1].isalnum()) else plain or {first[1]}
    if not last:
        return {first}
    if last.startswith("\\") or ord(last) - ord(first) > 128:
        return None
    return islice((chr(code) for code in range(ord(first), ord(last) + 1)), 129)
