"""Small builders of events, findings, detections and incidents for tests: every field has a harmless default."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from pipeline import ids, settings
from pipeline.registers.types import Account, Council, Councillor, OwnerKind, Recipient, Registers
from pipeline.settings import Settings
from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Direction, Event
from pipeline.vocabulary.finding import Detection, Field, Finding
from pipeline.vocabulary.incident import Evidence, Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level, Role

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
PERSON = "cllr-reed"
ACCOUNT = "acc-fb-council"


def an_event(number: int = 1, author: str | Author | None = "fb:1", at: datetime = NOON, **changes: Any) -> Event:
    """Return an inbound comment; number makes it another object; observed 30 seconds after it was posted."""
    if isinstance(author, str):
        author = Author(id=author, handle=author.replace(":", "."), display_name=f"Resident {author}")
    plain: dict[str, Any] = {
        "platform": "facebook",
        "object_id": f"facebook:comment:{number}",
        "object_type": "comment",
        "action": Action.CREATE,
        "account": ACCOUNT,
        "direction": Direction.INBOUND,
        "text": f"comment {number}",
        "author": author,
        "posted_at": at,
        "observed_at": at + timedelta(seconds=30),
        "event_id": "",
        "content_hash": "",
    }
    event = Event(**(plain | changes))
    content = event.content_hash or ids.content_hash(event)
    identity = event.event_id or ids.event_id(event, content, event.previous_event_id)
    return msgspec.structs.replace(event, content_hash=content, event_id=identity)


def a_finding(category: Category = Category.ABUSE, level: Level = Level.MODERATE, **changes: Any) -> Finding:
    """Return a finding about PERSON under paragraph 6.1, quoting the event's first word."""
    plain: dict[str, Any] = {
        "paragraph": "6.1",
        "paragraphs": ("6.1",),
        "category": category,
        "level": level,
        "target": PERSON,
        "rule": f"{category}-rule",
        "rule_version": 1,
        "field": Field.TEXT,
        "span": (0, 7),
        "quote": "comment",
        "reason": "because of the test",
    }
    return Finding(**(plain | changes))


def a_detection(event: Event | None = None, *findings: Finding, concern: str = f"person:{PERSON}") -> Detection:
    """Return a detection: moderate abuse of PERSON unless findings are given."""
    return Detection(event=event or an_event(), concern=concern, findings=findings or (a_finding(),))


def an_incident(detection: Detection | None = None, **changes: Any) -> Incident:
    """Return an open incident, version 1, of one detection."""
    seen = detection or a_detection()
    event, levels = seen.event, [finding.level for finding in seen.findings]
    level = max(levels, key=lambda one: one.rank)
    identity = ids.incident_id(seen.concern, event.author.id if event.author else None, event.event_id)
    happened = event.happened_at.astimezone(UTC)
    plain: dict[str, Any] = {
        "incident_id": identity,
        "reference": ids.reference(identity, event.observed_at),
        "version": 1,
        "kind": IncidentKind.AUTHOR,
        "state": IncidentState.OPEN,
        "concern": seen.concern,
        "person": seen.findings[0].target,
        "topic_ref": seen.findings[0].topic_ref,
        "account": event.account,
        "platform": event.platform,
        "direction": event.direction.value if event.direction else None,
        "author": event.author,
        "level": level,
        "machine_level": level,
        "categories": tuple(sorted({finding.category for finding in seen.findings})),
        "paragraphs": tuple(sorted({one for finding in seen.findings for one in finding.paragraphs})),
        "notify": (Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER),
        "route": None,
        "first_posted_at": happened,
        "last_posted_at": happened,
        "opened_at": event.observed_at,
        "updated_at": event.observed_at,
        "evidence": (Evidence(event=event, findings=seen.findings),),
        "event_times": {event.event_id: happened},
    }
    return Incident(**(plain | changes))


def some_recipients() -> tuple[Recipient, ...]:
    """Return a Communications mailbox and a Monitoring Officer, both by e-mail."""
    return (
        Recipient(id="comms", role=Role.COMMUNICATIONS_TEAM, channel=Channel.EMAIL, address="comms@council.example"),
        Recipient(id="mo", role=Role.MONITORING_OFFICER, channel=Channel.EMAIL, address="mo@council.example"),
    )


def some_registers(**changes: Any) -> Registers:
    """Return the registers of a borough with one councillor, one page and two recipients."""
    plain: dict[str, Any] = {
        "council": Council(name="Testwick Borough Council", short_name="Testwick"),
        "councillors": (Councillor(id=PERSON, name="Alex Reed", ward="Millbank", aliases=("Reed",)),),
        "officers": (),
        "accounts": {
            ACCOUNT: Account(
                id=ACCOUNT,
                platform="facebook",
                handle="TestwickBC",
                owner_kind=OwnerKind.COUNCIL_PAGE,
                notice_date=NOON.date(),
                agreement_ref="AGR-1",
                active_from=NOON.date() - timedelta(days=3650),
            )
        },
        "recipients": some_recipients(),
        "version": "test",
    }
    return Registers(**(plain | changes))


def some_settings(home: Path, changes: Mapping[str, str] | None = None) -> Settings:
    """Return default settings in a home folder, changed by setting name."""
    loaded = settings.load({}, home)
    return Settings({**loaded.values, **(changes or {})})
