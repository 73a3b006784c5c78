"""The confidential topics, made ready: the terms of all of them in one index, so that a post is read once.

Built once from the register and used by the leak detector only. Terms appear in no finding, reason or log. What a
topic's people, organisations, addresses and sums can be written as is worked out here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.registers.confidential import Basis, BasisKind, read_basis
from pipeline.registers.topic import ConfidentialTopic, TopicStatus
from pipeline.registers.types import Councillor, Published, Registers
from pipeline.text.words import Word
from processors.reading.kindred import by_basis, half_name, kindred, roughly
from processors.reading.terms import Place, Term, deletions, forms, ordinary_words, term_of

_STRONG, _WEAK, _SPOKEN_OF = 2, 1, 0
_TITLES = ("mr", "mrs", "ms", "miss", "dr", "cllr", "councillor", "sir", "dame", "rev", "prof")
_COMPANY = re.compile(r",? (?:ltd|limited|plc|llp|inc|cic|cio|group|holdings)\.?$", re.IGNORECASE)
_POSTCODE = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?) ?(\d[A-Za-z]{2})\b")
_FIGURE = re.compile(r"\d")
_RAW = re.compile(r"\w+")
_ONLY_NAMED = re.compile(
    r"exempt|part (?:ii|2|b)\b|not for publication|press and public|title of the item", re.IGNORECASE
)
_MEMORY = 50_000


@dataclass(frozen=True)
class Topic:
    """A topic with its terms, as numbers in `Topics.terms`.

    subject is the first group; secrets are the others, all of which must be met; particulars are people,
    organisations, addresses and sums, by kind. phrases are harmless from a time on (None: always). capitals
    are halves of names, and names that are words as well: they count where they are written with a capital.
    """

    ref: str
    basis: Basis
    begins: datetime
    ends: datetime | None
    subject: tuple[int, ...]
    secrets: tuple[tuple[int, ...], ...]
    strong: tuple[int, ...]
    particulars: Mapping[str, tuple[int, ...]]
    phrases: tuple[tuple[int, datetime | None], ...]
    capitals: frozenset[int]

    def confidential_at(self, when: datetime) -> bool:
        """Return whether the topic was confidential at a time: from the beginning up to, not including, the end."""
        return self.begins <= when and (self.ends is None or when < self.ends)


Hits = dict[int, list[Place]]
"""Where each term stands, by its number."""


class Topics:
    """All topics, and an index from a word to the terms that may begin with it."""

    def __init__(self, registers: Registers) -> None:
        self.terms: list[Term] = []
        self._numbers: dict[tuple[str, int | None], int] = {}
        self._by_key: dict[str, list[int]] = {}
        self._by_slip: dict[str, list[int]] = {}
        self._by_value: dict[float, list[int]] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        self._met: set[str] = set()
        self._pointing: set[str] = set()
        in_force = [one for one in registers.topics if one.status is not TopicStatus.DRAFT]
        self.topics: tuple[Topic, ...] = tuple(
            self._topic(one, registers.published, registers.councillors) for one in in_force
        )
        self._anchors = frozenset(number for topic in self.topics for number in _anchors(topic))
        self._figure_anchors = any(self.terms[number].words[0].value is not None for number in self._anchors)

    def concern(self, folded: str) -> bool:
        """Return whether a text can be about any topic: a quick look at its words, none of them compared in full."""
        if not self.topics:
            return False
        if self._figure_anchors and _FIGURE.search(folded):
            return True
        words = set(_RAW.findall(folded))
        new = words - self._met
        if new:
            self._pointing.update(word for word in new if not self._anchors.isdisjoint(self._beginning(word)))
            if len(self._met) < _MEMORY:
                self._met |= new
        return not self._pointing.isdisjoint(words)

    def hits(self, words: Sequence[Word], folded: str) -> Hits:
        """Return where the terms of all topics stand in a text."""
        found: Hits = {}
        for at, word in enumerate(words):
            numbers = self._by_value.get(word.value, ()) if word.value is not None else self._beginning(word.text)
            for number in numbers:
                place = self.terms[number].at(words, at, folded)
                if place is not None:
                    found.setdefault(number, []).append(place)
        return found

    def _beginning(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the terms that may begin with a word, remembered for each word."""
        known = self._known.get(text)
        if known is None:
            numbers = {number for form in forms(text) for number in self._by_key.get(form, ())}
            plain = text.removesuffix("'s")
            if len(plain) > 3 and plain not in ordinary_words():
                numbers |= {number for one in deletions(plain) for number in self._by_slip.get(one, ())}
            known = tuple(sorted(numbers))
            if len(self._known) < _MEMORY:
                self._known[text] = known
        return known

    def _topic(
        self, one: ConfidentialTopic, published: Iterable[Published], councillors: Sequence[Councillor]
    ) -> Topic:
        basis = read_basis(one.basis) or Basis(BasisKind.OTHER)
        halves = {half: self._number(half, _STRONG) for group in one.terms_all_of[1:] for half in _halves(group)}
        matter = one.terms_all_of[0] if one.terms_all_of else ()
        groups = [self._all((*matter, *_streets(matter), *_called(matter, councillors)))] if matter else []
        groups += [self._secrets(group, halves, basis) for group in one.terms_all_of[1:]]
        plain = [self._number(word) for word in _common_names(matter, councillors)]
        of_it = [item for item in published if item.topic_ref == one.ref]
        freed = [item.published_at for item in of_it if sets_free(item)]
        ends = [end for end in (one.confidential_until, one.lifted_at, *freed) if end is not None]
        phrases = [(self._number(phrase), None) for phrase in one.public_phrases]
        titles = [(self._number(item.title), item.published_at) for item in of_it if len(item.title.split()) > 3]
        return Topic(
            ref=one.ref,
            basis=basis,
            begins=one.confidential_from,
            ends=min(ends, default=None),
            subject=groups[0] if groups else (),
            secrets=tuple(groups[1:]),
            strong=self._all((*one.strong_terms, *one.code_names)),
            particulars={
                "people": self._all(_spelled(people_spelled, one.people), _STRONG),
                "organisations": self._all(_spelled(organisations_spelled, one.organisations), _STRONG),
                "addresses": self._all(_spelled(addresses_spelled, one.addresses), _STRONG),
                "sums": self._all(one.sums, _STRONG),
            },
            phrases=(*phrases, *titles),
            capitals=frozenset((*halves.values(), *plain)),
        )

    def _secrets(self, group: Sequence[str], halves: Mapping[str, int], basis: Basis) -> tuple[int, ...]:
        """Return the numbers of a group's terms, of what else they are called, and of what such talk turns on."""
        others = dict.fromkeys(one for term in group for one in (*kindred(term), *roughly(term)) if one not in group)
        general = [one for one in by_basis(basis) if one not in group and one not in others]
        named = (halves[half] for half in _halves(group))
        found = (*self._all(group), *self._all(others, _WEAK), *named, *self._all(general, _SPOKEN_OF))
        return tuple(dict.fromkeys(found))

    def _all(self, terms: Iterable[str], weight: int | None = None) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._number(term, weight) for term in terms))

    def _number(self, text: str, weight: int | None = None) -> int:
        known = self._numbers.get((text, weight))
        if known is not None:
            return known
        number, term = len(self.terms), term_of(text, weight)
        self.terms.append(term)
        self._numbers[text, weight] = number
        head = term.words[0]
        if head.value is not None:
            self._by_value.setdefault(head.value, []).append(number)
        for key in head.keys:
            self._by_key.setdefault(key, []).append(number)
        if head.value is None and len(head.text) >= head.slips_from:
            for one in deletions(head.text) | deletions(head.text + "s"):
                self._by_slip.setdefault(one, []).append(number)
        return number


def sets_free(item: Published) -> bool:
    """Return whether a publication sets its topic free: all but an agenda item that only names an exempt report."""
    if item.sets_free is not None:
        return item.sets_free
    return item.kind != "agenda_item" or _ONLY_NAMED.search(f"{item.title} {item.summary}") is None


def people_spelled(name: str) -> Iterator[str]:
    """Yield how a person is written: in full, by initial and surname, by title and surname."""
    parts = [part for part in name.replace(".", " ").split() if part.lower() not in _TITLES]
    if len(parts) < 2:
        yield name
        return
    first, last = parts[0], parts[-1]
    yield " ".join(parts)
    yield f"{first} {last}"
    yield f"{first[0]} {last}"
    yield from (f"{title} {last}" for title in _TITLES)


def organisations_spelled(name: str) -> Iterator[str]:
    """Yield how an organisation is written: with and without `Ltd` and its like, `&` and `and`."""
    for one in (name, _COMPANY.sub("", name)):
        yield one
        if "&" in one:
            yield one.replace("&", "and")
            yield one.replace("&", " ")


def addresses_spelled(address: str) -> Iterator[str]:
    """Yield how an address is written: number and street, `no.` before it, and its postcode alone."""
    postcode = _POSTCODE.search(address)
    if postcode is not None:
        yield f"{postcode[1]} {postcode[2]}"
        yield f"{postcode[1]}{postcode[2]}"
        address = address[: postcode.start()] + address[postcode.end() :]
    parts = [part.strip() for part in address.split(",") if part.strip()]
    while len(parts) > 1 and len(parts[0].split()) < 3 and not parts[0][:1].isalpha():
        parts = [f"{parts[0]} {parts[1]}", *parts[2:]]
    if not parts:
        return
    yield parts[0]
    if parts[0].lower().startswith(("flat ", "unit ", "apartment ")) and len(parts) > 1:
        yield f"{parts[0]} {parts[1]}"
        yield parts[1]


def _spelled(spell: Callable[[str], Iterator[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from spell(name)


def _halves(group: Iterable[str]) -> list[str]:
    return [half for term in group if (half := half_name(term)) is not None]


def _streets(matter: Iterable[str]) -> Iterator[str]:
    """Yield a house told in other words: `14 Kiln Terrace` is `14 on Kiln Terrace`, or told without its number."""
    for term in matter:
        number, _, street = term.partition(" ")
        if number[:1].isdigit() and len(street.split()) > 1:
            yield f"{number} on {street}"
            yield f"{number} in {street}"
            yield street


def _called(matter: Iterable[str], councillors: Iterable[Councillor]) -> Iterator[str]:
    """Yield the other names of a councillor whom the matter is about."""
    for one in councillors:
        names = _names(one)
        if any(term.lower() in names for term in matter):
            yield from names - {term.lower() for term in matter}


def _common_names(matter: Iterable[str], councillors: Iterable[Councillor]) -> list[str]:
    """Return those names among the terms of a matter that are ordinary words as well."""
    common = {name.lower() for one in councillors for name in one.common_word_aliases}
    called = (*matter, *_called(matter, councillors))
    return [term for term in called if term.lower() in common]


def _names(one: Councillor) -> set[str]:
    return {name.lower() for name in (one.name, *one.aliases, *one.common_word_aliases) if len(name) > 3}


def _anchors(topic: Topic) -> Iterator[int]:
    """Yield the terms one of which must stand in a text that tells of a topic: all but plain secrets and sums."""
    yield from topic.subject
    yield from topic.capitals
    yield from topic.strong
    for kind, numbers in topic.particulars.items():
        if kind != "sums":
            yield from numbers
