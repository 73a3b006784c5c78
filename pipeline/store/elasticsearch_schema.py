"""Elasticsearch's indices as templates with strict mappings; the Elasticsearch store creates them, Grafana reads them.

An index of incidents has flat fields for filters and dashboards. Post texts and names stand only in `body` (the whole
incident, unindexed) and `terms` (its words, for search): both are kept out of `_source`, so dashboards get neither.
"""

from collections.abc import Mapping
from typing import Any

Mapped = Mapping[str, Any]

INCIDENTS = "incidents"
SOURCES = "sources"
DEAD_LETTERS = "dead-letters"
DELIVERIES = "deliveries"

_KEYWORD: Mapped = {"type": "keyword"}
_DATE: Mapped = {"type": "date"}
_LONG: Mapped = {"type": "long"}
_UNSEARCHED: Mapped = {"type": "keyword", "index": False, "doc_values": False}

PROPERTIES: Mapping[str, Mapping[str, Mapped]] = {
    INCIDENTS: {
        "incident_id": _KEYWORD,
        "reference": _KEYWORD,
        "version": _LONG,
        "kind": _KEYWORD,
        "state": _KEYWORD,
        "person": _KEYWORD,
        "topic_ref": _KEYWORD,
        "platform": _KEYWORD,
        "direction": _KEYWORD,
        "level": _KEYWORD,
        "level_rank": {"type": "byte"},
        "account": _KEYWORD,
        "category": _KEYWORD,
        "paragraph": _KEYWORD,
        "complaint": _KEYWORD,
        "author": _KEYWORD,
        "author_id": _KEYWORD,
        "kept_as": _KEYWORD,
        "verdict": _KEYWORD,
        "late": {"type": "boolean"},
        "opened_at": _DATE,
        "updated_at": _DATE,
        "first_posted_at": _DATE,
        "last_posted_at": _DATE,
        "acknowledged_at": _DATE,
        "closed_at": _DATE,
        "last_posted_us": _LONG,
        "seconds_to_acknowledge": {"type": "double"},
        "terms": {"type": "text", "analyzer": "whitespace", "norms": False},
        "body": {"type": "binary", "store": True},
    },
    SOURCES: {
        "account": _KEYWORD,
        "platform": _KEYWORD,
        "connector": _KEYWORD,
        "last_received_at": _DATE,
        "last_posted_at": _DATE,
        "at_us": _LONG,
    },
    DEAD_LETTERS: {
        "dead_letter_id": _KEYWORD,
        "reason": _KEYWORD,
        "explanation": _UNSEARCHED,
        "stage": _KEYWORD,
        "source": _UNSEARCHED,
        "position": _UNSEARCHED,
        "at": _DATE,
        "state": _KEYWORD,
        "account": _KEYWORD,
        "payload": _UNSEARCHED,
        "replay_topic": _UNSEARCHED,
        "replay_key": _UNSEARCHED,
        "looked_at": {"type": "object", "enabled": False},
        "at_us": _LONG,
    },
    DELIVERIES: {
        "alert_id": _KEYWORD,
        "incident_id": _KEYWORD,
        "channel": _KEYWORD,
        "recipient": _KEYWORD,
        "state": _KEYWORD,
        "attempts": _LONG,
        "at": _DATE,
        "message_id": _UNSEARCHED,
        "reason": _UNSEARCHED,
        "due_at": _DATE,
        "count": _LONG,
        "number": _LONG,
        "at_us": _LONG,
    },
}


def alias(prefix: str, name: str) -> str:
    """Return the alias that everything reads and writes an index through."""
    return f"{prefix}-{name}"


def numbered(prefix: str, name: str, number: int) -> str:
    """Return the name of one generation of an index."""
    return f"{alias(prefix, name)}-{number:06d}"


def mappings(name: str) -> dict[str, Any]:
    """Return the strict mapping of an index."""
    mapping: dict[str, Any] = {"dynamic": "strict", "properties": dict(PROPERTIES[name])}
    if name == INCIDENTS:
        mapping["_source"] = {"excludes": ["body", "terms"]}
    return mapping


def template(prefix: str, name: str, replicas: int) -> dict[str, Any]:
    """Return the index template of an index, as the server takes it."""
    settings = {"number_of_shards": 1, "number_of_replicas": replicas, "refresh_interval": "1s"}
    return {
        "index_patterns": [f"{alias(prefix, name)}-0*"],
        "priority": 500,
        "template": {"settings": {"index": settings}, "mappings": mappings(name)},
    }
