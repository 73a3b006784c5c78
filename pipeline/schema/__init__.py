"""The published JSON Schema of what travels, made from the types: `python -m pipeline.schema` writes it anew.

Beside the flow, for whoever writes to the webhook, gives us files, or reads `social.events.v1`. One file holds the
event (its root), the observation that ways in take, and the CloudEvents batch that packs events on the topic.
"""

from pathlib import Path
from typing import Any

import msgspec

from pipeline.codec import EVENT_SCHEMA, Envelope
from pipeline.vocabulary.event import Event, Observation

FILE = Path(__file__).with_name("social-event-1.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OFFSET = r"(Z|[+-]\d\d:\d\d)$"
"""A time ends in its offset; one without is refused."""


def build() -> dict[str, Any]:
    """Return the schema: the event at its root, `$defs/Observation` and `$defs/Batch` beside it."""
    _, parts = msgspec.json.schema_components((Event, Observation, Envelope), ref_template="#/$defs/{name}")
    definitions: dict[str, Any] = {name: _with_offsets(part) for name, part in sorted(parts.items())}
    definitions["Batch"] = {
        "title": "Batch",
        "description": "CloudEvents 1.0 in the JSON batch form: one message on `social.events.v1`.",
        "type": "array",
        "items": {"$ref": "#/$defs/Envelope"},
    }
    return {"$schema": DIALECT, "$id": EVENT_SCHEMA, "$ref": "#/$defs/Event", "$defs": definitions}


def text() -> str:
    """Return the schema as the file holds it."""
    return msgspec.json.format(msgspec.json.encode(build()), indent=1).decode() + "\n"


def _with_offsets(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_offsets(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "date-time":
        return part | {"pattern": OFFSET}
    return {name: _with_offsets(value) for name, value in part.items()}
