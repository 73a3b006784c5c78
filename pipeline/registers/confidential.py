"""The register of confidential topics, checked: bases, times in their zone, terms that could match, who may see it.

Between `load`, which asks for faults, and `parapet check`, which also prints notes. No message quotes a term: it says
which field and which entry.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pipeline.registers.topic import ConfidentialTopic, TopicStatus
from pipeline.registers.types import Registers
from pipeline.text.fold import fold
from pipeline.text.words import Word, words_of

FILE = "topics.json"
TERM_LISTS = ("strong_terms", "code_names", "people", "organisations", "addresses", "sums")
"""Fields that hold terms, `terms_all_of` apart."""
AUDIENCE_ROLES = (
    "communications_officer",
    "communications_lead",
    "monitoring_officer",
    "service_head",
    "data_protection_officer",
)
"""Roles of the console that an audience may name; a person is `user:NAME`."""
USER = "user:"
REVIEW_AHEAD = timedelta(days=30)

_TIMES = ("confidential_from", "confidential_until", "lifted_at")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EXEMPT = re.compile(
    r"sch(?:edule|\.)? ?12a,?(?: part (?:1|i),?)? para(?:graph)?s?\.? ?(\d(?:(?:, ?| and |, and )\d)*)"
)
_CONFIDENTIAL = re.compile(r"(?:s\.? ?|section )100a ?(?:\([23]\))? ?(?:\(([ab])\))?")
_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}")


class BasisKind(StrEnum):
    """On what a topic is kept from the public."""

    EXEMPT = "exempt"
    CONFIDENTIAL = "confidential"
    EMBARGO = "embargo"
    OTHER = "other"


@dataclass(frozen=True)
class Basis:
    """The basis of a topic; paragraphs are those of Schedule 12A, Part 1."""

    kind: BasisKind
    paragraphs: tuple[int, ...] = ()
    limb: str = ""

    @property
    def label(self) -> str:
        """Return the words people read."""
        if self.kind is BasisKind.EXEMPT:
            many = "paragraphs" if len(self.paragraphs) > 1 else "paragraph"
            return f"exempt, Schedule 12A {many} {', '.join(map(str, self.paragraphs))}"
        if self.kind is BasisKind.CONFIDENTIAL:
            return f"confidential, section 100A(3){self.limb}"
        return "under embargo" if self.kind is BasisKind.EMBARGO else "kept confidential"


def read_basis(text: str) -> Basis | None:
    """Return the basis that a register gives, or None where it is none."""
    plain = " ".join(text.lower().split()).rstrip(".")
    exempt = _EXEMPT.fullmatch(plain)
    if exempt is not None:
        paragraphs = tuple(dict.fromkeys(int(one) for one in re.findall(r"\d", exempt.group(1))))
        return Basis(BasisKind.EXEMPT, paragraphs) if all(1 <= one <= 7 for one in paragraphs) else None
    limb = _CONFIDENTIAL.fullmatch(plain)
    if limb is not None:
        return Basis(BasisKind.CONFIDENTIAL, limb=f"({limb.group(1)})" if limb.group(1) else "")
    if plain.startswith("embargo"):
        return Basis(BasisKind.EMBARGO)
    return Basis(BasisKind.OTHER) if plain.startswith("other:") and len(plain) > 9 else None


def settled(topics: Iterable[ConfidentialTopic], problems: list[str]) -> tuple[ConfidentialTopic, ...]:
    """Return the topics with every time aware: one without an offset is the clock's time in the topic's zone."""
    return tuple(_settled(topic, problems) for topic in topics)


def _settled(topic: ConfidentialTopic, problems: list[str]) -> ConfidentialTopic:
    where = f"{FILE}: {topic.ref!r}"
    try:
        zone = ZoneInfo(topic.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(f"{where}: timezone {topic.timezone!r} is unknown: write Europe/London")
        zone = ZoneInfo("Europe/London")
    times: dict[str, datetime] = {}
    for name in _TIMES:
        time: datetime | None = getattr(topic, name)
        if time is not None and time.tzinfo is None:
            early, late = (time.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
            if early.utcoffset() != late.utcoffset():
                problems.append(
                    f"{where}: {name}: the clocks change in that hour: write an offset, such as +00:00 or +01:00"
                )
            times[name] = early
    return msgspec.structs.replace(topic, **times) if times else topic


def topic_faults(loaded: Registers) -> list[str]:
    """Return what is wrong with the topics, each with field and cure."""
    freed = {item.topic_ref for item in loaded.published}
    faults = [f"{FILE}: {topic.ref!r}: {fault}" for topic in loaded.topics for fault in _faults(topic)]
    faults += [
        f"{FILE}: {topic.ref!r}: status is published, and nothing says when: give confidential_until, "
        "or the publication in published.json"
        for topic in loaded.topics
        if topic.status is TopicStatus.PUBLISHED and topic.confidential_until is None and topic.ref not in freed
    ]
    return faults


def _faults(topic: ConfidentialTopic) -> Iterator[str]:
    if not _REF.fullmatch(topic.ref):
        yield "ref is no reference: write letters, digits and hyphens, such as CT-04"
    for name in ("title", "owner"):
        if not getattr(topic, name).strip():
            yield f"{name} is empty: fill it in"
    if read_basis(topic.basis) is None:
        yield (
            "basis is none of those there are: write 'Schedule 12A para 3' (1 to 7; several with commas), "
            "'s.100A(3)(a)' or '(b)', 'Embargo until ...', or 'Other: ...'"
        )
    yield from _time_faults(topic)
    yield from _term_faults(topic)
    for one in topic.audience:
        if one not in AUDIENCE_ROLES and not (one.startswith(USER) and len(one) > len(USER)):
            yield f"audience: {one!r} is nobody: write {', '.join(AUDIENCE_ROLES)} or {USER}NAME"


def _time_faults(topic: ConfidentialTopic) -> Iterator[str]:
    begins, ends, lifted = topic.confidential_from, topic.confidential_until, topic.lifted_at
    if ends is not None and ends <= begins:
        yield "confidential_until is not after confidential_from: correct one of them"
    if lifted is not None and lifted < begins:
        yield "lifted_at is before confidential_from: correct one of them"
    if lifted is not None and not (topic.lifted_by and topic.lift_reason):
        yield "lifted_by or lift_reason is missing: say who set it free, and why"
    if (topic.status is TopicStatus.LIFTED) != (lifted is not None):
        yield "status lifted and lifted_at go together: give both or neither"


def _term_faults(topic: ConfidentialTopic) -> Iterator[str]:
    particulars = any(getattr(topic, name) for name in TERM_LISTS)
    if len(topic.terms_all_of) < 2 and not particulars:
        yield (
            "nothing could match: give terms_all_of two groups (the matter, and what is secret of it), or "
            "strong_terms, code_names, people, organisations, addresses or sums"
        )
    lists = [(f"terms_all_of, group {at}", group) for at, group in enumerate(topic.terms_all_of, start=1)]
    for where, group in lists:
        if not group:
            yield f"{where} is empty: give it a term, or take it out"
    lists += [(name, getattr(topic, name)) for name in (*TERM_LISTS, "public_phrases")]
    for where, terms in lists:
        for at, term in enumerate(terms, start=1):
            fault = term_fault(where, term)
            if fault:
                yield f"{where}, entry {at} {fault}"


def term_fault(where: str, term: str) -> str:
    """Return what is wrong with one term of a field, and the cure; nothing where it can be used."""
    words = words_of(fold(term).text)
    if not words or (len("".join(one.text for one in words)) < 3 and not _figures(words)):
        return "is too short: it would match anything; write at least three letters, or a figure"
    if where == "sums" and not _figures(words):
        return "holds no figure: write it as £4.2m, 4.99% or eleven posts"
    if where == "people" and len(words) < 2:
        return "is one word: write first name and surname"
    if where == "addresses" and len(words) < 2 and not _POSTCODE.search(fold(term).text):
        return "is no address: write number and street, or a postcode"
    return ""


def _figures(words: Iterable[Word]) -> bool:
    return any(word.value is not None for word in words)


def topic_notes(loaded: Registers, today: date) -> list[str]:
    """Return what is no fault of the topics and wants looking at."""
    roles = {officer.role.lower() for officer in loaded.officers}
    known = {topic.ref for topic in loaded.topics}
    notes = [
        f"published.json: {item.ref!r}: topic_ref {item.topic_ref!r} is not in {FILE}: it sets nothing free"
        for item in loaded.published
        if item.topic_ref is not None and item.topic_ref not in known
    ]
    for topic in loaded.topics:
        notes += [f"{FILE}: {topic.ref!r}: {note}" for note in _notes(topic, roles, today)]
    return notes


def _notes(topic: ConfidentialTopic, roles: set[str], today: date) -> Iterator[str]:
    if topic.owner.lower() not in roles:
        yield "owner is the role of no officer in councillors.json: no service head can be named"
    if topic.status is TopicStatus.EMBARGOED and topic.confidential_until is None:
        yield "it is embargoed and has no confidential_until: it stays so until it is lifted or published"
    if topic.review_on is not None and topic.review_on <= today + REVIEW_AHEAD and topic.lifted_at is None:
        yield f"its review is on {topic.review_on.isoformat()}: keep it, change it or lift it"
    zone = ZoneInfo(topic.timezone)
    for name in _TIMES:
        time: datetime | None = getattr(topic, name)
        if time is not None and time.utcoffset() != time.astimezone(zone).utcoffset():
            yield f"{name} is {time.astimezone(zone):%H:%M} by the clock of {topic.timezone}: is that meant?"
