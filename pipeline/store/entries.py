"""What a store writes for each document: key, version, the values it is found by, and its bytes. Shared by both stores.

Older versions change nothing, so every document has a version that grows.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from pipeline.codec import encode
from pipeline.store.interface import Document, Refused
from pipeline.store.searchable import Facets, facets, microseconds, searched_terms
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, SourceStatus

MOST_BYTES = 32_000_000
"""An incident of more bytes than this is refused: no server takes it."""

SmallDocument = SourceStatus | DeadLetter | Delivery
T = TypeVar("T", Incident, SmallDocument)
E = TypeVar("E")


class Entry(msgspec.Struct, frozen=True):
    """An incident ready to be written: its JSON, all its terms, and what it is filtered by."""

    incident: Incident
    body: bytes
    terms: str
    facets: Facets


class Small(msgspec.Struct, frozen=True):
    """A document beside incidents. group is what it is listed by; at orders the list, in microseconds."""

    kind: str
    key: str
    version: int
    group: str
    at: int
    document: SmallDocument


def split(documents: Sequence[Document]) -> tuple[list[Incident], list[SmallDocument]]:
    """Return the incidents and the rest, each in order."""
    incidents = [document for document in documents if isinstance(document, Incident)]
    return incidents, [document for document in documents if not isinstance(document, Incident)]


def prepared(documents: Iterable[T], prepare: Callable[[T], E], refused: list[Refused]) -> list[E]:
    """Return what `prepare` makes of each document; those that cannot be written go to `refused`, by their key."""
    done: list[E] = []
    for document in documents:
        try:
            done.append(prepare(document))
        except (ValueError, TypeError, OverflowError) as problem:
            refused.append(Refused(key=key_of(document), reason=_reason(problem)))
    return done


def key_of(document: Document) -> str:
    """Return what a document is kept under."""
    match document:
        case Incident():
            return document.incident_id
        case SourceStatus():
            return document.account
        case DeadLetter():
            return document.dead_letter_id
        case Delivery():
            return document.alert_id


def entry(incident: Incident) -> Entry:
    """Return an incident ready to be written. Raises ValueError where it cannot be."""
    body = encode(incident)
    if len(body) > MOST_BYTES:
        raise ValueError(f"evidence: more than {MOST_BYTES} bytes")
    return Entry(incident, body, searched_terms(incident), facets(incident))


def small(document: SmallDocument) -> Small:
    """Return another document ready to be written, a dead letter without words. ValueError where it cannot be."""
    match document:
        case SourceStatus(account=account, last_received_at=at):
            entry = Small("source", account, microseconds(at), "", microseconds(at), document)
        case DeadLetter(dead_letter_id=key, at=at):
            waits = document.state is DeadLetterState.WAITING
            bare = _without_words(document)
            group = listed_by(document.reason, document.state)
            entry = Small("dead_letter", key, 1 if waits else 2, group, microseconds(at), bare)
        case Delivery(alert_id=key, at=at):
            version = document.number * 1_000_000 + document.attempts
            entry = Small("delivery", key, version, document.incident_id, microseconds(at), document)
    encode(entry.document)
    return entry


def _without_words(letter: DeadLetter) -> DeadLetter:
    """Return a dead letter without what was received and without an officer's note: both stay on the log."""
    looked = letter.looked_at
    noted = msgspec.structs.replace(looked, note="") if looked is not None else None
    return msgspec.structs.replace(letter, payload=None, looked_at=noted)


def listed_by(reason: DeadLetterReason, state: DeadLetterState) -> str:
    """Return what a dead letter is listed by."""
    return reason.value if state is DeadLetterState.WAITING else f"{state.value}:{reason.value}"


def _reason(problem: Exception) -> str:
    """Return words that quote nothing: a UnicodeError holds the text it could not write."""
    return "a text holds half of a surrogate pair" if isinstance(problem, UnicodeError) else str(problem)
