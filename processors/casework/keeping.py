"""Keeping: the acts by which a person puts an incident on hold, marks it disputed, or restricts who sees it. Pure.

Called by `acts`. None of them changes level, state or verdict, and none touches the evidence. Whether an incident may
be deleted is asked here too: never on hold, never while its accuracy is looked into, and never what has changed since
the list was read.
"""

from datetime import UTC, timedelta

import msgspec

from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.keeping import Dispute, Hold, KeepingMark, Restriction
from processors.casework.assisting import ActRefused

LONGEST_HOLD = timedelta(days=184)
"""Six months: a hold is looked at again by then (domain reference, 4.4)."""


def hold(incident: Incident, activity: Activity) -> Incident:
    """Keep it from being deleted until it is released; a second hold replaces the first. Raises ActRefused."""
    reason, review_on, today = _text(activity), _mark(activity).review_on, activity.at.astimezone(UTC).date()
    if not reason:
        raise ActRefused("a hold needs its reason: write one")
    if review_on is None or not today < review_on <= today + LONGEST_HOLD:
        raise ActRefused("the day of the review is missing, has passed or is more than six months away")
    kept = Hold(reason=reason, by=activity.by, at=activity.at.astimezone(UTC), review_on=review_on)
    return msgspec.structs.replace(incident, hold=kept)


def release(incident: Incident, _activity: Activity) -> Incident:
    """End the hold. Raises ActRefused."""
    if incident.hold is None:
        raise ActRefused("it is not on hold")
    return msgspec.structs.replace(incident, hold=None)


def dispute(incident: Incident, activity: Activity) -> Incident:
    """Put a statement beside the evidence, and mark the incident as disputed. Raises ActRefused."""
    statement = _text(activity)
    if not statement:
        raise ActRefused("the statement is empty: write what is said to be wrong, and what would be right")
    made = Dispute(dispute_id=activity.activity_id, statement=statement, by=activity.by, at=activity.at.astimezone(UTC))
    return msgspec.structs.replace(incident, disputes=(*incident.disputes, made))


def settle(incident: Incident, activity: Activity) -> Incident:
    """Record what was found about a dispute; its statement stays. Raises ActRefused."""
    wanted, outcome = _mark(activity).dispute_id, _text(activity)
    if not outcome:
        raise ActRefused("what was found is missing: write it")
    if not any(one.dispute_id == wanted and one.settled_at is None for one in incident.disputes):
        raise ActRefused("there is no open dispute of that kind: look at the incident again")
    settled = {"outcome": outcome, "settled_by": activity.by, "settled_at": activity.at.astimezone(UTC)}
    disputes = tuple(
        msgspec.structs.replace(one, **settled) if one.dispute_id == wanted else one for one in incident.disputes
    )
    return msgspec.structs.replace(incident, disputes=disputes)


def restrict(incident: Incident, activity: Activity) -> Incident:
    """Let nobody see it but those who answer for data protection. Raises ActRefused."""
    reason = _text(activity)
    if not reason:
        raise ActRefused("a restriction needs its reason: write one")
    if incident.restriction is not None:
        raise ActRefused("it is restricted already")
    made = Restriction(reason=reason, by=activity.by, at=activity.at.astimezone(UTC))
    return msgspec.structs.replace(incident, restriction=made)


def lift(incident: Incident, _activity: Activity) -> Incident:
    """End the restriction. Raises ActRefused."""
    if incident.restriction is None:
        raise ActRefused("it is not restricted")
    return msgspec.structs.replace(incident, restriction=None)


def delete(incident: Incident, activity: Activity) -> Incident:
    """Return the incident as it stands where it may be deleted. Raises ActRefused where it may not."""
    if incident.kept_as:
        raise ActRefused(f"it is {' and '.join(incident.kept_as).replace('_', ' ')}: it is not deleted meanwhile")
    if activity.seen_version != incident.version:
        raise ActRefused("the incident has changed since the list was made: look at it again")
    return incident


def _text(activity: Activity) -> str:
    return (activity.text or "").strip()


def _mark(activity: Activity) -> KeepingMark:
    return activity.keeping or KeepingMark()
