"""The published schema against the types, the example borough, Thornmere and what must be refused."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from dashboards.demo import FEED
from pipeline.codec import encode, encode_pack
from pipeline.schema import FILE, build, text
from pipeline.vocabulary.event import Event, Observation
from processors.reconcile import Reconciler

ROOT = Path(__file__).parents[3]
THORNMERE = ROOT.parent / "shared" / "data" / "thornmere"
needs_shared = pytest.mark.skipif(not THORNMERE.is_dir(), reason="../shared is absent: it holds Thornmere")


def validator(name: str) -> Draft202012Validator:
    schema = build()
    return Draft202012Validator({"$schema": schema["$schema"], "$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def events_of(rows: Iterable[Any]) -> list[Event]:
    """Return the events that reconcile makes of some observations."""
    reconciler, made = Reconciler(), []
    for row in rows:
        event = reconciler.decide(msgspec.convert(row, Observation))
        if event is not None:
            reconciler.note(event)
            made.append(event)
    return made


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


def faults(events: list[Event]) -> list[str]:
    """Return what is wrong, by the schema, with events as we write them, singly and packed."""
    one, batch = Draft202012Validator(build()), validator("Batch")
    said = [error.message for event in events for error in one.iter_errors(json.loads(encode(event)))]
    return said + [error.message for error in batch.iter_errors(json.loads(encode_pack(events)))]


def test_what_reconcile_writes_of_the_example_borough_meets_the_schema() -> None:
    events = events_of(lines(FEED))
    assert len(events) == len(list(lines(FEED))) - 1, "the second delivery is no event"
    assert faults(events) == []


@pytest.mark.shared
@needs_shared
def test_what_reconcile_writes_of_thornmere_meets_the_schema() -> None:
    assert faults(events_of(thornmere())) == []


def test_the_example_in_the_docs_is_an_observation() -> None:
    page = (ROOT / "docs" / "developers" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert list(validator("Observation").iter_errors(json.loads(example))) == []
    assert faults(events_of([json.loads(example)])) == []


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
