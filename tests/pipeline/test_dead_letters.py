"""Dead letters: made, read back in their newest state, sent again."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.dead_letters import (
    Again,
    Place,
    Refusal,
    again,
    dead_letter,
    letter_of,
    letters,
    looked_at,
    place_of,
    replay,
)
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.vocabulary.operations import DeadLetterReason, DeadLetterState, LookedAt
from tests.builders import ACCOUNT, NOON

WHY = Refusal(DeadLetterReason.NOT_SCREENED, "a detector failed: mend it")
PLACE = Place("screen", "ingest.raw.x", "0/12")
RESEND = Again(b"[1]", "ingest.raw.x", ACCOUNT)


class Failing(SqliteLog):
    fail_at = -1

    def append(self, records: Sequence[Outgoing]) -> None:
        self.fail_at -= 1
        if self.fail_at == 0:
            raise LogUnavailable("planned")
        super().append(records)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Failing]:
    with closing(Failing(tmp_path / "log.db", partitions=3)) as opened:
        yield opened


def test_the_same_place_makes_the_same_letter_and_another_another() -> None:
    one, again_one = dead_letter(WHY, PLACE, NOON), dead_letter(WHY, PLACE, NOON)
    assert one == again_one
    assert one.key != dead_letter(WHY, Place("screen", "ingest.raw.x", "0/13"), NOON).key
    assert one.key != dead_letter(Refusal(DeadLetterReason.BAD_JSON, ""), PLACE, NOON).key


def test_headers_hold_no_explanation_and_no_payload() -> None:
    record = dead_letter(WHY, PLACE, NOON, RESEND, ACCOUNT)
    assert all(b"detector" not in value and b"[1]" not in value for value in record.headers.values())


@pytest.mark.parametrize("value", [b"[]", None])
def test_a_whole_message_can_be_kept(value: bytes | None) -> None:
    message = Message(topic="ingest.raw.x", partition=2, offset=7, key=ACCOUNT, value=value)
    assert place_of("screen", message) == Place("screen", "ingest.raw.x", "2/7")
    assert again(message) == (None if value is None else Again(b"[]", "ingest.raw.x", ACCOUNT))


def test_sent_again_it_stands_in_its_topic_and_is_marked(log: Failing) -> None:
    log.append([dead_letter(WHY, PLACE, NOON, RESEND, ACCOUNT), dead_letter(WHY, Place("a", "b", "c"), NOON)])
    kept = letters(log)
    (letter,) = [one for one in kept.values() if one.payload]
    replay(log, letter)
    sent = [message for p in range(3) for message in log.read("ingest.raw.x", p, 0, 9)]
    assert [(message.key, message.value) for message in sent] == [(ACCOUNT, b"[1]")]
    now = letters(log)[letter.dead_letter_id]
    assert (now.state, now.payload) == (DeadLetterState.REPLAYED, None)
    assert len(letters(log)) == 2


def test_a_redelivery_does_not_open_a_replayed_letter_again(log: Failing) -> None:
    record = dead_letter(WHY, PLACE, NOON, RESEND)
    log.append([record])
    replay(log, letters(log)[record.key])
    log.append([record])
    assert letters(log)[record.key].state is DeadLetterState.REPLAYED


def test_one_letter_is_found_by_its_id_in_its_newest_state(log: Failing) -> None:
    record, other = dead_letter(WHY, PLACE, NOON, RESEND, ACCOUNT), dead_letter(WHY, Place("a", "b", "c"), NOON)
    log.append([record, other])
    waiting = letter_of(log, record.key)
    assert waiting is not None
    assert (waiting.payload, waiting.account, letter_of(log, "none")) == (b"[1]", ACCOUNT, None)
    looked_at(log, waiting, LookedAt(by="sam", at=NOON, note="a fair"))
    log.append([record])
    read = letter_of(log, record.key)
    assert read is not None
    assert (read.state, read.payload) == (DeadLetterState.LOOKED_AT, None)
    assert read.looked_at == LookedAt(by="sam", at=NOON, note="a fair")
    assert letters(log)[record.key] == read
    with pytest.raises(ValueError, match="holds nothing to send again"):
        replay(log, read)


def test_while_the_log_is_down_it_still_waits(log: Failing) -> None:
    record = dead_letter(WHY, PLACE, NOON, RESEND)
    log.append([record])
    log.fail_at = 2
    with pytest.raises(LogUnavailable):
        replay(log, letters(log)[record.key])
    assert letters(log)[record.key].state is DeadLetterState.WAITING


def test_what_holds_nothing_cannot_be_sent_again(log: Failing) -> None:
    log.append([dead_letter(WHY, PLACE, NOON)])
    (letter,) = letters(log).values()
    with pytest.raises(ValueError, match=r"holds nothing to send again .*: cure its cause"):
        replay(log, letter)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (DeadLetterReason.BAD_JSON, b'{"text": "ring [phone] \xff'),
        (DeadLetterReason.NOT_SCREENED, b'{"text": "ring 07700 900123 \xff'),
    ],
    ids=["what can never be taken is masked", "what can be sent again is exact"],
)
def test_what_a_letter_keeps_of_personal_data(log: Failing, reason: DeadLetterReason, kept: bytes) -> None:
    resend = Again(b'{"text": "ring 07700 900123 \xff', "ingest.raw.x", ACCOUNT)
    log.append([dead_letter(Refusal(reason, "a fault"), PLACE, NOON, resend)])
    assert [one.payload for one in letters(log).values()] == [kept]
