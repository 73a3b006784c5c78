"""Assisting: the acts by which an officer records a letter sent, a referral, a request to remove and its outcome. Pure.

Called by `acts`. None of them changes level, state or verdict. A request to remove is refused where the evidence is not
captured: removal must never be the end of it (8.2). A letter is help (R.2): it puts the incident under no complaint.
"""

from datetime import UTC

import msgspec

from pipeline.guidance import PARAGRAPHS
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.assistance import Assistance, Prompt, Referral, TakedownOutcome, TakedownRequest
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Direction, Event
from pipeline.vocabulary.incident import Incident, IncidentKind


class ActRefused(Exception):
    """Why an act is not applied, in words for the person who tried."""


def prompt(incident: Incident, activity: Activity) -> Incident:
    """Record that a letter was sent. Raises ActRefused."""
    letter = _of(activity).letter
    if letter is None:
        raise ActRefused("no letter was given: choose one")
    if incident.direction != Direction.OUTBOUND:
        raise ActRefused("a letter is for what a councillor's account wrote, and a resident wrote this")
    sent = Prompt(letter=letter, by=activity.by, at=activity.at.astimezone(UTC))
    return msgspec.structs.replace(incident, prompts=(*incident.prompts, sent))


def refer(incident: Incident, activity: Activity) -> Incident:
    """Refer to the Monitoring Officer under a complaint reference. Raises ActRefused."""
    complaint = (activity.complaint or "").strip()
    if not complaint:
        raise ActRefused("no complaint reference was given, such as SC/2026/014")
    if not may_be_referred(incident):
        raise ActRefused("only what a councillor's account wrote, or a report of misuse, is referred")
    if incident.referral is not None:
        raise ActRefused(f"it was referred already, under {incident.referral.complaint}")
    return msgspec.structs.replace(
        incident,
        referral=Referral(complaint=complaint, by=activity.by, at=activity.at.astimezone(UTC)),
        complaints=tuple(sorted({*incident.complaints, complaint})),
    )


def may_be_referred(incident: Incident) -> bool:
    """Say whether an incident is about a councillor's conduct: written from their account, or reported by somebody.

    A draft sent for advice is none: nothing was posted.
    """
    if incident.kind is IncidentKind.ADVICE:
        return False
    return incident.direction == Direction.OUTBOUND or Category.MISUSE_REPORT in incident.categories


def captured(incident: Incident) -> Event | None:
    """Return the newest post whose words or pictures are kept as evidence, or None: then nothing may be removed."""
    for piece in reversed(incident.evidence if incident.kind is not IncidentKind.ADVICE else ()):
        event = piece.event
        if event.action is not Action.DELETE and (event.text or event.attachments or event.shared or event.profile):
            return event
    return None


def ask_removal(incident: Incident, activity: Activity) -> Incident:
    """Record a request to remove the post. Raises ActRefused, also where no evidence is captured."""
    asked, evidence, reason = _of(activity), captured(incident), (activity.text or "").strip()
    if evidence is None:
        raise ActRefused("the evidence is not captured: record the post first, with its words or a screenshot")
    if not asked.asked_by.strip() or not reason:
        raise ActRefused("who asks and the reason are needed: enter both")
    if asked.paragraph not in PARAGRAPHS:
        raise ActRefused("no paragraph of the Guidance was given: choose one")
    at = activity.at.astimezone(UTC)
    if asked.deadline is None or asked.deadline <= at:
        raise ActRefused("the deadline is missing or has passed: enter a later one")
    if any(one.outcome is None for one in incident.takedowns):
        raise ActRefused("a request is open already: record what became of it first")
    request = TakedownRequest(
        request_id=activity.activity_id,
        asked_by=asked.asked_by.strip(),
        asked_at=at,
        recorded_by=activity.by,
        reason=reason,
        paragraph=asked.paragraph,
        deadline=asked.deadline.astimezone(UTC),
        event_id=evidence.event_id,
        content_hash=evidence.content_hash,
    )
    return msgspec.structs.replace(incident, takedowns=(*incident.takedowns, request))


def close_removal(incident: Incident, activity: Activity) -> Incident:
    """Record what became of a request: done, refused, not found. Raises ActRefused."""
    told = _of(activity)
    if told.outcome is None:
        raise ActRefused("no outcome was given: choose one")
    known = next((one for one in incident.takedowns if one.request_id == told.request_id), None)
    if known is None or known.outcome is not None:
        raise ActRefused("there is no open request of that kind: look at the incident again")
    closed = _closed(known, told.outcome, activity)
    requests = tuple(closed if one is known else one for one in incident.takedowns)
    return msgspec.structs.replace(incident, takedowns=requests)


def _closed(request: TakedownRequest, outcome: TakedownOutcome, activity: Activity) -> TakedownRequest:
    at = activity.at.astimezone(UTC)
    return msgspec.structs.replace(request, outcome=outcome, outcome_by=activity.by, outcome_at=at)


def _of(activity: Activity) -> Assistance:
    return activity.assistance or Assistance()
