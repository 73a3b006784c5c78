"""The confidential topics, made ready: their terms as patterns that allow inflection, number words and a slip of the
pen.

Built once from the register and used by the leak detector only. Terms appear in no finding, reason or log.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.registers.types import ConfidentialTopic, Registers
from pipeline.text.fold import fold
from processors.rules.patterns import Pattern, compile_pattern

_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ARTICLES = frozenset({"the", "a", "an"})
_STRONG, _WEAK = 2, 1
_SLIP_FROM = 7
"""Words of at least this many letters are found with one letter wrong, missing or too many."""


@dataclass(frozen=True)
class Term:
    """One term of a group: its pattern, and how much it tells by itself (a plain word little, a name or sum much)."""

    pattern: Pattern
    weight: int


@dataclass(frozen=True)
class Topic:
    """A topic with its terms compiled. subject is the first group; secrets are the others, all of which must be met."""

    ref: str
    begins: datetime
    ends: datetime | None
    subject: tuple[Term, ...]
    secrets: tuple[tuple[Term, ...], ...]
    strong: tuple[Term, ...]
    harmless: Pattern | None

    def confidential_at(self, when: datetime) -> bool:
        """Return whether the topic was confidential at a time: from the beginning up to, not including, the end."""
        return self.begins <= when and (self.ends is None or when < self.ends)


@dataclass(frozen=True)
class Topics:
    """All topics, and one pattern that tells at once whether a text can be about any of them."""

    topics: tuple[Topic, ...]
    any_subject: Pattern | None

    @classmethod
    def of(cls, registers: Registers) -> "Topics":
        """Return the topics of a register; a publication that sets a topic free earlier ends it then."""
        topics = tuple(_topic(one, registers) for one in registers.topics)
        words = [
            _spelled(term)
            for one in registers.topics
            for term in (*(one.terms_all_of[0] if one.terms_all_of else ()), *one.strong_terms)
        ]
        return cls(topics, compile_pattern("|".join(words)) if words else None)


def _topic(one: ConfidentialTopic, registers: Registers) -> Topic:
    freed = [
        item.published_at for item in registers.published if item.topic_ref == one.ref and item.kind != "agenda_item"
    ]
    ends = min([end for end in (one.confidential_until, *freed) if end is not None], default=None)
    harmless = "|".join(re.escape(fold(phrase).text) for phrase in one.public_phrases)
    groups = [_terms(group) for group in one.terms_all_of]
    return Topic(
        ref=one.ref,
        begins=one.confidential_from,
        ends=ends,
        subject=groups[0] if groups else (),
        secrets=tuple(groups[1:]),
        strong=_terms(one.strong_terms),
        harmless=compile_pattern(harmless) if harmless else None,
    )


def _terms(terms: Sequence[str]) -> tuple[Term, ...]:
    return tuple(Term(compile_pattern(_spelled(term)), _weight(term)) for term in terms)


def _weight(term: str) -> int:
    told = [word for word in term.split() if word not in _ARTICLES]
    return _STRONG if len(told) > 1 or any(letter.isdigit() for letter in term) else _WEAK


def _spelled(term: str) -> str:
    """Return the pattern of a term: words in order, each inflected."""
    words = re.findall(r"[a-z0-9£.%']+", fold(term).text)
    return (
        r"(?:^|[^a-z0-9])" + r"[^a-z0-9]{1,3}(?:the |a |our )?".join(_word(word) for word in words) + r"(?:$|[^a-z0-9])"
    )


def _word(word: str) -> str:
    if word in _ARTICLES:
        return r"(?:the|a|an|our|that|this)"
    if word in _NUMBERS:
        return rf"(?:{word}|{_NUMBERS.index(word)})"
    if word.isdigit() and int(word) < len(_NUMBERS):
        return rf"(?:{word}|{_NUMBERS[int(word)]})"
    if not word.isalpha():
        sum_of = word.lstrip("£")
        plain = re.escape(sum_of)
        if re.fullmatch(r"[\d.]+m", sum_of):
            plain = re.escape(sum_of[:-1]) + r" ?(?:m|mil|mill|million)"
        return r"£?" + plain + r"(?:'s|%)?"
    return "(?:" + "|".join(_inflected(word)) + ")"


def _inflected(word: str) -> list[str]:
    stem = word[:-1] if word.endswith("e") and len(word) > 4 else word
    doubled = stem + stem[-1]
    endings = r"(?:s|es|'s|s'|d|ed|ing|ings|er|ers|ure|ures|y|ies|ancy|ancies|ant|ion|ions|ement|ements)?"
    forms = [
        re.escape(word),
        re.escape(stem) + ("e?" if stem != word else "") + endings,
        re.escape(doubled) + "(?:ing|ed)",
    ]
    if len(word) >= _SLIP_FROM:
        forms += [re.escape(word[:at]) + "[a-z]?" + re.escape(word[at + 1 :]) + "s?" for at in range(1, len(word))]
        forms += [re.escape(word[:at]) + "[a-z]" + re.escape(word[at:]) + "s?" for at in range(2, len(word))]
    return forms
