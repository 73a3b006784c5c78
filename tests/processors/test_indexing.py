"""The index step: what reaches the store, what becomes a dead letter, and that nothing goes round for ever."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pipeline.codec import decode, encode
from pipeline.log.interface import LogUnavailable, Message, Outgoing
from pipeline.store.entries import key_of
from pipeline.store.interface import Document, Query, Refused, StoreUnavailable
from pipeline.store.sqlite import SqliteStore
from pipeline.topics import ALERTS, DEAD_LETTERS, DELIVERIES, INCIDENTS, SOURCES, Topic
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason
from processors.indexing import IndexingStep, reindex
from processors.stages import Agent, Parts, stages_of
from tests.builders import NOON, a_detection, an_event, an_incident, some_registers, some_settings
from tests.documents import a_delivery, a_letter, a_source
from tests.processors.memory_log import MemoryLog


class FussyStore(SqliteStore):
    """A store that refuses every document whose key it is told, and can be away."""

    refuses: frozenset[str] = frozenset()
    away = False

    def upsert(self, documents: Sequence[Document]) -> list[Refused]:
        if self.away:
            raise StoreUnavailable("away for the test")
        refused = [Refused(key=key_of(one), reason="level: bad") for one in documents if key_of(one) in self.refuses]
        return refused + super().upsert([one for one in documents if key_of(one) not in self.refuses])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FussyStore]:
    made = FussyStore(tmp_path / "store.db")
    yield made
    made.close()


@pytest.fixture
def step(store: FussyStore, tmp_path: Path) -> IndexingStep:
    return IndexingStep(Parts(some_registers, lambda: NOON, some_settings(tmp_path), store))


def message(topic: Topic, key: str, value: bytes | None, offset: int = 0) -> Message:
    return Message(topic=topic.name, partition=2, offset=offset, key=key, value=value)


def versions(*numbers: int | None) -> list[Message]:
    """Return messages of one incident in so many versions; None is a tombstone."""
    incident = an_incident()
    return [
        message(
            INCIDENTS,
            incident.incident_id,
            None if number is None else encode(msgspec.structs.replace(incident, version=number)),
            offset,
        )
        for offset, number in enumerate(numbers)
    ]


def held_version(store: SqliteStore) -> int | None:
    held = store.get(an_incident().incident_id)
    return None if held is None else held.version


def letters_in(records: Sequence[Outgoing]) -> list[DeadLetter]:
    assert all(record.topic == DEAD_LETTERS.name for record in records)
    return [decode(DeadLetter, record.value or b"") for record in records]


def test_every_topic_the_stage_table_names_reaches_the_store(step: IndexingStep, store: SqliteStore) -> None:
    incident, letter, delivery, source = an_incident(), a_letter("l"), a_delivery("d", 1), a_source("s", 1)
    sent = {
        INCIDENTS: message(INCIDENTS, incident.incident_id, encode(incident)),
        DEAD_LETTERS: message(DEAD_LETTERS, "l", encode(letter)),
        DELIVERIES: message(DELIVERIES, "d", encode(delivery)),
        SOURCES: message(SOURCES, "s", encode(source)),
    }
    assert set(sent) == set(stages_of(Agent.INDEXING)[0].reads)
    for one in sent.values():
        assert step.process([one]) == []
    assert store.get(incident.incident_id) == incident
    assert store.count_dead_letters() == {"bad_field": 1}
    assert store.deliveries("inc-1") == [delivery]
    assert store.sources() == [source]


@pytest.mark.parametrize(
    ("numbers", "held"),
    [
        ((1, 2, 3), 3),
        ((3, 2), 3),
        ((1, None), None),
        ((None,), None),
        ((4, None, 5), 5),
        ((4, None, 1), 1),
        ((1, None, 2, None), None),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_an_incident_stands_as_the_log_left_it(
    step: IndexingStep, store: SqliteStore, numbers: tuple[int | None, ...], held: int | None, together: bool
) -> None:
    messages = versions(*numbers)
    for batch in [messages] if together else [[one] for one in messages]:
        assert step.process(batch) == []
    assert held_version(store) == held


def test_the_same_batch_again_leaves_the_same(step: IndexingStep, store: SqliteStore) -> None:
    batch = [*versions(1, 3), message(DELIVERIES, "d", encode(a_delivery("d", 2)), 9)]
    for _ in range(2):
        step.process(batch)
    assert held_version(store) == 3
    assert store.search(Query()).total == 1
    assert store.deliveries("inc-1") == [a_delivery("d", 2)]


@pytest.mark.parametrize(
    ("value", "reason", "words"),
    [
        (b"not json, secret", DeadLetterReason.BAD_JSON, "JSON"),
        (b'{"incident_id": "a"}', DeadLetterReason.BAD_FIELD, "is missing"),
        (b"\xff\xfe secret", DeadLetterReason.BAD_JSON, ""),
        (encode(an_incident()).replace(b'"state":"open"', b'"state":"secret"'), DeadLetterReason.BAD_FIELD, "state"),
    ],
)
def test_what_nobody_can_read_becomes_a_dead_letter_that_quotes_nothing(
    step: IndexingStep, store: SqliteStore, value: bytes, reason: DeadLetterReason, words: str
) -> None:
    records = step.process([message(INCIDENTS, "a", value, 7), *versions(1)])
    (letter,) = letters_in(records)
    assert (letter.reason, letter.stage, letter.source, letter.position) == (reason, "index", INCIDENTS.name, "2/7")
    assert words in letter.explanation
    assert "secret" not in letter.explanation
    assert letter.payload is None
    assert held_version(store) == 1


def test_what_the_store_refuses_becomes_a_dead_letter_with_the_cure_and_the_rest_is_written(
    step: IndexingStep, store: FussyStore
) -> None:
    other = an_incident(a_detection(an_event(2)))
    store.refuses = frozenset({other.incident_id})
    records = step.process([message(INCIDENTS, other.incident_id, encode(other), 4), *versions(1)])
    (letter,) = letters_in(records)
    assert letter.reason is DeadLetterReason.STORE_REFUSED
    assert letter.position == "2/4"
    assert "parapet reindex" in letter.explanation
    assert letter.payload is None
    assert held_version(store) == 1


def test_a_dead_letter_that_cannot_be_indexed_makes_no_other(step: IndexingStep, store: FussyStore) -> None:
    store.refuses = frozenset({"l"})
    batch = [message(DEAD_LETTERS, "l", encode(a_letter("l"))), message(DEAD_LETTERS, "m", b"broken", 1)]
    assert step.process(batch) == []


def test_a_store_that_is_away_is_for_the_runtime_to_wait_for(step: IndexingStep, store: FussyStore) -> None:
    store.away = True
    with pytest.raises(StoreUnavailable):
        step.process(versions(1))
    store.away = False
    assert step.process(versions(1)) == []
    assert held_version(store) == 1


def test_what_the_log_has_forgotten_leaves_the_store_too(store: FussyStore, tmp_path: Path) -> None:
    now = [NOON]
    step = IndexingStep(Parts(some_registers, lambda: now[0], some_settings(tmp_path), store))
    step.process([message(DEAD_LETTERS, "l", encode(a_letter("l")))])
    now[0] = NOON + timedelta(milliseconds=DEAD_LETTERS.retention_ms)
    step.process(versions(1))
    assert len(store.dead_letters(10)) == 1
    now[0] += timedelta(hours=1, seconds=1)
    step.process(versions(1))
    assert store.dead_letters(10) == []


def test_other_topics_and_other_tombstones_are_passed_over(step: IndexingStep, store: SqliteStore) -> None:
    batch = [message(ALERTS, "a", b"{}"), message(SOURCES, "s", None), message(DEAD_LETTERS, "l", None)]
    assert step.process(batch) == []
    assert store.sources() == []


def test_without_a_store_there_is_no_step(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a store"):
        IndexingStep(Parts(some_registers, lambda: NOON, some_settings(tmp_path)))


def log_of(*incidents: Incident) -> MemoryLog:
    log = MemoryLog()
    for one in incidents:
        log.append([Outgoing(topic=INCIDENTS.name, key=one.incident_id, value=encode(one), routing_key=one.concern)])
    return log


def test_reindex_builds_the_store_again_from_the_record(store: FussyStore) -> None:
    kept = [an_incident(a_detection(an_event(number), concern=f"person:{number}")) for number in range(9)]
    stale = an_incident(a_detection(an_event(99)))
    store.upsert([stale, msgspec.structs.replace(kept[0], version=8)])
    log = log_of(*kept)
    log.append([Outgoing(topic=INCIDENTS.name, key=kept[1].incident_id, value=None, routing_key=kept[1].concern)])
    log.append([Outgoing(topic=SOURCES.name, key="s", value=encode(a_source("s", 1)))])
    log.append([Outgoing(topic=DELIVERIES.name, key="d", value=encode(a_delivery("d", 1)))])
    assert reindex(log, store, NOON + timedelta(days=1)) == 8
    found = {hit.incident.incident_id: hit.incident for hit in store.search(Query()).hits}
    assert found == {one.incident_id: one for one in kept if one is not kept[1]}
    assert store.get(stale.incident_id) is None
    assert store.sources() == [a_source("s", 1)]
    assert store.deliveries("inc-1") == [a_delivery("d", 1)]


def test_reindex_reports_what_cannot_be_read_and_goes_on(store: FussyStore) -> None:
    log = log_of(an_incident())
    log.append([Outgoing(topic=INCIDENTS.name, key="bad", value=b"broken")])
    assert reindex(log, store, NOON) == 1
    assert [decode(DeadLetter, one.value or b"").source for one in log.all(DEAD_LETTERS.name)] == [INCIDENTS.name]


def test_reindex_with_the_log_away_leaves_what_people_find(store: FussyStore) -> None:
    store.upsert([an_incident()])
    log = log_of(an_incident())
    log.away = True
    with pytest.raises(LogUnavailable):
        reindex(log, store, NOON)
    assert store.search(Query()).total == 1
