"""Acts: what people do to an incident, applied or refused. Pure.

A refusal changes nothing but the timeline: an entry `refused` with the activity's id and the reason in words, in a new
version, so that the console sees the outcome. The same activity twice changes nothing.

Stale means: since the version the person saw, somebody else acknowledged it or gave a verdict, or its level rose. An
event added at the same level is not in the way. Notes and complaint references are never stale.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.incident import Incident, IncidentState, Note, TimelineEntry, Verdict, VerdictCode
from pipeline.vocabulary.levels import ALERTING, Level
from processors.casework.assisting import ActRefused, ask_removal, close_removal, prompt, refer
from processors.casework.keeping import delete, dispute, hold, lift, release, restrict, settle

DELETED = "deleted"
"""The code of the last entry of an incident that leaves the record: its version is never written."""

_MATTERS = {
    "acknowledged": "it was acknowledged by somebody else",
    "verdict": "somebody else gave a verdict",
    "level_raised": "its level rose",
}


def act(incident: Incident, activity: Activity) -> Incident:
    """Return the incident after an activity that `applies` to it, refused or not, one version on."""
    if activity.activity_id in incident.applied_activities:
        return incident
    try:
        changed = _ACTS[activity.kind](incident, activity)
        code, detail = _DONE[activity.kind], _detail(activity)
    except ActRefused as refusal:
        changed, code, detail = incident, "refused", str(refusal)
    at, version = activity.at.astimezone(UTC), incident.version + 1
    entry = TimelineEntry(
        at=at, code=code, by=activity.by, activity_id=activity.activity_id, detail=detail, version=version
    )
    return msgspec.structs.replace(
        changed,
        version=version,
        updated_at=max(incident.updated_at, at),
        timeline=(*incident.timeline, entry),
        applied_activities=(*incident.applied_activities, activity.activity_id),
    )


def _acknowledge(incident: Incident, activity: Activity) -> Incident:
    _refuse_stale(incident, activity)
    if incident.state is IncidentState.CLOSED:
        raise ActRefused("it is closed: a verdict was given")
    if incident.state is IncidentState.ACKNOWLEDGED:
        who = "you" if incident.acknowledged_by == activity.by else incident.acknowledged_by
        raise ActRefused(f"it was acknowledged already, by {who}")
    return _acknowledged(incident, activity)


def _verdict(incident: Incident, activity: Activity) -> Incident:
    _refuse_stale(incident, activity)
    code, level, reason = activity.verdict, activity.level, (activity.text or "").strip()
    if code is None:
        raise ActRefused("no verdict was given: choose one")
    if code is VerdictCode.NOT_A_FINDING and not reason and {incident.level, incident.machine_level} & ALERTING:
        raise ActRefused("a reason is required to close a high or critical incident as not a finding")
    if code is VerdictCode.LEVEL_CHANGED and level is None:
        raise ActRefused("no level was given: choose one")
    stands = incident.level if level is None or code is VerdictCode.NOT_A_FINDING else level
    closes = code is not VerdictCode.LEVEL_CHANGED
    at = activity.at.astimezone(UTC)
    return msgspec.structs.replace(
        _acknowledged(incident, activity),
        state=IncidentState.CLOSED if closes else IncidentState.ACKNOWLEDGED,
        closed_at=at if closes else None,
        level=stands,
        alerted_levels=_still_alerted(incident.alerted_levels, stands),
        verdict=Verdict(code=code, level=level, reason=reason, by=activity.by, at=at),
    )


def _still_alerted(alerted: tuple[Level, ...], stands: Level) -> tuple[Level, ...]:
    """Return the levels people know of: above a lowered level a new threat pages again, at that level it does not."""
    known = {one for one in alerted if one.rank <= stands.rank}
    if stands in ALERTING and any(one.rank > stands.rank for one in alerted):
        known.add(stands)
    return tuple(sorted(known, key=lambda one: one.rank))


def _note(incident: Incident, activity: Activity) -> Incident:
    text = (activity.text or "").strip()
    if not text:
        raise ActRefused("the note is empty: write something")
    note = Note(note_id=activity.activity_id, by=activity.by, at=activity.at.astimezone(UTC), text=text)
    return msgspec.structs.replace(incident, notes=(*incident.notes, note))


def _gather(incident: Incident, activity: Activity) -> Incident:
    complaint = (activity.complaint or "").strip()
    if not complaint:
        raise ActRefused("no complaint reference was given, such as SC/2026/014")
    return msgspec.structs.replace(incident, complaints=tuple(sorted({*incident.complaints, complaint})))


def _record_again(_incident: Incident, _activity: Activity) -> Incident:
    raise ActRefused("this incident is recorded already")


def _acknowledged(incident: Incident, activity: Activity) -> Incident:
    """Return the incident as somebody's, keeping who was first."""
    if incident.acknowledged_at is not None:
        return msgspec.structs.replace(incident, state=IncidentState.ACKNOWLEDGED)
    at: datetime = activity.at.astimezone(UTC)
    return msgspec.structs.replace(
        incident, state=IncidentState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=activity.by
    )


def _refuse_stale(incident: Incident, activity: Activity) -> None:
    for entry in incident.timeline:
        others = entry.code == "level_raised" or entry.by != activity.by
        if entry.version > activity.seen_version and entry.code in _MATTERS and others:
            raise ActRefused(f"the incident has changed since you opened it: {_MATTERS[entry.code]}. Look at it again")


def _detail(activity: Activity) -> str | None:
    """Return the code that goes with a timeline entry; never the text of a note or a reason."""
    if activity.kind in {ActivityKind.GATHER, ActivityKind.REFER}:
        return activity.complaint
    given = activity.assistance
    if given is not None:
        return given.letter or given.outcome or given.paragraph or None
    if activity.kind is ActivityKind.VERDICT and activity.verdict is not None:
        level: Level | None = activity.level if activity.verdict is VerdictCode.LEVEL_CHANGED else None
        return activity.verdict.value if level is None else f"{activity.verdict.value} {level.value}"
    return None


_ACTS: Mapping[ActivityKind, Callable[[Incident, Activity], Incident]] = {
    ActivityKind.ACKNOWLEDGE: _acknowledge,
    ActivityKind.VERDICT: _verdict,
    ActivityKind.NOTE: _note,
    ActivityKind.GATHER: _gather,
    ActivityKind.RECORD: _record_again,
    ActivityKind.PROMPT: prompt,
    ActivityKind.REFER: refer,
    ActivityKind.ASK_REMOVAL: ask_removal,
    ActivityKind.CLOSE_REMOVAL: close_removal,
    ActivityKind.HOLD: hold,
    ActivityKind.RELEASE: release,
    ActivityKind.DISPUTE: dispute,
    ActivityKind.SETTLE: settle,
    ActivityKind.RESTRICT: restrict,
    ActivityKind.LIFT: lift,
    ActivityKind.DELETE: delete,
}

_DONE: Mapping[ActivityKind, str] = {
    ActivityKind.ACKNOWLEDGE: "acknowledged",
    ActivityKind.VERDICT: "verdict",
    ActivityKind.NOTE: "note",
    ActivityKind.GATHER: "gathered",
    ActivityKind.RECORD: "recorded",
    ActivityKind.PROMPT: "prompted",
    ActivityKind.REFER: "referred",
    ActivityKind.ASK_REMOVAL: "removal_asked",
    ActivityKind.CLOSE_REMOVAL: "removal_closed",
    ActivityKind.HOLD: "held",
    ActivityKind.RELEASE: "released",
    ActivityKind.DISPUTE: "disputed",
    ActivityKind.SETTLE: "settled",
    ActivityKind.RESTRICT: "restricted",
    ActivityKind.LIFT: "lifted",
    ActivityKind.DELETE: DELETED,
}
