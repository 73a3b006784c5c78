"""Personal data of people who hold no office (5.2.10, 7.1, 7.3.1, 7.4): a name with an address, a number, a case.

Weak pattern, then check, then context: UK forms are checked, consent on record sets free, one's own details are one's
own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.phrases import key_of
from processors.reading.private_names import private_name
from processors.reading.uk_forms import forms_in


@dataclass(frozen=True)
class _Seen:
    kinds: frozenset[str]
    start: int
    end: int


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible disclosures of personal data, and invitations to post it."""
    reading = case.reading
    if reading.by_council:
        return
    yield from _picture(case)
    if reading.outbound and reading.event.text:
        yield from _collects(case)
    if "personal_hint" not in case.gates:
        return
    for field in reading.own_fields():
        if field is Field.ALT_TEXT:
            continue
        seen = _seen(case, field)
        if seen is not None:
            yield _finding(case, field, seen)


def _seen(case: Case, field: Field) -> _Seen | None:
    reading = case.reading
    original = reading.written(field)
    forms = [one for one in forms_in(original) if not _published(case, original[one.start : one.end])]
    folded = reading.folded(field)
    marked = reading.marked(field)
    kinds = {one.kind for one in forms}
    spans = [(one.start, one.end) for one in forms]
    for kind in ("health", "casework", "child"):
        found = case.cues.sensitive[kind].search(folded.text)
        if found is not None:
            kinds.add(kind)
            spans.append(folded.span(found.start(), found.end()))
    named = private_name(original, marked)
    if named is not None:
        kinds.add("name")
        spans.append(named)
    if not _enough(case, kinds) or _own(case, folded.text) or _consented(case, folded.text):
        return None
    return _Seen(frozenset(kinds), min(start for start, _ in spans), max(end for _, end in spans))


def _enough(case: Case, kinds: set[str]) -> bool:
    if {"ni_number", "nhs_number", "bank"} & kinds:
        return True
    detail = {"address", "phone", "birth", "email", "registration", "postcode"} & kinds
    if case.reading.outbound:
        return ("name" in kinds and bool(detail | ({"health", "casework", "child"} & kinds))) or (
            "address" in kinds and bool({"casework", "health"} & kinds)
        )
    return "name" in kinds and bool(detail)


def _own(case: Case, text: str) -> bool:
    return not case.reading.outbound and case.cues.own_details.search(text) is not None


def _consented(case: Case, text: str) -> bool:
    when = case.reading.event.happened_at
    for one in case.registers.consents:
        ends = min((end for end in (one.valid_to, one.withdrawn_at) if end is not None), default=None)
        valid = one.given_at <= when and (ends is None or when < ends)
        if valid and one.councillor_id == case.reading.owner and any(term.lower() in text for term in one.person_terms):
            return True
    return False


def _published(case: Case, words: str) -> bool:
    """Return whether it is a number or address that the Council itself publishes."""
    key = key_of(words.lower())
    return any((known and known in key) or key in known for known in case.context.published_keys if len(key) > 5)


def _finding(case: Case, field: Field, seen: _Seen) -> Finding:
    special = bool({"health", "child"} & seen.kinds)
    outbound = case.reading.outbound
    level = Level.HIGH if special and outbound else Level.MODERATE
    paragraphs = ("5.2.10", "7.4") if outbound else ("7.4", "5.2.10")
    kinds = ", ".join(sorted(kind.replace("_", " ") for kind in seen.kinds))
    original = case.reading.written(field)
    return Fact(
        rule="personal-data",
        category=Category.PERSONAL_DATA,
        level=level,
        paragraphs=paragraphs,
        reason=f"{level} because: personal data of somebody who holds no office ({kinds})",
        field=field,
        span=(seen.start, seen.end),
        quote=original[seen.start : seen.end],
    ).finding()


def _collects(case: Case) -> Iterator[Finding]:
    folded = case.reading.folded(Field.TEXT)
    found = case.cues.collects_details.search(folded.text)
    if found is None or case.cues.collects_safely.search(folded.text) is not None:
        return
    span = folded.span(found.start(), found.end())
    yield Fact(
        rule="personal-data.collects",
        category=Category.PERSONAL_DATA,
        level=Level.LOW,
        paragraphs=("7.1", "7.3.1"),
        reason="low because: asks people to give personal data in public",
        field=Field.TEXT,
        span=span,
        quote=folded.original[span[0] : span[1]],
    ).finding()


def _picture(case: Case) -> Iterator[Finding]:
    reading = case.reading
    if not reading.outbound or not any(one.children_present and one.faces_present for one in reading.event.attachments):
        return
    text = reading.folded(Field.TEXT).text
    if case.cues.with_permission.search(text) is not None or _consented(case, text):
        return
    careful = case.cues.sensitive["casework"].search(text) is not None or case.cues.sensitive["health"].search(text)
    level = Level.HIGH if careful else Level.MODERATE
    yield Fact(
        rule="personal-data.picture",
        category=Category.PERSONAL_DATA,
        level=level,
        paragraphs=("7.4", "5.2.10"),
        reason=f"{level} because: children's faces in a picture, and no permission is mentioned or on record",
    ).finding()
