"""The casework step as the runtimes use it: duplicates, batches, crashes at every point, bad messages, partitions."""

import random
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from pipeline import codec
from pipeline.log.interface import Message, Outgoing
from pipeline.topics import ACTIVITY, DEAD_LETTERS, FINDINGS, INCIDENTS, partition_of
from pipeline.vocabulary.activity import ActivityKind
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident, VerdictCode
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason
from processors.casework import CaseworkStep
from tests.builders import NOON, PERSON, a_detection, a_finding, an_event
from tests.processors.casework.desk import (
    Desk,
    Work,
    a_step,
    a_verdict,
    alerts_of,
    an_activity,
    as_restored,
    at_level,
    final_incidents,
    messages,
)

SEEDS = range(16)


def a_story(seed: int, length: int = 30) -> list[Work]:
    """Return detections and acts as they might come: three authors, all levels, edits, late ones, stale acts, tests."""
    chance, desk, work = random.Random(seed), Desk(), []
    for number in range(length):
        known = list(desk.incidents.values())
        act = bool(known) and chance.random() < 0.3
        one = _an_act(chance, number, known) if act else _a_detection(chance, number)
        work.append(one)
        desk.put(one)
    return work


def _a_detection(chance: random.Random, number: int) -> Work:
    author = f"fb:{chance.randrange(3)}"
    at = NOON + timedelta(hours=12 * number - chance.choice([0, 0, 0, 200]))
    seen = at + timedelta(hours=chance.choice([0.1, 0.1, 30]))
    event = an_event(chance.choice([number, 3, 7]), author, at, text=f"words {number}", observed_at=seen)
    category = chance.choice([Category.ABUSE, Category.THREAT_VEILED, Category.DOXXING])
    findings = [a_finding(category, chance.choice(list(Level)))]
    if chance.random() < 0.1:
        findings.append(a_finding(Category.CHAIN_TEST, Level.HIGH))
    return a_detection(event, *findings)


def _an_act(chance: random.Random, number: int, known: Sequence[Incident]) -> Work:
    incident = chance.choice(known)
    incident = msgspec.structs.replace(incident, version=max(1, incident.version - chance.choice([0, 0, 1, 3])))
    by, at = chance.choice(["sam", "kim"]), NOON + timedelta(hours=12 * number)
    if chance.random() < 0.5:
        code = chance.choice(list(VerdictCode))
        return a_verdict(incident, code, chance.choice(list(Level)), number=number, by=by, at=at)
    kind = chance.choice([ActivityKind.ACKNOWLEDGE, ActivityKind.NOTE, ActivityKind.GATHER])
    return an_activity(incident, kind, number, by, text="words", complaint=f"SC/{number % 3}", at=at)


def in_batches(work: Sequence[Work], chance: random.Random) -> list[list[Message]]:
    """Return the work as batches of one to seven messages."""
    left, batches = messages(work), []
    while left:
        size = chance.randint(1, 7)
        batches.append(left[:size])
        left = left[size:]
    return batches


def run(batches: Sequence[Sequence[Message]]) -> list[Outgoing]:
    """Return what an uninterrupted run writes."""
    step, written = a_step(), list[Outgoing]()
    for batch in batches:
        written += step.process(batch)
    return written


def resumed(written: Sequence[Outgoing]) -> CaseworkStep:
    """Return a step restored from what was written."""
    step = a_step()
    for message in as_restored(written):
        step.restore(message)
    return step


def alert_ids(written: Sequence[Outgoing]) -> set[tuple[str, str]]:
    return {(one.alert_id, one.incident_id) for one in alerts_of(written)}


@pytest.mark.parametrize("seed", SEEDS)
def test_batches_make_no_difference(seed: int) -> None:
    work = a_story(seed)
    plain = run([[one] for one in messages(work)])
    packed = run(in_batches(work, random.Random(seed)))
    assert final_incidents(packed) == final_incidents(plain)
    assert alert_ids(packed) == alert_ids(plain)
    assert any(one.version > 3 for one in final_incidents(plain).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_duplicates_and_restarts_change_nothing(seed: int) -> None:
    chance, work = random.Random(seed), a_story(seed)
    plain = run([messages(work)])
    step, written = a_step(), list[Outgoing]()
    for place, one in enumerate(work):
        again = chance.choices(work[: place + 1], k=2)
        written += step.process(messages([one, *again]))
        if chance.random() < 0.2:
            step = resumed(written)
    assert final_incidents(written) == final_incidents(plain)
    assert alert_ids(written) == alert_ids(plain)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crash_at_any_point_leaves_the_same_incidents_and_alerts(seed: int) -> None:
    """Some of a batch's records are durable when the process dies; it restores, and the batch is given again."""
    batches = in_batches(a_story(seed), random.Random(seed))
    plain = run(batches)
    before: list[Outgoing] = []
    for place, batch in enumerate(batches):
        caused = resumed(before).process(batch)
        for survived in range(len(caused) + 1):
            written = [*before, *caused[:survived]]
            step = resumed(written)
            for again in batches[place : place + 3]:
                written += step.process(again)
            expected = run(batches[: place + 3])
            assert final_incidents(written) == final_incidents(expected)
            assert alert_ids(written) == alert_ids(expected)
        before += caused
    assert final_incidents(before) == final_incidents(plain)


def test_compaction_makes_no_difference_to_what_is_restored() -> None:
    work = a_story(5)
    written = run([messages(work[:20])])
    compacted = list({one.key: one for one in written if one.topic == INCIDENTS.name}.values())
    random.Random(5).shuffle(compacted)
    rest = messages(work[20:])
    assert final_incidents(resumed(compacted).process(rest)) == final_incidents(resumed(written).process(rest))


def test_many_incidents_are_held_and_found_again() -> None:
    """More than the step keeps unpacked: the oldest still gathers what comes."""
    desk = Desk()
    for number in range(600):
        at = NOON - timedelta(hours=7 * number)
        desk.put(a_detection(an_event(number, f"fb:{number}", at), at_level(Level.LOW)))
    incident = desk.see(an_event(1000, "fb:0", NOON + timedelta(hours=1)), at_level(Level.LOW))
    assert len(incident.evidence) == 2
    assert len(desk.incidents) == 600


def test_partitions_keep_their_own_state_and_forget_it() -> None:
    step, work = a_step(), [a_detection(an_event(1))]
    assert step.process(messages(work, partition=0))
    assert step.process(messages(work, partition=1))
    assert step.process(messages(work, partition=0)) == []
    step.forget(0)
    assert step.process(messages(work, partition=0))
    assert step.process(messages(work, partition=1)) == []


def test_an_incident_stays_in_the_partition_of_its_concern() -> None:
    (record,) = Desk().put(a_detection(an_event(1), at_level(Level.LOW)))
    assert record.routing_key == f"person:{PERSON}"
    assert partition_of(record.routing_key, 7) == partition_of(messages([a_detection()])[0].key, 7)


@pytest.mark.parametrize("topic", [FINDINGS.name, ACTIVITY.name, f"prefix.{ACTIVITY.name}"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"not json", DeadLetterReason.BAD_JSON),
        (b'{"concern": 1}', DeadLetterReason.BAD_FIELD),
        (b"\xff\xfe", DeadLetterReason.BAD_JSON),
    ],
)
def test_a_bad_message_is_a_dead_letter_and_the_rest_goes_on(
    topic: str, value: bytes, reason: DeadLetterReason
) -> None:
    bad = Message(topic=topic, partition=0, offset=7, key="person:x", value=value)
    out = a_step().process([bad, *messages([a_detection()])])
    letters = [codec.decode(DeadLetter, one.value or b"") for one in out if one.topic == DEAD_LETTERS.name]
    assert [(one.reason, one.stage, one.position, one.payload) for one in letters] == [(reason, "record", "0/7", value)]
    assert len(final_incidents(out)) == 1


def test_a_fault_of_ours_is_a_dead_letter_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("words of a post")

    monkeypatch.setattr("processors.casework.record.decide", fails)
    (letter,) = a_step().process(messages([a_detection()]))
    kept = codec.decode(DeadLetter, letter.value or b"")
    assert kept.reason is DeadLetterReason.PROCESSING_FAILED
    assert "words of a post" not in kept.explanation + caplog.text
    assert kept.payload == messages([a_detection()])[0].value


def test_an_incident_that_cannot_be_read_stops_no_start(caplog: pytest.LogCaptureFixture) -> None:
    step = a_step()
    step.restore(Message(topic=INCIDENTS.name, partition=0, offset=3, key="x", value=b"nonsense"))
    assert "incidents.v1 0/3 cannot be read" in caplog.text
    assert step.process(messages([a_detection()]))
