"""Words quoted and marked: a field's text cut into pieces, each with the numbers of the findings that rest on it. Pure.

Used by the incident page once somebody has asked for the words. A span that does not fit its text marks nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Field, Finding


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the findings, numbered from 1, that quote it."""

    text: str
    findings: tuple[int, ...]
    ends: tuple[int, ...] = ()
    """The findings whose quote ends with this piece: where their number is written."""


@dataclass(frozen=True)
class Passage:
    """One field of an event, cut into pieces."""

    field: Field
    pieces: tuple[Piece, ...]


def passages(event: Event, findings: Sequence[Finding]) -> tuple[Passage, ...]:
    """Return every field of an event that has text, with the words that its findings quote marked."""
    found = []
    for field in Field:
        text = field_text(event, field)
        if text:
            spans = {number: one.span for number, one in enumerate(findings, start=1) if one.field is field}
            found.append(Passage(field, cut(text, {n: span for n, span in spans.items() if span is not None})))
    return tuple(found)


def field_text(event: Event, field: Field) -> str:
    """Return the text of a field; several attachments are joined by a newline, in order."""
    match field:
        case Field.TEXT:
            return event.text or ""
        case Field.BIO:
            profile = event.profile.bio_after if event.profile else None
            return profile or (event.author.bio if event.author else None) or ""
        case Field.ALT_TEXT:
            return "\n".join(one.alt_text for one in event.attachments if one.alt_text)
        case Field.OCR_TEXT:
            return "\n".join(one.ocr_text for one in event.attachments if one.ocr_text)
        case Field.SHARED:
            return event.shared.text if event.shared else ""


def cut(text: str, spans: dict[int, tuple[int, int]]) -> tuple[Piece, ...]:
    """Return the text in pieces, whole and in order; spans (code points, end exclusive) may overlap or be wrong."""
    good = {number: span for number, span in spans.items() if 0 <= span[0] < span[1] <= len(text)}
    edges = sorted({0, len(text), *(edge for span in good.values() for edge in span)})
    return tuple(
        Piece(
            text[start:end],
            tuple(number for number, span in good.items() if span[0] <= start and end <= span[1]),
            tuple(number for number, span in good.items() if span[1] == end),
        )
        for start, end in pairwise(edges)
    )
