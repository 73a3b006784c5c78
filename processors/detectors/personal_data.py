"""Personal data of people who hold no office (5.2.10, 7.4): a name with an address, a number, a case, an illness.

Weak pattern, then check, then context: UK forms are checked, consent on record sets free, one's own details are one's
own, and an illness that is the subject of a service is nobody's. What is asked for in public, and pictures, stand in
`processors.detectors.personal_data_asked`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.consent import consent_ended, consented
from processors.reading.phrases import key_of
from processors.reading.private_names import private_name
from processors.reading.uk_forms import forms_in
from processors.rules.patterns import Found, Pattern

SPECIAL = frozenset({"health", "child", "private life"})
"""Kinds that make a disclosure high: special categories, children, abuse and crime."""
_ALONE = frozenset({"ni_number", "nhs_number", "bank"})
_DETAIL = frozenset({"address", "phone", "birth", "email", "registration", "postcode"})
_AFTER = 28
"""So many characters after an illness are read for the service it may be the subject of."""
_BESIDE = 24
"""So near must a name stand after the part that somebody has in a case ('the objector is ...')."""


@dataclass(frozen=True)
class _Seen:
    kinds: frozenset[str]
    start: int
    end: int


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible disclosures of personal data."""
    if "personal_hint" not in case.gates:
        return
    reading = case.reading
    if reading.by_council and reading.event.in_reply_to is None:
        return
    for field in reading.own_fields():
        seen = _seen(case, field) if field is not Field.ALT_TEXT else None
        level = _level(case, field, seen) if seen is not None else None
        if seen is not None and level is not None:
            yield _finding(case, field, seen, level)
            return
    if reading.outbound:
        yield from _after_consent(case)


def _after_consent(case: Case) -> Iterator[Finding]:
    """Yield somebody named whose consent is on record and has ended: low, whatever is told of them."""
    folded = case.reading.folded(Field.TEXT)
    one = consent_ended(case, folded.text)
    if one is None:
        return
    start = min(at for at in (folded.text.find(term.lower()) for term in one.person_terms) if at >= 0)
    span = folded.span(start, start + 1)
    yield Fact(
        rule="personal-data", category=Category.PERSONAL_DATA, level=Level.LOW, paragraphs=("5.2.10", "7.4"),
        reason=f"low because: names somebody whose consent {one.ref} has ended or was withdrawn",
        field=Field.TEXT, span=span,
    ).finding()  # fmt: skip


def _seen(case: Case, field: Field) -> _Seen | None:
    reading = case.reading
    original, folded = reading.written(field), reading.folded(field)
    forms = [one for one in forms_in(original) if not _published(case, original[one.start : one.end])]
    spans = {one.kind: (one.start, one.end) for one in forms}
    named = private_name(original, reading.marked(field))
    if named is None and not spans:
        return None
    for kind, pattern in _kinds(case):
        found = _personal(case, pattern, folded.text)
        if found is not None:
            spans[kind] = folded.span(found.start(), found.end())
    if named is not None:
        spans["name" if named.sure else "first name"] = (named.start, named.end)
    part = spans.get("part in a case")
    if part is not None and (named is None or not 0 <= named.start - part[1] <= _BESIDE):
        del spans["part in a case"]
    kinds = frozenset(spans)
    if not _enough(case, field, kinds):
        return None
    return _Seen(kinds, min(start for start, _ in spans.values()), max(end for _, end in spans.values()))


def _kinds(case: Case) -> Iterator[tuple[str, Pattern]]:
    cues = case.cues
    yield from (("health", cues.health), ("casework", cues.casework), ("child", cues.child))
    yield from (("private life", cues.private_life), ("part in a case", cues.identifies), ("day", cues.age_or_day))


def _personal(case: Case, pattern: Pattern, text: str) -> Found | None:
    """Return the first match that is not the subject of a service: a dementia cafe is nobody's dementia."""
    for found in pattern.finditer(text):
        topic = case.cues.general_topic.search(text, found.end(), min(len(text), found.end() + _AFTER))
        if topic is None or topic.start() > found.end() + 2:
            return found
    return None


def _enough(case: Case, field: Field, kinds: frozenset[str]) -> bool:
    """Return whether the kinds together tell something about somebody who can be found."""
    if kinds & _ALONE:
        return True
    text = case.reading.folded(field).text
    if case.reading.by_council:
        named, detail = kinds & {"name", "first name"}, kinds & _DETAIL
        return bool(named and detail) and case.cues.own_details.search(text) is None
    if case.reading.outbound:
        return _enough_by_councillor(case, text, kinds)
    return _enough_by_public(case, text, kinds)


def _enough_by_councillor(case: Case, text: str, kinds: frozenset[str]) -> bool:
    detail, sensitive = kinds & _DETAIL, kinds & (SPECIAL | {"casework"})
    if not kinds & SPECIAL and case.cues.reported_openly.search(text) is not None:
        return False
    told = detail | sensitive | (kinds & {"part in a case"})
    if "name" in kinds and told:
        return sensitive != told or case.cues.own_kin.search(text) is None
    if "name" in kinds and "day" in kinds:
        return case.cues.with_permission.search(text) is not None
    if "first name" in kinds and (detail or (kinds & SPECIAL and "address" in kinds)):
        return True
    return "address" in kinds and bool(kinds & {"casework", "health", "email", "phone"})


def _enough_by_public(case: Case, text: str, kinds: frozenset[str]) -> bool:
    detail = kinds & _DETAIL
    if case.cues.own_details.search(text) is not None:
        return False
    if "name" in kinds and (detail or "part in a case" in kinds):
        return True
    if {"email", "address"} <= kinds or {"phone", "address"} <= kinds:
        return case.cues.about_somebody.search(text) is not None
    spared = case.cues.thanks_for_care.search(text) is not None or case.cues.own_kin.search(text) is not None
    return "name" in kinds and bool(kinds & SPECIAL) and not spared


def _level(case: Case, field: Field, seen: _Seen) -> Level | None:
    """Return high for special categories, children, abuse or crime; low where a consent is claimed for an anniversary
    and none is on record; None where one is on record, or where somebody has died.
    """
    text = case.reading.folded(field).text
    if consented(case, text, seen.kinds):
        return None
    special = seen.kinds & SPECIAL
    if not special and seen.kinds <= {"name", "day", "first name"}:
        return Level.LOW
    if seen.kinds <= {"name", "day", "health"} and case.cues.deceased.search(text) is not None:
        return None
    return Level.HIGH if special else Level.MODERATE


def _published(case: Case, words: str) -> bool:
    """Return whether it is a number or address that the Council itself publishes."""
    key = key_of(words.lower())
    return any((known and known in key) or key in known for known in case.context.published_keys if len(key) > 5)


def _finding(case: Case, field: Field, seen: _Seen, level: Level) -> Finding:
    posted = case.reading.outbound and field is Field.TEXT
    paragraphs = ("5.2.10", "7.4") if posted else ("7.4", "5.2.10")
    kinds = ", ".join(sorted(kind.replace("_", " ") for kind in seen.kinds))
    consent = "; a consent is claimed, none is on record" if _claims_consent(case, field) else ""
    original = case.reading.written(field)
    return Fact(
        rule="personal-data",
        category=Category.PERSONAL_DATA,
        level=level,
        paragraphs=paragraphs,
        reason=f"{level} because: personal data of somebody who holds no office ({kinds}){consent}",
        field=field,
        span=(seen.start, seen.end),
        quote=original[seen.start : seen.end],
    ).finding()


def _claims_consent(case: Case, field: Field) -> bool:
    return case.cues.with_permission.search(case.reading.folded(field).text) is not None
