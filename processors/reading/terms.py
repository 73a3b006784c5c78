"""One term of a confidential topic, found in any form: inflected, its figures spelled otherwise, one letter wrong.

Between the register of topics and the leak detector. A term is compared word by word, so cost does not grow with how
many ways there are to write it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pipeline.text.fold import fold
from pipeline.text.words import PERCENT, POUNDS, Word, words_of

ORDINARY_TALK = Path(__file__).with_name("ordinary_talk.txt")

_ARTICLES = frozenset({"the", "a", "an", "our", "that", "this"})
_ENDINGS = (
    "s", "es", "d", "ed", "ing", "ings", "er", "ers", "ure", "ures", "y", "ies", "ancy", "ancies", "ant", "ion", "ions",
    "ement", "ements",
)  # fmt: skip
_VERBAL = ("d", "ed", "ing")
_ING = (
    "housing building parking planning meeting briefing hearing funding heating lighting dwelling ceiling evening "
    "morning wedding crossing opening reading spending holding feeling training nothing something anything spring king "
    "ring thing string during"
)
_NOUNS_IN_ING = frozenset(_ING.split())
"""Words whose `-ing` is no form of a verb that means the same."""
_IRREGULAR = {
    form: verb
    for verb, forms in {
        "sell": "sold", "buy": "bought", "lose": "lost", "win": "won", "build": "built", "choose": "chose chosen",
        "leave": "left", "give": "gave given", "take": "took taken", "pay": "paid", "lend": "lent", "spend": "spent",
        "bring": "brought", "pull": "pulled", "sack": "sacked", "move": "moved", "go": "went gone", "get": "got gotten",
        "make": "made", "find": "found", "hold": "held", "withdraw": "withdrew withdrawn", "write": "wrote written",
        "begin": "began begun", "break": "broke broken", "teach": "taught", "keep": "kept", "send": "sent",
        "understand": "understood", "overspend": "overspent", "let": "letting", "quit": "quitting",
    }.items()
    for form in forms.split()
}  # fmt: skip
_SLIP_ALONE, _SLIP_BESIDE = 7, 5
"""A word of so many letters is found with one letter wrong: alone, or beside other words of its term that are right."""
_BETWEEN = 3
"""So many signs may stand between two words of a term; more, or the end of a sentence, keep them apart."""
_NOT_BETWEEN = re.compile(r"[!?\n;]|\. ")
_STREETS = {
    "road": "rd", "street": "st", "lane": "ln", "avenue": "ave av", "close": "cl", "drive": "dr", "court": "ct crt",
    "crescent": "cres", "gardens": "gdns gdn", "square": "sq", "place": "pl", "terrace": "terr ter tce", "grove": "gr",
    "saint": "st", "mount": "mt", "and": "&", "number": "no",
}  # fmt: skip
_SHORT = {short: word for word, shorts in _STREETS.items() for short in shorts.split() if word != "saint"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands: bounds in the folded text, and the sentence it begins in."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class TermWord:
    """One word of a term: the forms it is known by, or the value and unit of a figure."""

    text: str
    keys: frozenset[str]
    slips_from: int
    value: float | None = None
    unit: str = ""

    def accepts(self, word: Word) -> bool:
        """Return whether a word is this one in some form."""
        if self.value is not None:
            return word.value == self.value and _units_agree(self, word)
        return word.value is None and not self.keys.isdisjoint(forms(word.text))

    def nearly(self, word: Word) -> bool:
        """Return whether a word is this one with one letter wrong, and no ordinary word of its own."""
        text = word.text.removesuffix("'s")
        if self.value is not None or len(self.text) < self.slips_from or not text.isalpha() or text in ordinary_words():
            return False
        return text[0] == self.text[0] and any(one_apart(text, one) for one in (self.text, self.text + "s"))


@dataclass(frozen=True)
class Term:
    """A term: its words in order, and how much it tells (a plain word little, a name or a sum much)."""

    words: tuple[TermWord, ...]
    weight: int

    def at(self, words: Sequence[Word], first: int, folded: str) -> Place | None:
        """Return where the term stands, if it begins with that word of a text; at most one word has a slip."""
        at, last, slips = first, None, 0
        for wanted in self.words:
            while (
                last is not None and at < len(words) and words[at].text in _ARTICLES and not wanted.accepts(words[at])
            ):
                at += 1
            if at >= len(words) or (last is not None and not _beside(words, last, at, folded)):
                return None
            if not wanted.accepts(words[at]):
                slips += 1
                if slips > 1 or not wanted.nearly(words[at]):
                    return None
            last, at = at, at + 1
        return Place(words[first].start, words[at - 1].end, words[first].sentence) if last is not None else None


def term_of(text: str, weight: int | None = None) -> Term:
    """Return a term as it is written in a register, articles in front left out."""
    words = words_of(fold(text).text)
    while len(words) > 1 and words[0].text in _ARTICLES:
        words = words[1:]
    telling = [word for word in words if word.text not in _ARTICLES]
    if weight is None:
        weight = 2 if len(telling) > 1 or any(letter.isdigit() for letter in text) else 1
    several = len(telling) > 1
    return Term(tuple(_term_word(word, several) for word in words if word.text not in _ARTICLES or not several), weight)


def _term_word(word: Word, several: bool) -> TermWord:
    slips_from = _SLIP_BESIDE if several else _SLIP_ALONE
    if word.value is not None:
        return TermWord(word.text, frozenset(), slips_from, word.value, word.unit)
    return TermWord(word.text, keys_of(word.text, loose=several), slips_from)


def keys_of(text: str, *, loose: bool) -> frozenset[str]:
    """Return the forms by which a word of a term is known; loose: also the bare verb of an `-ed` or `-ing`."""
    plain = _plain(text)
    found = {plain, _IRREGULAR.get(plain, plain)}
    if plain in _STREETS:
        found.update(_STREETS[plain].split())
    found.add(_SHORT.get(plain, plain))
    if plain.endswith("e") and len(plain) > 4:
        found.add(plain[:-1])
    if plain.endswith("ies") and len(plain) > 5:
        found |= {plain[:-3] + "y", plain[:-3]}
    elif plain.endswith("s") and not plain.endswith("ss") and len(plain) > 4:
        found.add(plain[:-1])
        if plain.endswith("es"):
            found.add(plain[:-2])
    for ending in _VERBAL:
        cut = plain.removesuffix(ending)
        if cut != plain and len(cut) > 3 and not (ending == "ing" and plain in _NOUNS_IN_ING):
            found.update(f"~{one}" for one in _undoubled(cut))
            if loose and ending != "d":
                found.update(_undoubled(cut))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def forms(text: str) -> frozenset[str]:
    """Return the keys that a word of a text may be known by; those with ~ stand for a verb in `-ed` or `-ing`."""
    plain = _plain(text)
    found = {plain, _IRREGULAR.get(plain, plain)}
    for ending in _ENDINGS:
        cut = plain.removesuffix(ending)
        if cut == plain or len(cut) < 3 or (ending == "ing" and plain in _NOUNS_IN_ING):
            continue
        found.update(_undoubled(cut))
        if ending in _VERBAL:
            found.update(f"~{one}" for one in _undoubled(cut))
    if plain.endswith("ies"):
        found.add(plain[:-3] + "y")
    elif plain.endswith("e") and len(plain) > 4:
        found.add(plain[:-1])
    return frozenset(found)


def _undoubled(cut: str) -> tuple[str, ...]:
    return (cut, cut[:-1]) if len(cut) > 3 and cut[-1] == cut[-2] else (cut,)


def _article(word: Word) -> bool:
    return word.text in _ARTICLES


def _plain(text: str) -> str:
    return text.removesuffix("'s").replace("'", "")


def _units_agree(wanted: TermWord, word: Word) -> bool:
    if PERCENT in {wanted.unit, word.unit}:
        return wanted.unit == word.unit or (wanted.unit == "" and wanted.value is not None)
    return wanted.unit != POUNDS or word.unit == POUNDS or (wanted.value or 0) >= 1000


def _beside(words: Sequence[Word], last: int, at: int, folded: str) -> bool:
    """Return whether one word follows another, articles apart, in one sentence."""
    for left, right in zip(range(last, at), range(last + 1, at + 1), strict=True):
        between = folded[words[left].end : words[right].start]
        if len(between) > _BETWEEN or _NOT_BETWEEN.search(between):
            return False
    return True


def deletions(text: str) -> set[str]:
    """Return a word and what is left of it without one of its letters: two words one slip apart share one of these."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def one_apart(one: str, other: str) -> bool:
    """Return whether two words differ by one letter: wrong, missing, too many, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[at:], other[at:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[1:2] + rest[:1] == others[:2] and rest[2:] == others[2:] and len(rest) > 1)
    )


@cache
def ordinary_talk() -> tuple[str, ...]:
    """Return lines as people write them under a council's posts, about nothing confidential; written by us."""
    lines = ORDINARY_TALK.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def ordinary_words() -> frozenset[str]:
    """Return the words of ordinary talk: one of them is no slip of the pen."""
    return frozenset(word.text for line in ordinary_talk() for word in words_of(fold(line).text))
