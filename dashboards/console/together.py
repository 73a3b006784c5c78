"""A pile-on as its page shows it: its posts by time, each with the incident that holds its words; and the way back.

Nothing here is text of a post: a pile-on's reason gives numbers, its posts are ids and times.
"""

from dataclasses import dataclass
from datetime import datetime

from pipeline.store.interface import Query, Store
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident, IncidentKind

POSTS_SHOWN = 200
_LOOKED_AT = 50


@dataclass(frozen=True)
class ShownPost:
    """One post of a pile-on. reference is of the incident that holds its words, or None where that is gone."""

    event_id: str
    at: datetime
    reference: str | None


def posts_of(store: Store, incident: Incident) -> tuple[ShownPost, ...]:
    """Return the newest posts of a pile-on, oldest first; of other incidents nothing."""
    if incident.kind is not IncidentKind.PILE_ON:
        return ()
    chosen = sorted(incident.event_times.items(), key=lambda one: (one[1], one[0]))[-POSTS_SHOWN:]
    wanted = {event_id for event_id, _ in chosen}
    holders: dict[str, str] = {}
    for identity in reversed(incident.linked):
        linked = store.get(identity) if wanted - holders.keys() else None
        if linked is not None and linked.kind is not IncidentKind.PILE_ON:
            holders |= dict.fromkeys(wanted & linked.event_times.keys(), linked.reference)
    return tuple(ShownPost(event_id, at, holders.get(event_id)) for event_id, at in chosen)


def pile_ons_with(store: Store, incident: Incident) -> tuple[Incident, ...]:
    """Return the pile-ons that posts of an incident are part of, newest first."""
    if incident.person is None or incident.kind is IncidentKind.PILE_ON:
        return ()
    query = Query(
        person=incident.person,
        category=Category.HARASSMENT,
        posted_from=incident.first_posted_at,
        limit=_LOOKED_AT,
    )
    found = (hit.incident for hit in store.search(query).hits)
    return tuple(
        one
        for one in found
        if one.kind is IncidentKind.PILE_ON and not incident.event_times.keys().isdisjoint(one.event_times)
    )
