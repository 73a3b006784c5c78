"""What of an incident can be found, and under what: the one description from which both stores index and explain hits.

Texts of evidence, names of authors, notes and references are searched by words; the rest narrows by exact value.
What tells of a confidential topic is found by topic, author, page and time, never by words: a hit would confirm them.
Names stand in the store's columns as hashes only: they are compared, never shown from there. What is indexed of posts
and notes is a copy, so telephone numbers and the like are masked in it: they are not found by search.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from pipeline.ids import digest
from pipeline.store.interface import Hit, Query
from pipeline.text.analysis import ParsedQuery, folded_name, link_term, terms
from pipeline.text.masking import masked
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Author, Event
from pipeline.vocabulary.incident import Incident

BREAK = "§"
"""Stands between pieces, so that no phrase reaches from one into the next; no term is this sign."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


RESTRICTED = "restricted"
"""The value of facet kept_as that a query without restricted incidents leaves out."""


class Place(StrEnum):
    """Where in an incident words can stand."""

    TEXT = "text"
    ALT_TEXT = "alt_text"
    OCR_TEXT = "ocr_text"
    SHARED = "shared"
    IN_REPLY_TO = "in_reply_to"
    THREAD_TITLE = "thread_title"
    PROFILE = "profile"
    LINK = "link"
    AUTHOR = "author"
    NOTE = "note"
    VERDICT = "verdict"
    REFERENCE = "reference"


_COPIED = frozenset(Place) - {Place.LINK, Place.AUTHOR, Place.REFERENCE}
"""What is indexed as a masked copy; names and references are what people search by."""

_GAP = " "
"""What stands for a masked form in the index: nothing, not even its kind."""


class Facets(msgspec.Struct, frozen=True):
    """The values an incident is filtered by, each list sorted and without doubles; names and author ids are hashed."""

    account: tuple[str, ...]
    category: tuple[str, ...]
    paragraph: tuple[str, ...]
    complaint: tuple[str, ...]
    author: tuple[str, ...]
    author_id: tuple[str, ...]
    kept_as: tuple[str, ...]


def microseconds(time: datetime) -> int:
    """Return whole microseconds since 1970, UTC: how both stores order and compare times exactly."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def name_key(name: str) -> str:
    """Return what stands in a store for a handle or display name."""
    return digest("name", folded_name(name))


def id_key(author_id: str) -> str:
    """Return what stands in a store for an author's id."""
    return digest("id", author_id)


def facets(incident: Incident) -> Facets:
    """Return the values an incident can be filtered by; account and author count for every piece of evidence."""
    events = [evidence.event for evidence in incident.evidence]
    authors = {author for author in (incident.author, *(event.author for event in events)) if author is not None}
    return Facets(
        account=_sorted(incident.account, *(event.account for event in events)),
        category=_sorted(*incident.categories),
        paragraph=_sorted(*incident.paragraphs),
        complaint=_sorted(*incident.complaints),
        author=_sorted(*map(name_key, {name for author in authors for name in _names(author)})),
        author_id=_sorted(*map(id_key, {author.id for author in authors})),
        kept_as=incident.kept_as,
    )


def wanted_facets(query: Query) -> dict[str, str]:
    """Return the facets a query asks for, by name, as they stand in a store."""
    wanted = {
        "account": query.account,
        "category": query.category,
        "paragraph": query.paragraph,
        "complaint": query.complaint,
        "kept_as": query.kept_as,
        "author": None if query.author is None else name_key(query.author),
        "author_id": None if query.author_id is None else id_key(query.author_id),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def searched_terms(incident: Incident) -> str:
    """Return all terms of an incident as one string, pieces kept apart, for a store to index at white space."""
    pieces: dict[tuple[str, ...], None] = {}
    for _, found in _pieces(incident):
        if found:
            pieces[found] = None
    return f" {BREAK} ".join(" ".join(piece) for piece in pieces)


def hit(incident: Incident, query: Query, asked: ParsedQuery) -> Hit:
    """Return an incident that a store found, with why it matched."""
    return Hit(
        incident=incident,
        matched_terms=asked.asked,
        matched_filters=matched_filters(query),
        matched_in=_matched_in(incident, asked) if asked.asked else (),
    )


def matched_filters(query: Query) -> tuple[str, ...]:
    """Return the names of the fields that narrow a query, text apart."""
    names = [name for name in query.__struct_fields__ if name not in {"text", "order", "limit", "after", "restricted"}]
    return tuple(name for name in names if getattr(query, name) not in (None, ()))


def _matched_in(incident: Incident, asked: ParsedQuery) -> tuple[str, ...]:
    words = frozenset(asked.words)
    found = {
        place
        for place, piece in _pieces(incident)
        if not words.isdisjoint(piece) or any(_stands_in(phrase, piece) for phrase in asked.phrases)
    }
    return tuple(place.value for place in Place if place in found)


def _stands_in(phrase: tuple[str, ...], piece: tuple[str, ...]) -> bool:
    return any(piece[at : at + len(phrase)] == phrase for at in range(len(piece) - len(phrase) + 1))


def _pieces(incident: Incident) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield each piece of an incident once, as its place and terms; a link counts as a whole."""
    for link in dict.fromkeys(evidence.event.permalink for evidence in incident.evidence):
        if link:
            yield Place.LINK, (link_term(link),)
    for place, text in dict.fromkeys(_texts(incident)):
        if text:
            yield place, tuple(terms(masked(text, _GAP) if place in _COPIED else text))


def _texts(incident: Incident) -> Iterator[tuple[Place, str | None]]:
    yield Place.REFERENCE, incident.reference
    for complaint in incident.complaints:
        yield Place.REFERENCE, complaint
    if incident.author is not None:
        yield from _author_texts(incident.author)
    for evidence in incident.evidence:
        if not evidence.told_of and not any(one.category is Category.CONFIDENTIAL_LEAK for one in evidence.findings):
            yield from _event_texts(evidence.event)
        elif evidence.event.author is not None:
            yield from _author_texts(evidence.event.author)
    for dispute in incident.disputes:
        yield Place.NOTE, dispute.statement
        yield Place.NOTE, dispute.outcome
    for note in incident.notes:
        yield Place.NOTE, note.text
    if incident.verdict is not None:
        yield Place.VERDICT, incident.verdict.reason


def _event_texts(event: Event) -> Iterator[tuple[Place, str | None]]:
    yield Place.TEXT, event.text
    for attachment in event.attachments:
        yield Place.ALT_TEXT, attachment.alt_text
        yield Place.OCR_TEXT, attachment.ocr_text
    for place, quoted in ((Place.SHARED, event.shared), (Place.IN_REPLY_TO, event.in_reply_to)):
        if quoted is not None:
            yield place, quoted.text
            yield place, quoted.author_handle
    yield Place.THREAD_TITLE, event.thread_title
    if event.profile is not None:
        for text in (event.profile.bio_before, event.profile.bio_after, event.profile.display_name):
            yield Place.PROFILE, text
    if event.author is not None:
        yield from _author_texts(event.author)


def _author_texts(author: Author) -> Iterator[tuple[Place, str | None]]:
    yield Place.AUTHOR, author.handle
    yield Place.AUTHOR, author.display_name
    yield Place.PROFILE, author.bio


def _names(author: Author) -> Iterator[str]:
    yield from (name for name in (author.id, author.handle, author.display_name) if name)


def _sorted(*values: str) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
