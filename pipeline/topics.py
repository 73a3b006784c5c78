"""Every topic: its name, key, cleanup and how long it is kept. Logs, compose file and docs are made from this list.

Partition of a record: `partition_of(key, partitions)`, ours on every log, so that state and input share a partition.
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum

DAY_MS = 86_400_000
RAW_PREFIX = "ingest.raw."


class Cleanup(StrEnum):
    """Kafka's two ways of forgetting."""

    DELETE = "delete"
    COMPACT = "compact"


@dataclass(frozen=True)
class Topic:
    """A topic. retention_ms counts for delete; a compacted topic is compacted within 24 hours. key says what it is."""

    name: str
    key: str
    cleanup: Cleanup
    retention_ms: int
    purpose: str


EVENTS = Topic("social.events.v1", "account", Cleanup.DELETE, 14 * DAY_MS, "normalised events, packed by account")
FINDINGS = Topic("findings.v1", "concern", Cleanup.DELETE, 14 * DAY_MS, "the findings of one event about one concern")
INCIDENTS = Topic("incidents.v1", "incident id", Cleanup.COMPACT, -1, "each incident's last version: the record")
ALERTS = Topic("alerts.v1", "alert id", Cleanup.DELETE, 14 * DAY_MS, "what must reach a person now")
DELIVERIES = Topic("alert.deliveries.v1", "alert id", Cleanup.DELETE, 14 * DAY_MS, "what became of each alert")
ACTIVITY = Topic("incident.activity.v1", "concern", Cleanup.DELETE, 7 * DAY_MS, "what people did to an incident")
DEAD_LETTERS = Topic("dead.letters.v1", "dead letter id", Cleanup.DELETE, 14 * DAY_MS, "what could not be processed")
SOURCES = Topic("source.status.v1", "account", Cleanup.COMPACT, -1, "when each source was last heard")
CURSORS = Topic("source.cursors.v1", "cursor name", Cleanup.COMPACT, -1, "how far each file has been read")

FIXED_TOPICS = (EVENTS, FINDINGS, INCIDENTS, ALERTS, DELIVERIES, ACTIVITY, DEAD_LETTERS, SOURCES, CURSORS)

PLATFORMS = (
    "facebook",
    "instagram",
    "x",
    "youtube",
    "linkedin",
    "wikipedia",
    "tiktok",
    "blog",
    "mastodon",
    "bluesky",
    "nextdoor",
    "snapchat",
    "reddit",
    "generic",
)
"""Platforms with a raw topic of their own; any other is carried as `generic`."""


def raw_topic(platform: str) -> Topic:
    """Return the topic that carries observations of a platform: packs of up to 100 from one account, 7 days at most."""
    name = platform if platform in PLATFORMS else "generic"
    days = 2 if name == "linkedin" else 7
    return Topic(RAW_PREFIX + name, "account", Cleanup.DELETE, days * DAY_MS, f"observations from {name}, as received")


RAW_TOPICS = tuple(raw_topic(platform) for platform in PLATFORMS)
ALL_TOPICS = (*RAW_TOPICS, *FIXED_TOPICS)


def partition_of(key: str, partitions: int) -> int:
    """Return the partition, from 0, of a key on a topic of so many partitions."""
    return zlib.crc32(key.encode()) % partitions
