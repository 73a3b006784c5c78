"""Deterministic identities: every id is a hash of what it stands for, so a replay or a duplicate mints the same.

Used by reconcile (events), record (incidents, alerts) and the console (references). No counters, no clock.
"""

import hashlib
from base64 import b32encode
from datetime import date, datetime

import msgspec

from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.levels import Level

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_encoder = msgspec.json.Encoder()


def digest(*parts: str | int | None) -> str:
    """Return 32 lower-case base32 characters (160 bits) of SHA-256 over the parts, each kept apart from the next."""
    return b32encode(hashlib.sha256(_encoder.encode(parts)).digest()[:20]).decode().lower()


def content_hash(seen: Observation) -> str:
    """Return the hash of what a reader would see change: texts, attachments, what is shared, the profile."""
    visible = (seen.text, seen.shared, seen.attachments, seen.profile, seen.thread_title)
    return digest(_encoder.encode(visible).decode())


def event_id(seen: Observation, content: str, previous: str | None) -> str:
    """Return the id of an event: platform, object, action, content and, where known, the version before it."""
    return digest("event", seen.platform, seen.object_id, seen.action, content, previous)


def incident_id(concern: str, author_id: str | None, first_event: str) -> str:
    """Return the id of an incident: whom or what it concerns, who wrote, and its first event."""
    return digest("incident", concern, author_id, first_event)


def pile_on_id(concern: str, day: date, number: int) -> str:
    """Return the id of a pile-on: whom it concerns, the day its first post is of (UTC), how many that day came before.

    Not its first event: posts about one person come by several partitions, in an order that no two runs share.
    """
    return digest("pile_on", concern, day.isoformat(), number)


def reference(incident: str, opened_at: datetime) -> str:
    """Return the reference people use, such as SM-2026-7F3K2Q: the year it opened and 30 bits of the incident's id."""
    number = int.from_bytes(hashlib.sha256(incident.encode()).digest()[:4], "big")
    letters = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(0, 30, 5))
    return f"SM-{opened_at.year}-{letters}"


def alert_id(incident: str, level: Level, step: int, channel: Channel, recipient: str) -> str:
    """Return the id of an alert, the same each time it is raised or delivered."""
    return digest("alert", incident, level, step, channel, recipient)


def concern_of(person: str | None, topic_ref: str | None, account: str) -> str:
    """Return the key of an incident: the person it concerns, else the topic, else the account it stands on."""
    if person is not None:
        return f"person:{person}"
    return f"topic:{topic_ref}" if topic_ref is not None else f"account:{account}"
