"""The words by which people in the registers are called: names, aliases, handles, roles, wards, places, outlets.

Built once from the registers by `processors.reading.names`. How sure a phrase is decides what else must hold before it
counts: a first name only where its owner is being talked to or about, an ordinary word only with a capital or a title,
a misspelt surname only where it stands as a name does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.registers.types import Councillor, Officer, Registers
from pipeline.text.fold import fold


class Token(StrEnum):
    """What stands in the text for a name, so that rules hold no names."""

    PERSON = "xqp"
    OFFICER = "xqo"
    COUNCIL = "xqb"
    PLACE = "xql"
    OUTLET = "xqm"


class Sureness(StrEnum):
    """What else a phrase needs: nothing, a capital, a title before it, or that its owner is being talked about."""

    SURE = "sure"
    COMMON = "common"
    TITLED = "titled"
    FIRST = "first"
    SHORT = "short"
    SLIP = "slip"
    CAPITAL = "capital"


@dataclass(frozen=True)
class Phrase:
    """One folded phrase and whom or what it names; person is None for the council, a place or an outlet."""

    words: str
    token: Token
    person: str | None
    sureness: Sureness = Sureness.SURE


_ROLE_FOR = re.compile(r"(cabinet member|portfolio holder|spokesman|spokeswoman|champion) for (.+)")
_HEAD_OF = re.compile(r"head of (.+)")
_ANY_OFFICER = frozenset((
    "officer", "worker", "crew", "team", "service", "staff", "clerk", "manager", "director", "executive", "exec",
    "office", "men", "man", "lead", "department", "housing", "group", "assistant", "adviser", "support", "comm",
    "security",
))  # fmt: skip
"""Last words of a role that fit too many to mean one."""
_SLIP_FROM = 6
"""Surnames of at least so many letters are known with a slip of the pen."""
_CHAIR_OF = re.compile(r"(?:chair|chairman|chairwoman) of (.+?)(?: committee)?")
_SHORT_ROLES = {
    "leader of the council": ("council leader", "the leader", "leader of the council"),
    "deputy leader": ("deputy leader", "deputy council leader"),
    "leader of the opposition": ("opposition leader", "leader of the opposition"),
}


def key_of(words: str) -> str:
    """Return a phrase without spaces, hyphens and signs, as phrases are looked up."""
    return re.sub(r"[^a-z0-9]+", "", words)


def phrases_of(registers: Registers) -> Iterator[Phrase]:
    """Yield every phrase of the registers, folded."""
    for councillor in registers.councillors:
        yield from _councillor(councillor)
    yield from _wards(registers)
    for account in registers.accounts.values():
        if account.councillor_id is not None:
            yield Phrase(_fold("@" + account.handle), Token.PERSON, account.councillor_id)
    for officer in registers.officers:
        yield from _officer(officer)
    yield from _bodies(registers)


def _fold(words: str) -> str:
    return fold(words).text.strip()


def _councillor(one: Councillor) -> Iterator[Phrase]:
    name = _fold(one.name)
    first, _, last = name.partition(" ")
    common = {_fold(word) for word in one.common_word_aliases}
    yield Phrase(name, Token.PERSON, one.id)
    for alias in map(_fold, one.aliases):
        yield Phrase(alias, Token.PERSON, one.id, Sureness.COMMON if alias in common else Sureness.SURE)
    for alias in common:
        yield Phrase(alias, Token.PERSON, one.id, Sureness.COMMON)
    if last:
        yield Phrase(last, Token.PERSON, one.id, Sureness.TITLED)
        if last not in common:
            yield from (Phrase(slip, Token.PERSON, one.id, Sureness.SLIP) for slip in _slips(last))
    yield Phrase(first, Token.PERSON, one.id, Sureness.FIRST)
    for handle in one.handles.values():
        yield Phrase(_fold("@" + handle), Token.PERSON, one.id)
    for role in map(_fold, one.roles):
        for phrase in _role_phrases(role):
            yield Phrase(phrase, Token.PERSON, one.id)


def _slips(name: str) -> Iterator[str]:
    """Yield a long surname as it is misspelt: neighbours exchanged, a letter left out, one written double."""
    if len(name) < _SLIP_FROM or not name.isalpha():
        return
    inner = range(1, len(name) - 1)
    exchanged = (name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in inner)
    missing = (name[:at] + name[at + 1 :] for at in range(1, len(name)))
    doubled = (name[:at] + name[at] + name[at:] for at in inner)
    yield from {*exchanged, *missing, *doubled} - {name}


def _role_phrases(role: str) -> Iterator[str]:
    yield role
    yield from _SHORT_ROLES.get(role, ())
    if role.startswith("mayor of "):
        yield from ("the mayor", "mr mayor", "madam mayor")
    chair = _CHAIR_OF.fullmatch(role)
    if chair:
        subject = chair.group(1)
        for title in ("chair", "chairman", "chairwoman"):
            yield from (f"{subject} {title}", f"{subject} committee {title}", f"{title} of {subject}")
    duty = _ROLE_FOR.fullmatch(role)
    if duty:
        for subject in {duty.group(2), *re.split(r" and |, ", duty.group(2))}:
            for title in ("cabinet member", "portfolio holder", "cabinet lead"):
                yield from (f"{title} for {subject}", f"{subject} {title}")


def _wards(registers: Registers) -> Iterator[Phrase]:
    for ward in registers.council.wards:
        members = [one.id for one in registers.councillors if one.ward == ward]
        name = _fold(ward)
        for member in members:
            sureness = Sureness.SURE if len(members) == 1 else Sureness.FIRST
            for phrase in (f"councillor for {name}", f"cllr for {name}", f"member for {name}", f"{name} councillor"):
                yield Phrase(phrase, Token.PERSON, member, sureness)


def _officer(one: Officer) -> Iterator[Phrase]:
    role = _fold(re.sub(r"\s*\(.*\)", "", one.role))
    yield from (Phrase(words, Token.OFFICER, one.id, Sureness.SHORT) for words in _short(role, one))
    for words in {role, *map(_fold, one.role_words)}:
        yield Phrase(words, Token.OFFICER, one.id)
        yield Phrase(words[:-1] if words.endswith("s") else words + "s", Token.OFFICER, one.id)


def _short(role: str, one: Officer) -> Iterator[str]:
    """Yield what people call an officer for short: the wardens, the parking boss."""
    head = _HEAD_OF.fullmatch(role)
    if head:
        for subject in {head.group(1), *re.split(r" and |, ", head.group(1))}:
            yield from (f"{title} of {subject}" for title in ("head", "boss", "chief"))
            yield from (f"{subject} {title}" for title in ("boss", "chief", "head"))
    for words in {role, *map(_fold, one.role_words)}:
        last = words.rpartition(" ")[2].removesuffix("s")
        if words.removesuffix("s") != last and last not in _ANY_OFFICER and not head:
            yield from (last, f"{last}s")


def _bodies(registers: Registers) -> Iterator[Phrase]:
    council = registers.council
    places = {_fold(place) for place in council.places}
    for place in sorted({*places, *map(_fold, council.wards)}):
        yield Phrase(place, Token.PLACE, None, Sureness.CAPITAL)
    for name in (council.name, *council.aliases):
        folded = _fold(name)
        if folded.removeprefix("the ") not in {*places, "council", "borough"}:
            yield Phrase(folded, Token.COUNCIL, None)
    for handle in council.handles.values():
        yield Phrase(_fold("@" + handle), Token.COUNCIL, None)
    for outlet in registers.media:
        for name in (outlet.name, *(handle for handles in outlet.handles.values() for handle in handles)):
            yield Phrase(_fold(name), Token.OUTLET, None)
        for person in outlet.people:
            yield Phrase(_fold(re.sub(r"\s*\(.*\)", "", person)), Token.OUTLET, None)
