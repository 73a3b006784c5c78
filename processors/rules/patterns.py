"""From the patterns officers write to the ones that are matched: lexicon names spelled out, spaces made tolerant.

`<name>` stands for any entry of a lexicon. One space stands for anything between two words of a sentence (spaces,
commas,
quotation marks), never its end. Word edges are added. Matching is google-re2: linear in the text whatever is written.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Protocol

import re2

_NAME = re.compile(r"<([a-z_]+(?:\.[a-z]+)?)>")
_BETWEEN = r"[\x00-\x09\x0b-\x20\x22-\x2d\x2f\x3a-\x3e@\[-`{-\x7f]"
"""What may stand between two words: ASCII signs but no letter, digit or sentence end, to which folding brings nearly
all others. Spelled as ranges: re2 spells a negated set out over all of Unicode, three times the size.
"""
_SPACES = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.| \??")
"""Sets and escaped signs, which stay as they are, and spaces, of which ` ?` may be missing."""
_OPENING = re.compile(r"^(?:\((?:\?:)?)*")
_DEPTH = 8
_ANYWHERE = re2._re2.RE2.Anchor.UNANCHORED
MOST_BYTES = 1 << 26
"""A pattern whose program takes more than that is refused."""
_LEAST_POWER, _MOST_POWER = 18, 26
ROOM = 5
"""Memory of an automaton, as a power of two times what its program takes."""
_REMEMBERED = 8192


class PatternError(ValueError):
    """A pattern that cannot be used; the message says which and why."""


class Pattern(Protocol):
    """What is used of a compiled google-re2 pattern."""

    @property
    def pattern(self) -> str:
        """Return the pattern as it was compiled."""

    def search(self, text: str | bytes, pos: int | None = None, endpos: int | None = None) -> "Found | None":
        """Return the first match between two characters of the text."""

    def finditer(self, text: str, pos: int | None = None, endpos: int | None = None) -> "Iterable[Found]":
        """Return all matches between two characters of the text, in order."""


class Found(Protocol):
    """What is used of a google-re2 match; offsets count characters of the text that was read."""

    def start(self, group: int = 0) -> int:
        """Return where it begins."""

    def end(self, group: int = 0) -> int:
        """Return where it ends."""

    def group(self, group: int = 0) -> str | None:
        """Return its words."""


def stands(pattern: Pattern, text: bytes) -> bool:
    """Return whether a compiled pattern matches anywhere in an encoded text.

    The package's own `search` makes a generator, a match and its groups first: for most patterns that is half of the
    time of a look that finds nothing.
    """
    span = pattern._regexp.Match(_ANYWHERE, text, 0, len(text))[0]  # type: ignore[attr-defined]
    return bool(span[0] >= 0)


def spell_out(pattern: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """Return a pattern with lexicon names replaced and spaces made tolerant. Raises PatternError, as `with_words`."""
    return _SPACES.sub(_tolerant, _edges(with_words(pattern, words)))


def with_words(pattern: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """Return a pattern with lexicon names replaced.

    Raises:
        PatternError: a name is in no lexicon, or names lead in a circle.
    """

    def entries(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in words:
            raise PatternError(f"<{name}> is in no lexicon: add it to a lexicon file")
        return "(?:" + "|".join(words[name]) + ")"

    for _ in range(_DEPTH):
        if not _NAME.search(pattern):
            break
        pattern = _NAME.sub(entries, pattern)
    else:
        raise PatternError(f"{pattern[:60]!r}: lexicon names lead in a circle")
    return pattern


@lru_cache(maxsize=_REMEMBERED)
def compile_pattern(pattern: str, room: int = ROOM) -> Pattern:
    """Return a compiled pattern, with a few times the memory that its program takes. Raises PatternError with re2's
    own reason. A rulebook that is loaded again has most of its patterns from the last one.

    An automaton keeps the states that texts have shown it until its memory is full: a worker that runs for weeks would
    fill whatever it is given. A quarter of this room made screening twice as slow, more made it no quicker.
    """
    for most in (1 << power for power in range(_LEAST_POWER, _MOST_POWER)):
        try:
            re2.compile(pattern, options(most))
        except re2.error:
            continue
        return _compiled(pattern, most << room)
    return _compiled(pattern, MOST_BYTES)


def _compiled(pattern: str, most_bytes: int) -> Pattern:
    try:
        compiled: Pattern = re2.compile(pattern, options(most_bytes))
    except re2.error as error:
        raise PatternError(f"{pattern[:80]!r}: {error}") from error
    return compiled


class Later:
    """A pattern that is compiled when it is first used: most of a rulebook's are used by few posts, and take memory."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> Pattern:
        """Return the compiled pattern. Raises PatternError."""
        return compile_pattern(self.pattern)

    def search(self, text: str | bytes, pos: int | None = None, endpos: int | None = None) -> "Found | None":
        """Return the first match between two characters of the text."""
        return self.compiled.search(text, pos, endpos)

    def finditer(self, text: str, pos: int | None = None, endpos: int | None = None) -> "Iterable[Found]":
        """Return all matches between two characters of the text, in order."""
        return self.compiled.finditer(text, pos, endpos)


def any_of(patterns: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> Later | None:
    """Return one pattern that matches where any of `patterns` does, or None where there are none.

    Raises:
        PatternError: a lexicon name is missing; what else is wrong is told when it is compiled.
    """
    spelled = [f"(?:{spell_out(one, words)})" for one in patterns]
    return Later("|".join(spelled)) if spelled else None


def _tolerant(found: re.Match[str]) -> str:
    written = found.group()
    return {" ": f"{_BETWEEN}+", " ?": f"{_BETWEEN}*"}.get(written, written)


def _edges(pattern: str) -> str:
    """Add word edges where a pattern begins or ends with a word; emoji names begin and end with a colon."""
    first = _OPENING.sub("", pattern)[:1]
    last = pattern.rstrip(")?+*")[-1:]
    before = r"\b" if first.isalnum() or first == "[" else ""
    after = r"\b" if last.isalnum() else ""
    return f"{before}(?:{pattern}){after}"


def edges(spelled: str) -> tuple[bool, bool]:
    """Return whether a pattern that is spelled out has word edges at its beginning and its end."""
    return spelled.startswith(r"\b(?:"), spelled.endswith(r")\b")


def options(most_bytes: int) -> object:
    """Return how every pattern is compiled: quiet, and with room for long alternatives."""
    options = re2.Options()
    options.max_mem = most_bytes
    options.log_errors = False
    return options
