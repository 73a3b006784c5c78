"""All the strings that a pattern can match, where they are few: for finding alternatives that nothing can reach.

Used by `processors.rules.lint.patterns`. Read with Python's own parser of patterns, which takes what re2 takes.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST = 60
"""So many strings are made of a pattern at most; one with more is not compared."""
_LONGEST = 40 * MOST
"""A pattern of more letters than that has more strings, or strings of whole sentences: it is not even parsed."""


@cache
def strings_of(pattern: str) -> tuple[str, ...] | None:
    """Return every string that a pattern matches, or None where they are many, without end, or cannot be told."""
    if len(pattern) > _LONGEST:
        return None
    try:
        return tuple(_sequence(parser.parse(pattern)))
    except (re.error, _Many, RecursionError):
        return None


@cache
def literals_of(pattern: str) -> frozenset[str]:
    """Return the letters that stand for themselves in a pattern, and those at the ends of a range."""
    found: set[str] = set()

    def look(part: Any) -> None:
        if isinstance(part, parser.SubPattern):
            part = part.data
        if isinstance(part, tuple) and part and (part[0] is codes.LITERAL or part[0] is codes.RANGE):
            ends = part[1] if isinstance(part[1], tuple) else (part[1],)
            found.update(chr(one) for one in ends)
        elif isinstance(part, list | tuple):
            for one in part:
                look(one)

    try:
        look(parser.parse(pattern))
    except (re.error, RecursionError):
        return frozenset()
    return frozenset(found)


class _Many(Exception):
    """More strings than are worth comparing."""


def _sequence(parts: Iterable[tuple[Any, Any]]) -> list[str]:
    made = [""]
    for code, value in parts:
        made = ["".join(pair) for pair in product(made, _one(code, value))]
        if len(made) > MOST:
            raise _Many
    return made


def _one(code: Any, value: Any) -> Sequence[str]:
    if code is codes.LITERAL:
        return (chr(value),)
    if code is codes.SUBPATTERN:
        return _sequence(value[-1])
    if code is codes.BRANCH:
        return [one for branch in value[1] for one in _sequence(branch)]
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT} and value[1] != codes.MAXREPEAT and value[1] <= 2:
        once = _sequence(value[2])
        return ["".join(each) for times in range(value[0], value[1] + 1) for each in product(once, repeat=times)]
    if code is codes.IN and all(kind is codes.LITERAL for kind, _ in value):
        return [chr(letter) for _, letter in value]
    raise _Many
