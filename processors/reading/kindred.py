"""What else a term of a confidential topic is called: other words of its family, a count of other people, half a name,
a figure told roughly; and what people speak of whose business is exempt under each paragraph of Schedule 12A.

Used when the topics are made ready. All of these are weaker than the term itself: they tell something beside the
matter, never alone.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.registers.confidential import Basis
from pipeline.text.fold import fold
from pipeline.text.words import words_of
from processors.reading.terms import forms, ordinary_words, term_of

FAMILIES = Path(__file__).with_name("kindred.txt")
SUBJECTS = Path(__file__).with_name("by_basis.txt")

_COUNTED = ("posts", "jobs", "roles", "positions", "redundancies", "people", "staff", "workers", "employees", "of them")
_COUNTABLE = frozenset(_COUNTED)
_ABOUT = ("about", "around", "roughly", "near enough")
_ABOVE = ("over", "more than", "above")
_BELOW = ("under", "nearly", "almost", "close to", "not far off")
_HALF = 5
"""So many letters has the first word of a name that stands for the whole of it."""


def kindred(term: str) -> tuple[str, ...]:
    """Return other ways to say a term of a group: the rest of its family, or its figure with other people counted."""
    found = dict.fromkeys(_counted(term))
    for family in _families():
        if any(_same(term, one) for one in family):
            found.update(dict.fromkeys(family))
    found.pop(term, None)
    return tuple(found)


def by_basis(basis: Basis) -> tuple[str, ...]:
    """Return what talk about business kept back on that basis turns on: any of it, beside the matter, and hinted at."""
    kinds = [f"para {one}" for one in basis.paragraphs] or [basis.kind.value]
    return tuple(dict.fromkeys(word for kind in kinds for word in _subjects().get(kind, ())))


def roughly(term: str) -> Iterator[str]:
    """Yield how a figure that is not round is told roughly: 4.99 is `nearly 5`, £4.2m `over 4 million`."""
    words = words_of(fold(term).text)
    value = words[0].value if len(words) == 1 else None
    if value is None:
        return
    for scale, name in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand"), (1.0, "")):
        if value >= scale:
            below = int(value // scale)
            close = round(value / scale)
            yield from (f"{one} {close}{name}" for one in _ABOUT)
            if below * scale != value:
                yield from (f"{one} {below}{name}" for one in _ABOVE)
                yield from (f"{one} {below + 1}{name}" for one in _BELOW)
                yield f"{below} and a bit{name}"
            return


def half_name(term: str) -> str | None:
    """Return the first word of a name of several words, where it is no ordinary word and no figure; else None."""
    words = words_of(fold(term).text)
    if len(words) < 2 or any(word.value is not None for word in words):
        return None
    first = words[0].text
    if len(first) < _HALF or not first.isalpha() or not forms(first).isdisjoint(ordinary_words() | _family_words()):
        return None
    return first


def _counted(term: str) -> Iterator[str]:
    words = words_of(fold(term).text)
    if len(words) == 2 and words[0].value is not None and words[1].text in _COUNTABLE:
        yield from (f"{words[0].text} {one}" for one in _COUNTED)


def _same(term: str, other: str) -> bool:
    """Return whether one term, in some form, is all of another."""
    folded = fold(other).text
    words = words_of(folded)
    made = term_of(term)
    return len(made.words) == len(words) and made.at(words, 0, folded) is not None


@cache
def _families() -> tuple[tuple[str, ...], ...]:
    lines = FAMILIES.read_text(encoding="utf-8").splitlines()
    return tuple(
        tuple(one.strip() for one in line.split(",")) for line in lines if line.strip() and not line.startswith("#")
    )


@cache
def _subjects() -> dict[str, tuple[str, ...]]:
    lines = SUBJECTS.read_text(encoding="utf-8").splitlines()
    parts = [line.partition(":") for line in lines if ":" in line and not line.startswith("#")]
    return {kind.strip(): tuple(one.strip() for one in words.split(",")) for kind, _, words in parts}


@cache
def _family_words() -> frozenset[str]:
    return frozenset(word.text for family in _families() for one in family for word in words_of(one))
