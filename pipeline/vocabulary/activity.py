"""What people do to an incident: messages on `incident.activity.v1`, keyed by the incident's concern.

The console writes them, the record stage alone applies them, and refuses what is stale with a reason the console shows.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from pipeline.vocabulary.assistance import Assistance
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.incident import VerdictCode
from pipeline.vocabulary.keeping import KeepingMark
from pipeline.vocabulary.levels import Level


class ActivityKind(StrEnum):
    """The acts that can change an incident."""

    ACKNOWLEDGE = "acknowledge"
    VERDICT = "verdict"
    NOTE = "note"
    GATHER = "gather"
    RECORD = "record"
    PROMPT = "prompt"
    REFER = "refer"
    ASK_REMOVAL = "ask_removal"
    CLOSE_REMOVAL = "close_removal"
    HOLD = "hold"
    RELEASE = "release"
    DISPUTE = "dispute"
    SETTLE = "settle"
    RESTRICT = "restrict"
    LIFT = "lift"
    DELETE = "delete"
    """The incident's time is up (7.3.3): it leaves the record, by a person's decision."""


class ManualRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that an officer records by hand: what was seen, about whom, under which category and paragraph.

    advice: it is no incident but a draft that a councillor sends for advice (5.3).
    """

    event: Event
    person: str | None
    category: Category
    paragraph: str
    level: Level
    advice: bool = False


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One act of one person. seen_version is the version of the incident on that person's screen; 0 for a new record.

    text is the reason of a verdict or the words of a note; it is copied into the incident and leaves the topic with its
    short retention. complaint is a complaint reference, for gathering incidents under it. assistance goes with the acts
    that record a letter or a request to remove, keeping with those that hold, dispute or restrict.
    """

    activity_id: str
    incident_id: str
    concern: str
    kind: ActivityKind
    by: str
    at: datetime
    seen_version: int
    verdict: VerdictCode | None = None
    level: Level | None = None
    text: str | None = None
    complaint: str | None = None
    record: ManualRecord | None = None
    assistance: Assistance | None = None
    keeping: KeepingMark | None = None
