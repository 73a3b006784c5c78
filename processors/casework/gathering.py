"""Gathering: which incident a post belongs to, and the incident with that post in it. Pure.

One incident for one concern and author. It gathers what the same author does about the same person until so many hours
after the last post (times of the posts, not of the clock). What a person closed takes no more: the next post opens a
new incident that links it, so that a verdict covers only what was seen. An incident that is full (events or bytes, so
that it stays one message on the log) goes on in a new one, which does not page again for levels already paged.

All times of an incident come from its events and activities, never from a clock, so a replay gives equal incidents:
opened_at is the first event's observed_at, updated_at the newest observed_at or time of an act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from pipeline import ids
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Detection, Finding
from pipeline.vocabulary.incident import Evidence, Incident, IncidentKind, IncidentState, TimelineEntry
from pipeline.vocabulary.levels import Level, Role, Route, highest
from processors.correlate import counts

W = TypeVar("W", bound=str)

MOST_EVENTS = 200
MOST_BYTES = 400_000
"""An incident is one message on the log; Kafka takes 1 MB unless told otherwise."""


@dataclass(frozen=True)
class Judged:
    """One event as the record stage takes it in: findings with the correlated ones, and what routing said of them."""

    detection: Detection
    findings: tuple[Finding, ...]
    level: Level
    notify: tuple[Role, ...]
    route: Route | None
    alert: bool = False

    @property
    def event(self) -> Event:
        """Return the event."""
        return self.detection.event

    @property
    def evidence(self) -> Evidence:
        """Return the event with its findings, as the incident keeps it."""
        return Evidence(event=self.event, findings=self.findings, told_of=self.detection.told_of)

    @property
    def happened(self) -> datetime:
        """Return the time of the post, UTC."""
        return self.event.happened_at.astimezone(UTC)

    @property
    def observed(self) -> datetime:
        """Return when it was seen, UTC."""
        return self.event.observed_at.astimezone(UTC)


def choose(incidents: Sequence[Incident], event: Event, gap: timedelta) -> Incident | None:
    """Return the incident, open, closed or full, that an event belongs to by object or by time; the newest of several.

    gap is the time after the last post (and before the first) within which an incident gathers.
    """
    gathering = [one for one in incidents if one.kind in (IncidentKind.AUTHOR, IncidentKind.MANUAL)]
    same = [one for one in gathering if _same_object(one, event)]
    happened = event.happened_at
    near = [one for one in gathering if one.first_posted_at - gap <= happened <= one.last_posted_at + gap]
    for one in (*reversed(same), *reversed(near)):
        if takes_more(one):
            return one
    found = same or near
    return found[-1] if found else None


def takes_more(incident: Incident) -> bool:
    """Say whether an incident still gathers: not closed by a person, and not full."""
    if incident.state is IncidentState.CLOSED or len(incident.evidence) >= MOST_EVENTS:
        return False
    return sum(_weight(piece) for piece in incident.evidence) < MOST_BYTES


def opened(judged: Judged, kind: IncidentKind, identity: str, before: Incident | None = None) -> Incident:
    """Return a new incident, version 1, of one event; before is the closed or full one it follows."""
    event, concern = judged.event, judged.detection.concern
    sort, _, office = concern.partition(":")
    at = judged.observed
    following_full = before is not None and before.state is not IncidentState.CLOSED
    return Incident(
        incident_id=identity,
        reference=ids.reference(identity, at),
        version=1,
        kind=kind,
        state=IncidentState.OPEN,
        concern=concern,
        person=office if sort == "person" else None,
        topic_ref=office if sort == "topic" else None,
        account=event.account,
        platform=event.platform,
        direction=event.direction.value if event.direction is not None else None,
        author=event.author,
        level=judged.level,
        machine_level=judged.level,
        categories=_sorted(finding.category for finding in judged.findings if _told(finding, kind)),
        paragraphs=_sorted(one for finding in judged.findings if _told(finding, kind) for one in finding.paragraphs),
        notify=judged.notify,
        route=judged.route,
        first_posted_at=judged.happened,
        last_posted_at=judged.happened,
        opened_at=at,
        updated_at=at,
        evidence=(judged.evidence,),
        event_times={event.event_id: judged.happened},
        alerted_levels=before.alerted_levels if before is not None and following_full else (),
        linked=(before.incident_id,) if before is not None else (),
        timeline=(TimelineEntry(at=at, code="opened", detail=judged.level.value, version=1),),
    )


def extended(incident: Incident, judged: Judged) -> Incident:
    """Return the incident with one more event, one version on. The level never falls by an event.

    A person's verdict covers what was there when it was given: a later event counts by its own level above it.
    """
    event, version = judged.event, incident.version + 1
    level = highest((incident.level, judged.level)) or incident.level
    entries = [TimelineEntry(at=judged.observed, code="event_added", detail=event.event_id, version=version)]
    if level is not incident.level:
        entries.append(TimelineEntry(at=judged.observed, code="level_raised", detail=level.value, version=version))
    live = [finding for finding in judged.findings if counts(finding)]
    return msgspec.structs.replace(
        incident,
        version=version,
        level=level,
        machine_level=highest((incident.machine_level, judged.level)) or level,
        categories=_sorted((*incident.categories, *(finding.category for finding in live))),
        paragraphs=_sorted((*incident.paragraphs, *(one for finding in live for one in finding.paragraphs))),
        notify=all_roles(incident.notify, judged.notify),
        route=worst_route(incident.route, judged.route),
        first_posted_at=min(incident.first_posted_at, judged.happened),
        last_posted_at=max(incident.last_posted_at, judged.happened),
        updated_at=max(incident.updated_at, judged.observed),
        evidence=(*incident.evidence, judged.evidence),
        event_times={**incident.event_times, event.event_id: judged.happened},
        timeline=(*incident.timeline, *entries),
    )


def all_roles(*several: Iterable[Role]) -> tuple[Role, ...]:
    """Return the roles of all, each once, in the order of the vocabulary."""
    named = {role for roles in several for role in roles}
    return tuple(role for role in Role if role in named)


def worst_route(one: Route | None, other: Route | None) -> Route | None:
    """Return the more urgent advice of two."""
    order = (None, Route.POLICE_101, Route.POLICE_999)
    return max(one, other, key=order.index)


def _told(finding: Finding, kind: IncidentKind) -> bool:
    return counts(finding) or kind is IncidentKind.TEST


def _sorted(words: Iterable[W]) -> tuple[W, ...]:
    return tuple(sorted(set(words)))


def _same_object(incident: Incident, event: Event) -> bool:
    if event.previous_event_id is not None and event.previous_event_id in incident.event_times:
        return True
    return any(piece.event.object_id == event.object_id for piece in incident.evidence)


def _weight(piece: Evidence) -> int:
    """Return about how many bytes a piece of evidence takes."""
    event = piece.event
    texts = [event.text, event.thread_title, *(one.ocr_text for one in event.attachments)]
    texts += [one.text for one in (event.shared, event.in_reply_to) if one is not None]
    texts += [words for finding in piece.findings for words in (finding.quote, finding.reason)]
    return 1200 + sum(len(text) if text.isascii() else len(text.encode()) for text in texts if text)
