"""Which incidents are due, on hold or disputed, for the retention page; and which screenshots no incident holds.

Beside the flow: read from the store, by the schedule of `processors.retention`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from dashboards.console.evidence_files import SCHEME
from pipeline.store.interface import Query, Store
from pipeline.vocabulary.incident import Incident
from processors.retention import Due, Schedule, due, months_after

SOON = timedelta(days=30)
MOST = 20_000
"""Incidents that are looked through at most; the page says when there are more."""
_PAGE = 200


@dataclass(frozen=True)
class DueIncident:
    """An incident whose time is up, or will be soon."""

    incident: Incident
    due: Due


@dataclass(frozen=True)
class Retained:
    """What the retention page shows, the longest due first. more: there are incidents that were not looked at."""

    now_due: tuple[DueIncident, ...]
    soon_due: tuple[DueIncident, ...]
    kept: tuple[Incident, ...]
    more: bool


def retained(store: Store, schedule: Schedule, now: datetime) -> Retained:
    """Return what is due now and within 30 days, and what is on hold, disputed or restricted."""
    query = Query(posted_until=months_after(now + SOON, -schedule.shortest))
    old = list(incidents_of(store, query))
    found = sorted(
        (DueIncident(one, when) for one in old[:MOST] if (when := due(one, schedule)) is not None),
        key=lambda one: (one.due.at, one.incident.incident_id),
    )
    kept = {one.incident_id: one for code in _KEPT for one in incidents_of(store, Query(kept_as=code))}
    return Retained(
        now_due=tuple(one for one in found if one.due.at <= now),
        soon_due=tuple(one for one in found if now < one.due.at <= now + SOON),
        kept=tuple(kept.values()),
        more=len(old) > MOST,
    )


def incidents_of(store: Store, query: Query) -> Iterator[Incident]:
    """Yield the incidents of a query, page by page, one more than MOST at most."""
    after, count = None, 0
    while count <= MOST:
        page = store.search(msgspec.structs.replace(query, limit=_PAGE, after=after))
        yield from (hit.incident for hit in page.hits)
        count, after = count + len(page.hits), page.next_cursor
        if after is None:
            return


def screenshots_held(store: Store) -> frozenset[str] | None:
    """Return the names of all screenshots that incidents hold; None where there are too many incidents to be sure."""
    every = list(incidents_of(store, Query()))
    if len(every) > MOST:
        return None
    urls = (one.url or "" for incident in every for piece in incident.evidence for one in piece.event.attachments)
    return frozenset(url.removeprefix(SCHEME) for url in urls if url.startswith(SCHEME))


_KEPT = ("on_hold", "disputed", "restricted")
