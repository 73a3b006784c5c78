"""Whose name or handle an author shows: a registered one, or one that is so but for a letter.

Built once for a set of registers, read by the detector of impersonation. An author's name says the same in every post,
so it is compared once.
"""

import string
from dataclasses import dataclass
from functools import lru_cache

from pipeline.registers.types import Registers
from pipeline.text.fold import fold
from processors.reading.phrases import key_of
from processors.reading.terms import deletions, one_apart

_SIGNS = str.maketrans("", "", string.punctuation + string.whitespace)
_REMEMBERED = 50_000
_NAME, _KEY, _HANDLE = 8, 6, 6
"""Letters that it takes to be nearly another name; that a registered name has more of; that a handle has."""


@dataclass(frozen=True)
class Shown:
    """An author's name and handle, without signs and in lower case, and whose they are.

    person: the councillor whose full name it is, or nearly. handles: whose registered handle it is on whatever
    platform, or nearly; None is the Council. council: whether it is the Council's name.
    """

    both: str
    person: str | None
    handles: frozenset[str | None]
    council: bool


class Namesakes:
    """The names and handles of the registers, ready to be compared."""

    def __init__(self, registers: Registers) -> None:
        people = [(key_of(fold(one.name).text), one.id) for one in registers.councillors]
        self._names = {key: person for key, person in people if len(key) > _KEY - 1}
        self._near_names = {short: person for key, person in people if len(key) > _NAME for short in deletions(key)}
        self._council = tuple(_council_names(registers))
        self._handles: dict[str, list[tuple[str, str | None]]] = {}
        for one in registers.accounts.values():
            key = key_of(fold(one.handle).text)
            for short in deletions(key) if len(key) > _KEY else ():
                self._handles.setdefault(short, []).append((key, one.councillor_id))
        self.shown = lru_cache(maxsize=_REMEMBERED)(self._shown)

    def _shown(self, display_name: str | None, handle: str | None) -> Shown:
        name, key = _plain(display_name), _plain(handle)
        both = f"{name} {key}"
        person = next((whom for words, whom in self._names.items() if words in both), None)
        council = any(one in name or one == key for one in self._council)
        return Shown(both, person or self._nearly(name), self._near_handle(key), council)

    def _nearly(self, name: str) -> str | None:
        """Return whose full name a display name is but for one letter."""
        if len(name) < _NAME:
            return None
        return next((self._near_names[one] for one in deletions(name) if one in self._near_names), None)

    def _near_handle(self, handle: str) -> frozenset[str | None]:
        if len(handle) < _HANDLE:
            return frozenset()
        known = (one for short in deletions(handle) for one in self._handles.get(short, ()))
        return frozenset(whom for one, whom in known if one == handle or one_apart(handle, one))


def _plain(text: str | None) -> str:
    if not text:
        return ""
    return (text.lower() if text.isascii() else fold(text).text).translate(_SIGNS)


def _council_names(registers: Registers) -> list[str]:
    council = registers.council
    names = (council.name, f"{council.short_name} council", f"{council.short_name}bc")
    return [key for name in names if len(key := key_of(fold(name).text)) > _KEY]
