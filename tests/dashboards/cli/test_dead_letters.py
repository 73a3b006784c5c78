"""`parapet dead-letters`: what waits, with its cure and without its words; sent again once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.cli.places import LOG_FILE, utc_now
from pipeline.dead_letters import Again, Place, Refusal, dead_letter, letters
from pipeline.log.sqlite import SqliteLog
from pipeline.topics import raw_topic
from pipeline.vocabulary.operations import DeadLetterReason
from tests.dashboards.cli.conftest import Run

RAW = raw_topic("facebook").name
WORDS = b'[{"text": "words of a resident"}]'


@pytest.fixture
def log(home: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(home / LOG_FILE, 4)
    field = Refusal(DeadLetterReason.BAD_FIELD, "posted_at: give an offset")
    ended = Refusal(DeadLetterReason.ENDED_ACCOUNT, "acc-x-old has ended: stop sending it")
    opened.append(
        [
            dead_letter(field, Place("ingest", "day.jsonl", "line 7"), utc_now(), Again(WORDS, RAW, "acc"), "acc"),
            dead_letter(ended, Place("ingest", "day.jsonl", "line 9"), utc_now()),
        ]
    )
    yield opened
    opened.close()


def sent(log: SqliteLog) -> list[bytes | None]:
    return [one.value for partition in range(4) for one in log.read(RAW, partition, 0, 10)]


def test_what_waits_is_listed_with_place_and_cure_and_no_words(log: SqliteLog, run: Run) -> None:
    said = run("dead-letters", "list").output
    assert "day.jsonl line 7: posted_at: give an offset" in said
    assert said.endswith("2 wait; 1 bad_field; 1 ended_account\n")
    assert "resident" not in said
    assert run("dead-letters", "list", "--reason", "ended_account").output.endswith("1 wait; 1 ended_account\n")


def test_one_is_sent_again_once(log: SqliteLog, run: Run) -> None:
    (identity,) = (one.dead_letter_id for one in letters(log).values() if one.payload)
    assert run("dead-letters", "replay", identity).output == "1 sent again, 0 not\n"
    assert sent(log) == [WORDS]
    again = run("dead-letters", "replay", identity)
    assert again.exit_code == 2
    assert "is no waiting dead letter" in again.output
    assert sent(log) == [WORDS]


def test_all_sends_what_can_be_sent_and_says_why_the_rest_cannot(log: SqliteLog, run: Run) -> None:
    said = run("dead-letters", "replay", "--all").output
    assert "holds nothing to send again (ended_account)" in said
    assert said.endswith("1 sent again, 1 not\n")
    assert sent(log) == [WORDS]


def test_which_must_be_said(log: SqliteLog, run: Run) -> None:
    done = run("dead-letters", "replay")
    assert done.exit_code == 2
    assert "say which" in done.output
    assert sent(log) == []
