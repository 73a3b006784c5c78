"""Alerting: whether somebody must know now, and who. Pure; the record stage writes what it returns before the incident.

One page for an incident and level; a rise in level pages again. What came late (observed more than so many hours after
it happened; both times are the event's own, so a replay decides the same) never pages singly: the incident waits in the
queue, marked late, and its recipients get one summary for all that came late on that day (UTC, by observed_at).

Every late incident adds a record with the summary's one alert id; notify counts them when it sends. After a person's
verdict a step is counted up, so that what comes after a lowered level pages again under an id of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pipeline import ids
from pipeline.registers.types import Recipient
from pipeline.vocabulary.alert import Alert, AlertKind
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident, TimelineEntry
from pipeline.vocabulary.levels import ALERTING, Level, Role
from processors.casework.gathering import all_roles
from processors.correlate import counts

ALWAYS_TOLD = (Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER)
"""Every alert reaches at least these (domain reference, 1.4)."""

NEVER_PAGED = frozenset({Role.COUNCILLOR})
"""A councillor is told by a person; nobody in the register for that role is no fault."""


@dataclass(frozen=True)
class Occurrence:
    """What happened to the incident just now: the level it gave, when it was seen, whether that was late."""

    level: Level
    at: datetime
    late: bool = False


@dataclass(frozen=True)
class Told:
    """The incident with its alerts noted, and the alerts. gone: it was deleted, and leaves the record."""

    incident: Incident
    alerts: tuple[Alert, ...]
    gone: bool = False


def tell(incident: Incident, occurrence: Occurrence, recipients: Sequence[Recipient], now: datetime) -> Told:
    """Return the alerts that an occurrence calls for and the incident that notes them, in the same version.

    recipients is the register as it stands; now is written into the alerts as the time they were raised.
    """
    level = occurrence.level
    if level not in ALERTING or level.rank <= _highest_rank(incident.alerted_levels):
        return Told(incident, ())
    if occurrence.late:
        return _summarise(incident, occurrence, recipients, now)
    kind = AlertKind.RISE if incident.alerted_levels else AlertKind.PAGE
    who = [one for one in _recipients(incident, recipients) if level in one.levels]
    alerts = tuple(_alert(incident, kind, level, one, now) for one in who)
    noted = _note_nobody(incident, occurrence, recipients)
    if not alerts:
        return Told(noted, ())
    entry = TimelineEntry(at=occurrence.at, code="alert_raised", detail=level.value, version=incident.version)
    levels = tuple(sorted({*incident.alerted_levels, level}, key=lambda one: one.rank))
    return Told(
        msgspec.structs.replace(noted, alerted_levels=levels, late=False, timeline=(*noted.timeline, entry)), alerts
    )


def test_alerts(incident: Incident, recipients: Sequence[Recipient], now: datetime) -> Told:
    """Return a test alert for everybody who would be paged at high, and the incident that notes it."""
    who = [one for one in recipients if one.role in ALWAYS_TOLD and Level.HIGH in one.levels]
    alerts = tuple(_alert(incident, AlertKind.TEST, Level.LOW, one, now) for one in who)
    entry = TimelineEntry(
        at=incident.opened_at,
        code="test_raised" if alerts else "nobody_to_tell",
        detail=None if alerts else Role.COMMUNICATIONS_TEAM.value,
        version=incident.version,
    )
    return Told(msgspec.structs.replace(incident, timeline=(*incident.timeline, entry)), alerts)


def step_of(incident: Incident) -> int:
    """Return how many verdicts the incident has had: part of an alert's id."""
    return sum(entry.code == "verdict" for entry in incident.timeline)


def summary_of(day: datetime) -> str:
    """Return what stands for the incident in the id of a summary: its day, UTC."""
    return f"summary:{day:%Y-%m-%d}"


def _summarise(incident: Incident, occurrence: Occurrence, recipients: Sequence[Recipient], now: datetime) -> Told:
    if _summarised(incident, occurrence.level):
        return Told(incident, ())
    who = [one for one in _recipients(incident, recipients) if occurrence.level in one.levels and one.summaries]
    summary = summary_of(occurrence.at)
    alerts = tuple(
        msgspec.structs.replace(
            _alert(incident, AlertKind.SUMMARY, occurrence.level, one, now),
            alert_id=ids.alert_id(summary, Level.HIGH, 0, one.channel, one.id),
            step=0,
        )
        for one in who
    )
    noted = _note_nobody(incident, occurrence, recipients)
    entry = TimelineEntry(
        at=occurrence.at, code="summary_raised", detail=occurrence.level.value, version=incident.version
    )
    return Told(msgspec.structs.replace(noted, late=True, timeline=(*noted.timeline, entry)), alerts)


def _summarised(incident: Incident, level: Level) -> bool:
    """Say whether a summary has been asked for at this level or above since the last verdict."""
    for entry in reversed(incident.timeline):
        if entry.code == "verdict":
            return False
        if entry.code == "summary_raised" and entry.detail is not None and Level(entry.detail).rank >= level.rank:
            return True
    return False


def _recipients(incident: Incident, recipients: Sequence[Recipient]) -> list[Recipient]:
    roles = all_roles(incident.notify, ALWAYS_TOLD)
    return [one for one in recipients if one.role in roles]


def _note_nobody(incident: Incident, occurrence: Occurrence, recipients: Sequence[Recipient]) -> Incident:
    """Note each role that should be told at this level and has nobody in the register for it, once."""
    covered = {one.role for one in recipients if occurrence.level in one.levels}
    missing = [
        role
        for role in all_roles(incident.notify, ALWAYS_TOLD)
        if role not in covered | NEVER_PAGED and not _noted(incident, "nobody_to_tell", role.value)
    ]
    entries = tuple(
        TimelineEntry(at=occurrence.at, code="nobody_to_tell", detail=role.value, version=incident.version)
        for role in missing
    )
    return msgspec.structs.replace(incident, timeline=(*incident.timeline, *entries))


def _noted(incident: Incident, code: str, detail: str) -> bool:
    return any(entry.code == code and entry.detail == detail for entry in incident.timeline)


def _highest_rank(levels: Sequence[Level]) -> int:
    return max((level.rank for level in levels), default=0)


def _alert(incident: Incident, kind: AlertKind, level: Level, recipient: Recipient, now: datetime) -> Alert:
    step = step_of(incident)
    findings = [finding for piece in incident.evidence for finding in piece.findings if counts(finding)]
    categories = (Category.CHAIN_TEST,) if kind is AlertKind.TEST else incident.categories
    return Alert(
        alert_id=ids.alert_id(incident.incident_id, level, step, recipient.channel, recipient.id),
        kind=kind,
        incident_id=incident.incident_id,
        reference=incident.reference,
        level=level,
        step=step,
        channel=recipient.channel,
        recipient=recipient.id,
        role=recipient.role,
        person=incident.person,
        categories=categories,
        aggravators=tuple(sorted({code for finding in findings for code in finding.aggravators})),
        created_at=now,
    )
