"""The incident: what one author did to one person (or about one topic, or on one own account), and what people decided.

Written by the record stage alone, to the compacted topic `incidents.v1`; the last version is the record, evidence and
all. `version` counts from 1 and never goes back.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from pipeline.vocabulary.assistance import Prompt, Referral, TakedownRequest
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Author, Event
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.keeping import Dispute, Hold, Restriction
from pipeline.vocabulary.levels import Level, Role, Route


class IncidentKind(StrEnum):
    """How an incident came to be."""

    AUTHOR = "author"
    PILE_ON = "pile_on"
    MANUAL = "manual"
    SUMMARY = "summary"
    ADVICE = "advice"
    """A draft that a councillor sent for advice before posting: never counted."""
    TEST = "test"
    """Opened by the harmless trigger phrase: about nobody, never counted."""


class IncidentState(StrEnum):
    """Where the handling of an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class VerdictCode(StrEnum):
    """What a person decided; it outranks the machine."""

    CONFIRMED = "confirmed"
    NOT_A_FINDING = "not_a_finding"
    LEVEL_CHANGED = "level_changed"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One event of an incident with the findings it gave rise to. The event's text is exactly as received.

    told_of names the confidential topics that the event tells of ("" for a marked document): who may read its words.
    """

    event: Event
    findings: tuple[Finding, ...]
    told_of: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision, with its reason."""

    code: VerdictCode
    level: Level | None
    reason: str
    by: str
    at: datetime


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note by a person. Its text lives here only, where it can be erased."""

    note_id: str
    by: str
    at: datetime
    text: str


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the incident's history, in codes: no text of posts or notes.

    code: opened, event_added, events_added, level_raised, alert_raised, summary_raised, nobody_to_tell, acknowledged,
    verdict, note, gathered, prompted, referred, removal_asked, removal_closed, held, released, disputed, settled,
    restricted, lifted, refused. version is the incident's version that the entry made, so that what a person saw can
    be told from what came after.
    """

    at: datetime
    code: str
    by: str | None = None
    activity_id: str | None = None
    detail: str | None = None
    version: int = 0


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, whole. Times are UTC except inside the evidence; sets are sorted tuples, so equal means equal.

    level is what counts now (a verdict outranks machine_level). event_times maps each event id that was applied to
    its time: applying an event twice changes nothing. applied_activities does the same for what people did.

    findings are what only all its events together show. A pile-on has those alone: it lists its events by id and time,
    and their words stand in the incidents it links.
    """

    incident_id: str
    reference: str
    version: int
    kind: IncidentKind
    state: IncidentState
    concern: str
    person: str | None
    topic_ref: str | None
    account: str
    platform: str
    direction: str | None
    author: Author | None
    level: Level
    machine_level: Level
    categories: tuple[Category, ...]
    paragraphs: tuple[str, ...]
    notify: tuple[Role, ...]
    route: Route | None
    first_posted_at: datetime
    last_posted_at: datetime
    opened_at: datetime
    updated_at: datetime
    evidence: tuple[Evidence, ...]
    event_times: dict[str, datetime]
    findings: tuple[Finding, ...] = ()
    alerted_levels: tuple[Level, ...] = ()
    late: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    closed_at: datetime | None = None
    verdict: Verdict | None = None
    notes: tuple[Note, ...] = ()
    complaints: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    referral: Referral | None = None
    takedowns: tuple[TakedownRequest, ...] = ()
    hold: Hold | None = None
    disputes: tuple[Dispute, ...] = ()
    restriction: Restriction | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    applied_activities: tuple[str, ...] = ()

    @property
    def disputed(self) -> bool:
        """Say whether something about it is disputed and not settled."""
        return any(one.settled_at is None for one in self.disputes)

    @property
    def kept_as(self) -> tuple[str, ...]:
        """Return how it is kept, in codes: disputed, on_hold, restricted."""
        held, restricted = self.hold is not None, self.restriction is not None
        stands = {"disputed": self.disputed, "on_hold": held, "restricted": restricted}
        return tuple(name for name, holds in stands.items() if holds)

    @property
    def office(self) -> str:
        """Return the concern without its kind: a person's id, a topic's reference or an account's id."""
        return self.concern.partition(":")[2]
