"""Personal data that a councillor asks for in public (7.1, 7.3.1), and children's faces in a picture (7.4)."""

from collections.abc import Iterator

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.consent import consented


def detect(case: Case) -> Iterator[Finding]:
    """Yield invitations to post personal data, and pictures of children without a permission."""
    reading = case.reading
    if not reading.outbound or reading.by_council:
        return
    if reading.event.text:
        yield from _collects(case)
    if any(one.children_present and one.faces_present for one in reading.event.attachments):
        yield from _picture(case)


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
    text = case.reading.folded(Field.TEXT).text
    if case.cues.with_permission.search(text) is not None or consented(case, text):
        return
    yield Fact(
        rule="personal-data.picture",
        category=Category.PERSONAL_DATA,
        level=Level.HIGH,
        paragraphs=("7.4", "5.2.10"),
        reason="high because: children's faces in a picture, and no permission is mentioned or on record",
    ).finding()
