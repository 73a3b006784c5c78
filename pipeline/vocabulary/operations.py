"""What the engineer and the live page must see: dead letters, and when each source was last heard."""

from datetime import datetime
from enum import StrEnum

import msgspec


class DeadLetterReason(StrEnum):
    """Why something could not be processed."""

    BAD_JSON = "bad_json"
    BAD_FIELD = "bad_field"
    UNKNOWN_ACCOUNT = "unknown_account"
    ENDED_ACCOUNT = "ended_account"
    NOT_A_SOURCE = "not_a_source"
    TOO_LARGE = "too_large"
    NOT_SCREENED = "not_screened"
    PROCESSING_FAILED = "processing_failed"
    STORE_REFUSED = "store_refused"


class DeadLetterState(StrEnum):
    """Whether a dead letter still waits."""

    WAITING = "waiting"
    REPLAYED = "replayed"
    LOOKED_AT = "looked_at"
    """An officer read the post that was not screened."""


class LookedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Who read a post that was not screened, when, and what came of it: a note, or the incident recorded from it."""

    by: str
    at: datetime
    note: str = ""
    incident_id: str | None = None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be processed, on `dead.letters.v1`, keyed by its id.

    explanation names the field and the cure and quotes nothing. payload is what was received, base64 in JSON, or None
    where it may hold no text (an unknown or ended account). source and position say where it stood (a file and line,
    or a topic, partition and offset). replay_topic and replay_key say where to send the payload again.
    """

    dead_letter_id: str
    reason: DeadLetterReason
    explanation: str
    stage: str
    source: str
    position: str
    at: datetime
    state: DeadLetterState = DeadLetterState.WAITING
    account: str | None = None
    payload: bytes | None = None
    replay_topic: str | None = None
    replay_key: str | None = None
    looked_at: LookedAt | None = None


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """When a source was last heard, on the compacted topic `source.status.v1`, keyed by account."""

    account: str
    platform: str
    connector: str
    last_received_at: datetime
    last_posted_at: datetime | None = None
