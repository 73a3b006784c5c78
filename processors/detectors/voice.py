"""Speaking for the Council (3.2, 5.2.9): words that speak for the Council, without a written authorisation that
covers them.

Said openly ('on behalf of the Council', 'as its spokesman'), only a denial clears them. Said by taking its part ('the
Council will', 'we have decided'), an opinion of one's own, a question or what is published clears them as well.
"""

import re
from collections.abc import Iterator

from pipeline.registers.types import Authorisation
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.sense import quoted, sentence
from processors.rules.patterns import Found
from processors.services import services_in

PUBLISHED = "published-facts"
"""A scope that limits the others: only what the Council has published."""
_WORD = re.compile(r"[a-z]{5,}")
_SHARED = 3
"""So many longer words of a text stand in one publication that it tells."""


def detect(case: Case) -> Iterator[Finding]:
    """Yield one finding where a councillor speaks for the Council."""
    reading = case.reading
    if not reading.outbound or reading.by_council or reading.owner is None or not reading.event.text:
        return
    marked = reading.marked(Field.TEXT)
    found = _openly(case, marked.text) or _taking_its_part(case, marked.text)
    if found is None or quoted(marked, found.start(), found.end()) or reading.event.shared is not None:
        return
    if authorised(case):
        return
    span = marked.folded.span(found.start(), found.end())
    yield Fact(
        rule="voice.council",
        category=Category.SPEAKING_FOR_COUNCIL,
        level=Level.MODERATE,
        paragraphs=("5.2.9", "3.2"),
        reason="moderate because: speaks for the Council, and no authorisation on record covers it",
        field=Field.TEXT,
        span=span,
        quote=marked.folded.original[span[0] : span[1]],
    ).finding()


def authorised(case: Case) -> bool:
    """Return whether an authorisation on record lets the author speak for the Council about this."""
    written = case.reading.folded(Field.TEXT).text
    return any(_covers(case, one, written) for one in case.registers.authorisations)


def _openly(case: Case, text: str) -> Found | None:
    found = case.cues.speaks_openly.search(text)
    if found is None:
        return None
    first, last = sentence(text, found.start(), found.end())
    return found if case.cues.speaks_not.search(text, first, last) is None else None


def _taking_its_part(case: Case, text: str) -> Found | None:
    found = case.cues.speaks_for_council.search(text)
    if found is None:
        found = _as_we(case, text)
    if found is None or case.cues.own_voice.search(text) is not None:
        return None
    here = sentence(text, found.start(), found.end())
    return found if case.cues.own_voice_here.search(text, *here) is None else None


def _as_we(case: Case, text: str) -> Found | None:
    """Return 'we have decided' and its like where it is about the Council's business, and no other we is named."""
    found = case.cues.speaks_as_we.search(text)
    if found is None or case.cues.other_we.search(text) is not None:
        return None
    business = case.cues.council_business.search(text) is not None or bool(services_in(text))
    return found if business else None


def _covers(case: Case, one: Authorisation, text: str) -> bool:
    when = case.reading.event.happened_at
    if one.councillor_id != case.reading.owner or not one.valid_from <= when <= one.valid_to:
        return False
    subjects = [tag for tag in one.scope_tags if tag != PUBLISHED]
    if PUBLISHED in one.scope_tags and not _published(case, text):
        return False
    return not subjects or any(case.context.scope(tag).search(text) is not None for tag in subjects)


def _published(case: Case, text: str) -> bool:
    """Return whether a text says where it is published, or tells what the register of publications holds by then."""
    if case.context.scope(PUBLISHED).search(text) is not None:
        return True
    when = case.reading.event.happened_at
    words = set(_WORD.findall(text))
    return any(
        len(words & set(_WORD.findall(f"{one.title} {one.summary}".lower()))) >= _SHARED
        for one in case.registers.published
        if one.published_at <= when
    )
