"""What an officer does to an incident: put on incident.activity.v1, then looked for in the incident's timeline.

The record stage alone changes an incident. An act carries the version the person saw; what is stale is refused with a
reason, which the page shows.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from pipeline.codec import binary_headers, encode
from pipeline.ids import digest
from pipeline.log.interface import Log, Outgoing
from pipeline.store.interface import Store
from pipeline.topics import ACTIVITY
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.incident import Incident

WAIT_SECONDS = 2.0
_LOOK_SECONDS = 0.1
T = TypeVar("T")


class OutcomeCode(StrEnum):
    """What became of an act."""

    APPLIED = "applied"
    REFUSED = "refused"
    ON_ITS_WAY = "on_its_way"


@dataclass(frozen=True)
class Outcome:
    """What became of an act; done is the timeline's code, reason is why it was refused."""

    code: OutcomeCode
    done: str = ""
    reason: str = ""


def activity_id(incident_id: str, username: str, token: str) -> str:
    """Return the id of an act. token is the form's own, so that sending a form twice is one act."""
    return digest("activity", incident_id, username, token)


def send(log: Log, activity: Activity) -> None:
    """Put an act on the log. Raises LogUnavailable: nothing was done."""
    at: datetime = activity.at
    headers = binary_headers("activity", activity.activity_id, activity.incident_id, at)
    log.append(
        [Outgoing(topic=ACTIVITY.name, key=activity.concern, value=encode(activity), headers=headers)],
    )


def outcome(incident: Incident | None, activity: str) -> Outcome:
    """Return what became of an act, from an incident as it stands."""
    entries = incident.timeline if incident is not None else ()
    for entry in reversed(entries):
        if entry.activity_id == activity:
            if entry.code == "refused":
                return Outcome(OutcomeCode.REFUSED, entry.code, entry.detail or "")
            return Outcome(OutcomeCode.APPLIED, entry.code)
    if incident is not None and activity in incident.applied_activities:
        return Outcome(OutcomeCode.APPLIED)
    return Outcome(OutcomeCode.ON_ITS_WAY)


def wait_for(store: Store, incident_id: str, activity: str) -> Outcome:
    """Look for an act in its incident for two seconds at most; return what became of it."""

    def settled() -> Outcome | None:
        found = outcome(store.get(incident_id), activity)
        return None if found.code is OutcomeCode.ON_ITS_WAY else found

    return looked_for(settled) or Outcome(OutcomeCode.ON_ITS_WAY)


def looked_for(find: Callable[[], T | None]) -> T | None:
    """Return what is found within two seconds, or None: the worker that brings it may be busy or away."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = find()
        if found is not None or time.monotonic() >= deadline:
            return found
        time.sleep(_LOOK_SECONDS)
