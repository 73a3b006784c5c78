"""The store's interface, with two implementations: SQLite for the embedded runtime, Elasticsearch for the services.

Last in the flow before people. All writes are versioned and idempotent: an older version than the one held changes
nothing. Search goes by terms of `pipeline.text.analysis`, so both stores give the same hits in the same order.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident, IncidentState
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, SourceStatus


class Order(StrEnum):
    """Newest post first, or critical first and newest within a level. Ties go by incident id."""

    NEWEST = "newest"
    LEVEL = "level"


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for. Every field narrows; words must all occur, in any form; "quoted words" stand together.

    person, topic_ref, author (handle, id or display name, exact after folding), account, paragraph, category, level,
    platform, state, complaint, kept_as match exactly. Without `restricted`, restricted incidents are left out.
    posted_from is inclusive, posted_until exclusive, both on the time of an incident's last post. after is the cursor
    of the page before.
    """

    text: str = ""
    person: str | None = None
    topic_ref: str | None = None
    author: str | None = None
    author_id: str | None = None
    account: str | None = None
    paragraph: str | None = None
    category: Category | None = None
    levels: tuple[Level, ...] = ()
    states: tuple[IncidentState, ...] = ()
    platform: str | None = None
    complaint: str | None = None
    kept_as: str | None = None
    restricted: bool = True
    posted_from: datetime | None = None
    posted_until: datetime | None = None
    order: Order = Order.NEWEST
    limit: int = 25
    after: str | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One incident found, and why: the terms of the query that occur in it, and the filters it met, as field names.

    matched_in says where a term or phrase occurs, in the words of `pipeline.store.searchable.Place`: text, note...
    """

    incident: Incident
    matched_terms: tuple[str, ...]
    matched_filters: tuple[str, ...]
    matched_in: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Hits in order, how many there are in all, and the cursor of the next page (None on the last)."""

    hits: tuple[Hit, ...]
    total: int
    next_cursor: str | None


class StoreUnavailable(Exception):
    """The store cannot be reached, or is overloaded: keep the batch, wait, try again."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A document the store will never take, with the reason; the index stage dead-letters it."""

    key: str
    reason: str


Document = Incident | SourceStatus | DeadLetter | Delivery


class Store(Protocol):
    """Where people look. Calls block; use a thread. Every call may raise StoreUnavailable."""

    def upsert(self, documents: Sequence[Document]) -> list[Refused]:
        """Write the newest version of each document; return those refused for good.

        Incidents go by version; sources by last_received_at; dead letters by state (replayed outranks waiting);
        deliveries by number and attempts.
        """

    def remove(self, incident_ids: Sequence[str]) -> None:
        """Delete incidents (a tombstone on `incidents.v1`); absent ones are no error."""

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident by id."""

    def by_reference(self, reference: str) -> Incident | None:
        """Return an incident by the reference people use, in any letter case."""

    def search(self, query: Query) -> Page:
        """Return the page of incidents that meet every part of the query.

        Text without a letter, digit or symbol in it finds nothing.

        Raises:
            ValueError: a bad cursor, or more different words than `pipeline.text.analysis.MOST_TERMS`; says the cure.
        """

    def sources(self) -> list[SourceStatus]:
        """Return each source's last-heard times, by account id."""

    def dead_letters(
        self, limit: int, reason: DeadLetterReason | None = None, state: DeadLetterState = DeadLetterState.WAITING
    ) -> list[DeadLetter]:
        """Return dead letters of a reason (of any, if None) in a state, newest first, without payload and note."""

    def count_dead_letters(self) -> dict[str, int]:
        """Return how many dead letters wait, by reason."""

    def forget_dead_letters(self, before: datetime) -> None:
        """Drop dead letters from before a time, replayed or not: the log keeps them no longer either."""

    def deliveries(self, incident_id: str) -> list[Delivery]:
        """Return the newest delivery of each alert of an incident, by time."""

    def rebuilding(self) -> AbstractContextManager["Store"]:
        """Return a context whose store takes all incidents anew, whatever their version.

        People search what was there until it ends well; then incidents that were not written anew are gone.
        """

    def refresh(self) -> None:
        """Make everything written so far visible to search; for tests and tools."""

    def close(self) -> None:
        """Release files and connections; safe to call twice."""
