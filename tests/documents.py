"""Small builders of what a store keeps beside incidents: dead letters, deliveries, sources."""

from datetime import timedelta

import msgspec

from pipeline.vocabulary.alert import Channel, Delivery, DeliveryState
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, SourceStatus
from tests.builders import NOON


def a_letter(key: str, minutes: int = 0, **changes: object) -> DeadLetter:
    plain = DeadLetter(
        dead_letter_id=key,
        reason=DeadLetterReason.BAD_FIELD,
        explanation="posted_at is missing: fill it in",
        stage="ingest",
        source="feed.jsonl",
        position="7",
        at=NOON + timedelta(minutes=minutes),
        payload=b"\x00\xff",
        replay_topic="ingest.raw.facebook",
        replay_key="acc-1",
    )
    return msgspec.structs.replace(plain, **changes)


def a_delivery(alert: str, attempts: int, **changes: object) -> Delivery:
    plain = Delivery(
        alert_id=alert,
        incident_id="inc-1",
        channel=Channel.EMAIL,
        recipient="mo",
        state=DeliveryState.RETRYING,
        attempts=attempts,
        at=NOON + timedelta(minutes=attempts),
        message_id="<1@council.example>",
        reason="421",
        due_at=NOON + timedelta(hours=1),
    )
    return msgspec.structs.replace(plain, **changes)


def a_source(account: str, minutes: int) -> SourceStatus:
    at = NOON + timedelta(minutes=minutes, microseconds=7)
    return SourceStatus(account=account, platform="x", connector="file", last_received_at=at, last_posted_at=NOON)
