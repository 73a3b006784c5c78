"""What must reach a person now, and what became of it. No post text, author name or confidential term, ever."""

from datetime import datetime
from enum import StrEnum

import msgspec

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level, Role


class AlertKind(StrEnum):
    """Why somebody is told: a first page, a rise in level, one summary for what came late, or a test of the chain."""

    PAGE = "page"
    RISE = "rise"
    SUMMARY = "summary"
    TEST = "test"


class Channel(StrEnum):
    """How somebody is told."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one recipient on one channel, on `alerts.v1`, keyed by alert_id.

    alert_id is a hash of incident, level, step, channel and recipient (see `pipeline.ids`), so it is the same after a
    crash. recipient is a reference in the recipients register, never an address. person is the id of the councillor or
    officer concerned. count is the number of incidents a summary stands for.
    """

    alert_id: str
    kind: AlertKind
    incident_id: str
    reference: str
    level: Level
    step: int
    channel: Channel
    recipient: str
    role: Role
    person: str | None
    categories: tuple[Category, ...]
    aggravators: tuple[str, ...]
    created_at: datetime
    count: int = 1


class DeliveryState(StrEnum):
    """What became of an alert."""

    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt's outcome on `alert.deliveries.v1`, keyed by alert_id; the newest counts.

    reason is a code or a provider's reply without addresses; due_at says when the next attempt is made. count is the
    number of incidents the message told of; number counts messages under one alert id (follow-ups of a summary).
    """

    alert_id: str
    incident_id: str
    channel: Channel
    recipient: str
    state: DeliveryState
    attempts: int
    at: datetime
    message_id: str | None = None
    reason: str | None = None
    due_at: datetime | None = None
    count: int = 1
    number: int = 1
