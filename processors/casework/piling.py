"""Piling: the incident of a pile-on, opened and extended from a burst of many authors about one person. Pure.

An incident of its own, beside those of its authors: it lists its events by id and time, links the incidents that hold
their words, and has no evidence, so nothing of a post is kept twice. There is one for one burst: what comes within its
window joins it. What a person closed takes no more, and its events count for no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec

from pipeline import ids
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState, TimelineEntry
from pipeline.vocabulary.levels import Level, highest
from processors.casework.gathering import all_roles, worst_route
from processors.correlate import Occasion
from processors.pile_on import Burst
from processors.routing import Decision

MOST_LISTED = 2000
"""Events of one pile-on; what comes after goes into a new one, which does not page again for levels already paged."""


@dataclass(frozen=True)
class Pile:
    """A burst as the record stage takes it in. added: its posts that no pile-on lists yet, in order of time, at least
    one; holders maps events to the incidents that hold their words.
    """

    concern: str
    added: tuple[Occasion, ...]
    finding: Finding
    decision: Decision
    holders: Mapping[str, str]

    @property
    def level(self) -> Level:
        """Return the level of the finding."""
        return self.finding.level

    @property
    def last(self) -> Occasion:
        """Return the post that was seen last: the incident's times of opening and change are its own."""
        return max(self.added, key=lambda one: (one.observed_at, one.event_id))

    @property
    def times(self) -> dict[str, datetime]:
        """Return the times of the posts, UTC, by event."""
        return {one.event_id: one.at.astimezone(UTC) for one in self.added}


def closed_events(incidents: Sequence[Incident]) -> frozenset[str]:
    """Return the events of the pile-ons that a person has closed."""
    closed = [one for one in incidents if one.state is IncidentState.CLOSED]
    return frozenset(event_id for one in closed for event_id in one.event_times)


def choose_pile(incidents: Sequence[Incident], burst: Burst, gap: timedelta) -> Incident | None:
    """Return the pile-on, not closed, that a burst goes on, because no more than `gap` lies between them: the newest,
    and one that is not full before one that is.
    """
    first, last = burst.occasions[0].at - gap, burst.occasions[-1].at + gap
    near = [
        one
        for one in incidents
        if one.state is not IncidentState.CLOSED and one.first_posted_at <= last and first <= one.last_posted_at
    ]
    return next((one for one in reversed(near) if not is_full(one)), near[-1] if near else None)


def is_full(incident: Incident) -> bool:
    """Say whether a pile-on lists as many events as it can."""
    return len(incident.event_times) >= MOST_LISTED


def new_posts(incidents: Sequence[Incident], burst: Burst) -> tuple[Occasion, ...]:
    """Return the posts of a burst that no pile-on lists yet."""
    return tuple(one for one in burst.occasions if not any(one.event_id in pile.event_times for pile in incidents))


def pile_opened(pile: Pile, known: Sequence[Incident], before: Incident | None = None) -> Incident:
    """Return a new pile-on, version 1. known: the person's pile-ons so far; before: the full one that it goes on."""
    last, at = pile.last, pile.last.observed_at
    identity = _new_id(pile, known)
    return Incident(
        incident_id=identity,
        reference=ids.reference(identity, at),
        version=1,
        kind=IncidentKind.PILE_ON,
        state=IncidentState.OPEN,
        concern=pile.concern,
        person=pile.finding.target,
        topic_ref=None,
        account=last.account,
        platform=last.platform,
        direction=Direction.INBOUND.value,
        author=None,
        level=pile.level,
        machine_level=pile.level,
        categories=(pile.finding.category,),
        paragraphs=pile.finding.paragraphs,
        notify=pile.decision.notify,
        route=pile.decision.route,
        first_posted_at=pile.added[0].at.astimezone(UTC),
        last_posted_at=pile.added[-1].at.astimezone(UTC),
        opened_at=at,
        updated_at=at,
        evidence=(),
        event_times=pile.times,
        findings=(pile.finding,),
        alerted_levels=before.alerted_levels if before is not None else (),
        linked=_linked((before.incident_id,) if before is not None else (), pile),
        timeline=(TimelineEntry(at=at, code="opened", detail=pile.level.value, version=1),),
    )


def pile_extended(incident: Incident, pile: Pile) -> Incident:
    """Return a pile-on with the posts of a burst that it did not list, one version on. Its level never falls by them.

    Where a person lowered the level, it rises again only above what the machine had said before.
    """
    version, at = incident.version + 1, pile.last.observed_at
    times = {**incident.event_times, **pile.times}
    rises = pile.level.rank > incident.machine_level.rank
    level = (highest((incident.level, pile.level)) or incident.level) if rises else incident.level
    timeline = _with_added(
        incident.timeline, TimelineEntry(at=at, code="events_added", version=version), len(pile.added)
    )
    if level is not incident.level:
        timeline = (*timeline, TimelineEntry(at=at, code="level_raised", detail=level.value, version=version))
    return msgspec.structs.replace(
        incident,
        version=version,
        level=level,
        machine_level=highest((incident.machine_level, pile.level)) or level,
        notify=all_roles(incident.notify, pile.decision.notify),
        route=worst_route(incident.route, pile.decision.route),
        first_posted_at=min(times.values()),
        last_posted_at=max(times.values()),
        updated_at=max(incident.updated_at, at),
        event_times=dict(sorted(times.items(), key=lambda one: (one[1], one[0]))),
        findings=(pile.finding,),
        linked=_linked(incident.linked, pile),
        timeline=timeline,
    )


def _new_id(pile: Pile, known: Sequence[Incident]) -> str:
    taken = {one.incident_id for one in known}
    day = pile.added[0].at.astimezone(UTC).date()
    return next(one for number in count() if (one := ids.pile_on_id(pile.concern, day, number)) not in taken)


def _with_added(timeline: tuple[TimelineEntry, ...], entry: TimelineEntry, posts: int) -> tuple[TimelineEntry, ...]:
    """Return the timeline with posts added to it, in one entry with those that came just before."""
    last = timeline[-1]
    if last.code == entry.code:
        timeline, posts = timeline[:-1], posts + int(last.detail or 0)
    return (*timeline, msgspec.structs.replace(entry, detail=str(posts)))


def _linked(before: Sequence[str], pile: Pile) -> tuple[str, ...]:
    found = (pile.holders[one.event_id] for one in pile.added if one.event_id in pile.holders)
    return tuple(dict.fromkeys((*before, *found)))
