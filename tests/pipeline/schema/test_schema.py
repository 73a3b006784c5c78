"""The published schema against the types, the example borough, Thornmere and what must be refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from dashboards.demo import FEED
from pipeline import ids
from pipeline.codec import encode, encode_pack
from pipeline.schema import FILE, build, text
from pipeline.vocabulary.event import Event, Observation

THORNMERE = Path(__file__).parents[4] / "shared" / "data" / "thornmere"
needs_shared = pytest.mark.skipif(not THORNMERE.is_dir(), reason="../shared is absent: it holds Thornmere")


def validator(name: str) -> Draft202012Validator:
    schema = build()
    return Draft202012Validator({"$schema": schema["$schema"], "$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def event_of(seen: Observation) -> Event:
    content = ids.content_hash(seen)
    fields = {name: getattr(seen, name) for name in seen.__struct_fields__}
    return Event(**fields, event_id=ids.event_id(seen, content, None), content_hash=content)


def lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def thornmere() -> list[Any]:
    examples = list(lines(THORNMERE / "examples_dev.jsonl"))
    told = [event for example in examples for event in (*example["history"], example["event"])]
    return [*lines(THORNMERE / "feed.jsonl"), *told]


def test_the_file_is_what_the_types_say() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "write it anew: python -m pipeline.schema"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(build())


def test_every_line_of_the_example_borough_is_an_observation() -> None:
    observation = validator("Observation")
    assert [error.message for line in lines(FEED) for error in observation.iter_errors(line)] == []


@pytest.mark.shared
@needs_shared
def test_every_event_of_thornmere_is_an_observation() -> None:
    observation = validator("Observation")
    assert [error.message for line in thornmere() for error in observation.iter_errors(line)] == []


def test_what_we_write_meets_the_schema() -> None:
    events = [event_of(msgspec.convert(line, Observation)) for line in lines(FEED)]
    one, batch = Draft202012Validator(build()), validator("Batch")
    assert [error.message for event in events for error in one.iter_errors(json.loads(encode(event)))] == []
    assert [error.message for error in batch.iter_errors(json.loads(encode_pack(events)))] == []


BROKEN = [
    ({"platform": None}, "platform is required"),
    ({"action": "explode"}, "an action nobody knows"),
    ({"direction": "sideways"}, "neither inbound nor outbound"),
    ({"observed_at": "2026-10-08T09:00:00"}, "a time without its offset"),
    ({"author": {"handle": "no.id"}}, "an author without an id"),
    ({"mentions": "somebody"}, "mentions are a list"),
    ({"attachments": [{"alt_text": "of no type"}]}, "an attachment without a type"),
]


@pytest.mark.parametrize(("change", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_schema_and_types_refuse_the_same(change: dict[str, Any], why: str) -> None:
    line = next(lines(FEED)) | change
    assert not validator("Observation").is_valid(line), why
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(line), type=Observation)


def test_unknown_fields_are_nobodys_fault() -> None:
    assert validator("Observation").is_valid(next(lines(FEED)) | {"something_new": 1})
