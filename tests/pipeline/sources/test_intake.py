"""One raw observation in, an observation or a dead letter out: what is said, and what is kept of it."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pipeline.codec import decode, decode_observations
from pipeline.log.interface import Outgoing
from pipeline.sources.intake import MAX_BYTES, Intake, Refused
from pipeline.vocabulary.event import Ingest, Leg, Observation
from pipeline.vocabulary.operations import DeadLetter
from tests.builders import ACCOUNT, NOON
from tests.pipeline.sources.conftest import NOW

INGEST = Ingest(connector="file", leg=Leg.IMPORT, source="day.jsonl", position="line 7")
WORDS = "these words may stand in no explanation"


def raw(**changes: Any) -> bytes:
    plain: dict[str, Any] = {
        "platform": "facebook",
        "object_id": "facebook:comment:1",
        "object_type": "comment",
        "action": "create",
        "direction": "inbound",
        "account": ACCOUNT,
        "text": WORDS,
        "author": {"id": "fb:1", "handle": "sam", "display_name": "Sam", "bio": None},
        "mentions": [],
        "attachments": [],
        "webcast": None,
        "posted_at": NOON.isoformat(),
        "edited_at": None,
        "observed_at": NOON.isoformat(),
        "something": "we do not know",
    }
    return msgspec.json.encode({key: value for key, value in (plain | changes).items() if value != "LEFT OUT"})


def letter(record: Outgoing) -> DeadLetter:
    assert record.value is not None
    return decode(DeadLetter, record.value)


def test_a_good_one_is_taken_with_where_it_came_from(intake: Intake) -> None:
    seen = intake.take(raw(), INGEST)
    assert isinstance(seen, Observation)
    assert (seen.text, seen.ingest) == (WORDS, INGEST)


def test_times_are_shifted_all_alike(intake: Intake) -> None:
    seen = intake.take(raw(edited_at=NOON.isoformat()), INGEST, timedelta(minutes=10))
    assert isinstance(seen, Observation)
    assert {seen.posted_at, seen.edited_at, seen.observed_at} == {NOON + timedelta(minutes=10)}


def test_a_delete_needs_ids_only(intake: Intake) -> None:
    bare: dict[str, Any] = dict.fromkeys(("direction", "text", "author", "posted_at", "in_reply_to", "shared"))
    seen = intake.take(raw(action="delete", **bare), INGEST)
    assert isinstance(seen, Observation)
    assert seen.direction is None


@pytest.mark.parametrize(
    ("content", "reason", "words", "kept"),
    [
        (raw(account="acc-unknown"), "unknown_account", "account acc-unknown is not in accounts.json", False),
        (raw(text=3), "bad_field", "text: Expected `str | null`, got `int`: correct that field", True),
        (raw(author={"handle": WORDS}), "bad_field", "author.id is missing: fill it in", True),
        (raw(action=WORDS), "bad_field", "action: Invalid enum value: correct that field", True),
        (raw(posted_at="2026-03-09T12:00:00"), "bad_field", "posted_at: Expected `datetime` with a timezone", True),
        (raw(posted_at="0001-01-01T00:00:00Z"), "bad_field", "posted_at is not between 1990 and 2200", True),
        (raw(direction=None), "bad_field", "direction is missing: write inbound or outbound", True),
        (raw(object_id=" "), "bad_field", "object_id is empty: fill it in", True),
        (raw(platform="x"), "bad_field", "platform is not that of account", True),
        (raw(object_id="LEFT OUT"), "bad_field", "object_id is missing: fill it in", True),
        (raw(account="LEFT OUT"), "bad_field", "account is missing: fill it in", False),
        (raw(account="acc-unknown", text=3), "bad_field", "text: Expected", False),
        (b"[]", "bad_field", "the whole: Expected `object`, got `array`", False),
        (raw()[:-9], "bad_json", "it is no JSON object", False),
        (raw().replace(b"Sam", b"S\xff"), "bad_json", "it is not UTF-8", False),
        (raw()[:-1] + b',"deep":' + b"[" * 100_000, "bad_json", "it is nested too deeply", False),
        (raw(text="x" * MAX_BYTES), "too_large", "it is longer than 1048576 bytes", False),
    ],
)
def test_a_bad_one_is_a_dead_letter_that_says_why(
    intake: Intake, content: bytes, reason: str, words: str, kept: bool
) -> None:
    refused = intake.take(content, INGEST)
    assert isinstance(refused, Refused)
    made = letter(refused.letter)
    assert (made.reason.value, made.stage, made.source, made.position, made.at) == (
        reason, "ingest", "day.jsonl", "line 7", NOW,
    )  # fmt: skip
    assert words in made.explanation
    assert WORDS not in made.explanation
    assert (made.payload is not None, made.account) == (kept, ACCOUNT if kept else None)
    if not kept:
        assert refused.letter.value is not None
        assert b"words" not in b64decode(made.payload or b"") + refused.letter.value


def test_what_is_kept_can_be_sent_again_as_a_pack(intake: Intake) -> None:
    refused = intake.take(raw(direction=None), INGEST)
    assert isinstance(refused, Refused)
    made = letter(refused.letter)
    assert (made.replay_topic, made.replay_key) == ("ingest.raw.facebook", ACCOUNT)
    assert [seen.text for seen in decode_observations(made.payload or b"")] == [WORDS]
