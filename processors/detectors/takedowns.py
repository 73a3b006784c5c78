"""Refusals of a request to remove (8.2): words of refusal from an account that has an open request in the register."""

from collections.abc import Iterator

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact


def detect(case: Case) -> Iterator[Finding]:
    """Yield a refusal: moderate with an open request, low where the register knows of none."""
    reading = case.reading
    if not reading.outbound or reading.by_council or not reading.event.text:
        return
    folded = reading.folded(Field.TEXT)
    found = case.cues.refuses_removal.search(folded.text)
    if found is None:
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
    level = Level.MODERATE if request is not None else Level.LOW
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
