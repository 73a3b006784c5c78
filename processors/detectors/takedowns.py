"""Refusals of a request to remove (8.2), where the register holds the request or the words tell of one."""

from collections.abc import Iterator

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.sense import sentence


def detect(case: Case) -> Iterator[Finding]:
    """Yield a refusal: moderate with a request, on record or told of in the words; low where neither is there."""
    reading = case.reading
    if not reading.outbound or reading.by_council or not reading.event.text:
        return
    folded = reading.folded(Field.TEXT)
    found = case.cues.refuses_removal.search(folded.text)
    if found is None:
        return
    bounds = sentence(folded.text, found.start(), found.end())
    if case.cues.removal_of_things.search(folded.text, *bounds) is not None:
        return
    when = reading.event.happened_at
    request = next(
        (
            one
            for one in case.registers.takedowns
            if one.account == reading.event.account and one.requested_at <= when and one.status == "open"
        ),
        None,
    )
    asked = request is not None or case.cues.asked_to_remove.search(folded.text) is not None
    level = Level.MODERATE if asked else Level.LOW
    span = folded.span(found.start(), found.end())
    words = f"refuses to remove what {request.ref} asks for" if request is not None else "refuses to remove a post"
    yield Fact(
        rule="takedown.refused",
        category=Category.TAKEDOWN_REFUSED,
        level=level,
        paragraphs=("8.2",),
        reason=f"{level} because: {words}",
        field=Field.TEXT,
        span=span,
        quote=folded.original[span[0] : span[1]],
    ).finding()
