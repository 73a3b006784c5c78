"""Speaking for the Council (3.2, 5.2.9): words that speak for the Council, without a written authorisation that
covers them.

Said openly ('on behalf of the Council', 'as its spokesman'), only a denial clears them. Said by taking its part ('the
Council will', 'we have decided'), an opinion of one's own, a question or what is published clears them as well.
"""

from collections.abc import Iterator

from pipeline.registers.types import Authorisation
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.sense import quoted, sentence
from processors.rules.patterns import Found


def detect(case: Case) -> Iterator[Finding]:
    """Yield one finding where a councillor speaks for the Council."""
    reading = case.reading
    if not reading.outbound or reading.by_council or reading.owner is None or not reading.event.text:
        return
    marked = reading.marked(Field.TEXT)
    found = _openly(case, marked.text) or _taking_its_part(case, marked.text)
    if found is None or quoted(marked, found.start(), found.end()) or reading.event.shared is not None:
        return
    written = reading.folded(Field.TEXT).text
    if any(_covers(case, one, written) for one in case.registers.authorisations):
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


def _openly(case: Case, text: str) -> Found | None:
    found = case.cues.speaks_openly.search(text)
    if found is None:
        return None
    first, last = sentence(text, found.start(), found.end())
    return found if case.cues.speaks_not.search(text, first, last) is None else None


def _taking_its_part(case: Case, text: str) -> Found | None:
    found = case.cues.speaks_for_council.search(text)
    return found if found is not None and case.cues.own_voice.search(text) is None else None


def _covers(case: Case, one: Authorisation, text: str) -> bool:
    when = case.reading.event.happened_at
    if one.councillor_id != case.reading.owner or not one.valid_from <= when <= one.valid_to:
        return False
    return not one.scope_tags or any(case.context.scope(tag).search(text) is not None for tag in one.scope_tags)
