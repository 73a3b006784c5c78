"""Who is meant: 'you', 'he', 'she', a name or nobody, worked out from the words and from where they stand.

Used when a rule has matched, so it may take its time. A person is always the id of a registered councillor or officer.
"""

import re
from dataclasses import dataclass

from pipeline.vocabulary.finding import Field
from processors.reading.names import Marked, Mention
from processors.reading.phrases import Token
from processors.reading.reading import Reading

_YOU = re.compile(r"\b(?:you|u|ya|ye|yer|yous|youse|your|ur|you're|youre|you'll|youll|you've|yourself|urself|thee)\b")
_SHE_HE = re.compile(
    r"\b(?:he|him|his|he's|hes|she|her|she's|shes|hers|himself|herself|he'll|she'll|hell|he'd|she'd)\b"
)
_FAMILY = (
    r"(?:wife|husband|hubby|missus|partner|kid|kids|child|children|daughter|daughters|son|sons|mum|mam|mom|dad|mother|"
    r"father|parents|family|grandkids|grandchildren|grandson|granddaughter|sister|brother|nan|little ones|boy|girl|lad|"
    r"lads|baby|babies|boyfriend|girlfriend|loved ones)"
)
_KIN = re.compile(rf"\b(?:your|ur|yer|his|her|their|xqp(?:'s)?)\s+(?:\w+\s+)?{_FAMILY}\b")
_GROUP = re.compile(
    r"\b(?:you lot|yous lot|lot of (?:you|them|yous)|all of (?:you|them)|the council|the cabinet|councillors|cllrs|"
    r"every (?:last )?one of (?:you|them)|the whole (?:lot|council|cabinet)|"
    r"you people|them all|you all|those (?:in|at) "
    r"(?:the )?(?:council|xql)|council officers|council staff|planners|politicians|xqb)\b"
)
_THEY = re.compile(r"\b(?:they|them)\b")
_SOMEBODYS = re.compile(rf"\b{_FAMILY}\b")


_SPEAKS = ("you", "u ", "ur ", "i'll", "i know", "we ", "i ")
_FEW, _CLOSE = 12, 40


@dataclass(frozen=True)
class Aimed:
    """Whom words are about: a person, or a body of people, or neither. family: it is somebody close to that person."""

    person: str | None
    group: bool = False
    family: bool = False


def aimed(reading: Reading, field: Field, place: tuple[int, int], only: Token | None = None) -> Aimed:
    """Return whom the words at a place (start, end) of a marked field are about; only says which tokens count.

    A name among the words comes first, then 'you' and 'he' or 'she' among them, then a name close by, then whoever the
    place speaks to. A councillor is never the target of their own words.
    """
    start, end = place
    marked = reading.marked(field)
    words = marked.text[start:end]
    person = _inside(marked, place, only) or _by_pronoun(reading, marked, start, words)
    group = _is_group(words)
    if person is None and not group and not (_YOU.search(words) or _SHE_HE.search(words)):
        person = _default(reading, marked, place, only)
    if person is not None and reading.outbound and person == reading.owner:
        person = None
    return Aimed(person, group, person is not None and _KIN.search(words) is not None)


def names_a_body(words: str) -> bool:
    """Return whether words name a body of people: all of you, councillors, the Council."""
    return _GROUP.search(words) is not None


def speaks_to(words: str) -> bool:
    """Return whether words speak to somebody: you, your."""
    return _YOU.search(words) is not None


def _is_group(words: str) -> bool:
    """Return whether words mean a body of people; 'they' after a family means the family."""
    if names_a_body(words):
        return True
    return _THEY.search(words) is not None and _SOMEBODYS.search(words) is None


def agreed_about(reading: Reading, field: Field, place: tuple[int, int]) -> str | None:
    """Return whom words without a person are about in answer to a resident: the one person whom the resident named."""
    words = reading.marked(field).text[place[0] : place[1]]
    if not reading.answers_resident or _YOU.search(words) or _is_group(words):
        return None
    return _only(reading.around)


def addressed(reading: Reading, field: Field) -> str | None:
    """Return who 'you' is in a field."""
    people = _people(reading, reading.marked(field))
    named = people[0] if len(set(people)) == 1 else None
    marked = reading.marked(field)
    vocative = _vocative(marked)
    if reading.replied_to is not None:
        return vocative or reading.replied_to
    if vocative is not None:
        return vocative
    if reading.answers_resident:
        return named
    return reading.owner_of_thread() or _only(reading.mentioned) or named or reading.speaker or _only(reading.titled)


def spoken_of(reading: Reading, field: Field, before: int) -> str | None:
    """Return who 'he' or 'she' is at a place in a field: the last person named, else whoever is talked about there."""
    marked = reading.marked(field)
    people = [one for one in marked.people() if one.person is not None]
    earlier = [one.person for one in people if one.start < before]
    if earlier:
        return earlier[-1]
    if people:
        return people[0].person
    if reading.event.in_reply_to is not None and reading.answers_resident:
        return _only(reading.around) or reading.owner_of_thread() or _only(reading.titled)
    return (
        reading.replied_to
        or reading.speaker
        or reading.owner_of_thread()
        or _only(reading.mentioned)
        or _only(reading.around)
    )


def _inside(marked: Marked, place: tuple[int, int], only: Token | None) -> str | None:
    inside = [one for one in marked.people() if place[0] <= one.start < place[1] and only in {None, one.token}]
    return inside[-1].person if inside else None


def _by_pronoun(reading: Reading, marked: Marked, start: int, words: str) -> str | None:
    field = _field_of(reading, marked)
    third = _SHE_HE.search(words)
    second = _YOU.search(words)
    if second and (not third or second.start() > third.start() or third.group() == "hell"):
        return addressed(reading, field)
    if third:
        return spoken_of(reading, field, start + third.start())
    return None


def _default(reading: Reading, marked: Marked, place: tuple[int, int], only: Token | None) -> str | None:
    start, end = place
    people = [one for one in marked.people() if only in {None, one.token}]
    if people:
        return min(people, key=lambda one: _distance(one, start, end)).person
    field = _field_of(reading, marked)
    return addressed(reading, field)


def _distance(one: Mention, start: int, end: int) -> int:
    return start - one.end if one.end <= start else one.start - end


def _field_of(reading: Reading, marked: Marked) -> Field:
    return next(field for field in Field if reading.marked(field) is marked)


def _people(reading: Reading, marked: Marked) -> list[str]:
    own = reading.owner if reading.outbound else None
    return [one.person for one in marked.people() if one.person is not None and one.person != own]


def _vocative(marked: Marked) -> str | None:
    """Return a person spoken to by name: at the beginning or the end, set off by a comma, or followed by 'you'."""
    people = marked.people()
    return next((one.person for one in (*people[:_FEW], *people[-_FEW:]) if _is_spoken_to(marked.text, one)), None)


def _is_spoken_to(text: str, one: Mention) -> bool:
    before = text[max(0, one.start - _CLOSE) : one.start].rstrip(" @\"'")
    after = text[one.end : one.end + _CLOSE].lstrip()
    begins = not before or before[-1] in ",.!?\n"
    if begins and (not after or after[0] in ",.!?" or (not before and after.startswith(_SPEAKS))):
        return True
    ends = not after.strip(" .!?") or after.startswith(("you ", "you're", "you,"))
    return ends and (before.endswith(",") or _YOU.search(text, max(0, one.start - 200), one.end + 200) is not None)


def _only(people: tuple[str, ...]) -> str | None:
    return people[0] if len(people) == 1 else None
