"""Bytes on topics: CloudEvents 1.0, JSON batch form where a message packs several events, binary mode otherwise.

Raw packs are plain JSON arrays of observations. Everything else travels one a message, as JSON with CloudEvents
attributes in the headers. Source: CloudEvents 1.0 and its Kafka binding; domain of names in `pipeline.topics`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.alert import Alert, Delivery
from pipeline.vocabulary.event import Event, Observation
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, SourceStatus

SOURCE = "urn:parapet"
EVENT_SCHEMA = "urn:parapet:schema:social-event:1"
BATCH_TYPE = b"application/cloudevents-batch+json"
JSON_TYPE = b"application/json"

T = TypeVar("T")


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One CloudEvent in the JSON form, as it stands in a pack."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str = EVENT_SCHEMA
    datacontenttype: str = "application/json"
    data: Event


_encoder = msgspec.json.Encoder()
_observations = msgspec.json.Decoder(tuple[Observation, ...])
_pack = msgspec.json.Decoder(tuple[Envelope, ...])
_decoders: dict[type, msgspec.json.Decoder[object]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (Event, Detection, Incident, Alert, Delivery, Activity, DeadLetter, SourceStatus)
}


def encode(value: object) -> bytes:
    """Return the JSON of a vocabulary type, or of a sequence of them."""
    return _encoder.encode(value)


def decode(kind: type[T], value: bytes) -> T:
    """Return one vocabulary object from its JSON.

    Raises:
        msgspec.ValidationError: naming the field and what was expected.
        msgspec.DecodeError: the bytes are no JSON.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    return decoder.decode(value)  # type: ignore[return-value]


def decode_observations(value: bytes) -> tuple[Observation, ...]:
    """Return the observations of a raw pack. Raises as `decode`."""
    return _observations.decode(value)


def encode_pack(events: Sequence[Event]) -> bytes:
    """Return events in the CloudEvents JSON batch form."""
    return _encoder.encode(
        [
            Envelope(
                id=event.event_id,
                source=f"{SOURCE}:{event.account}",
                type=event_type(event),
                subject=event.object_id,
                time=event.happened_at,
                data=event,
            )
            for event in events
        ]
    )


def decode_pack(value: bytes) -> tuple[Event, ...]:
    """Return the events of a pack. Raises as `decode`."""
    return tuple(envelope.data for envelope in _pack.decode(value))


def event_type(event: Observation) -> str:
    """Return the CloudEvents type, such as `social.comment.create`."""
    return f"social.{event.object_type}.{event.action.value}"


def binary_headers(kind: str, identity: str, subject: str, time: datetime) -> Mapping[str, bytes]:
    """Return CloudEvents attributes as Kafka headers (binary mode). None of them may hold text or names."""
    return {
        "content-type": JSON_TYPE,
        "ce_specversion": b"1.0",
        "ce_id": identity.encode(),
        "ce_source": SOURCE.encode(),
        "ce_type": f"parapet.{kind}".encode(),
        "ce_subject": subject.encode(),
        "ce_time": time.isoformat().encode(),
    }


BATCH_HEADERS: Mapping[str, bytes] = {"content-type": BATCH_TYPE}
