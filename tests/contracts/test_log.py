"""What every log must do: one suite, run on SQLite and on a real Kafka."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.log.interface import Log, Message, Outgoing
from pipeline.log.kafka import KafkaLog
from pipeline.log.kafka_topics import Cluster
from pipeline.log.sqlite import SqliteLog
from pipeline.topics import ACTIVITY, ALERTS, FINDINGS, INCIDENTS, partition_of

PARTITIONS = 4


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.services)])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    made: Log
    if request.param == "sqlite":
        made = SqliteLog(tmp_path / "log.db", partitions=PARTITIONS)
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        made = KafkaLog(cluster)
    yield made
    made.close()


def outgoing(key: str, value: bytes | None = b"{}", topic: str = FINDINGS.name) -> Outgoing:
    return Outgoing(topic=topic, key=key, value=value)


def everything(log: Log, topic: str, partition: int, limit: int = 7) -> list[Message]:
    found: list[Message] = []
    offset = log.start(topic, partition)
    while batch := log.read(topic, partition, offset, limit):
        found += batch
        offset = batch[-1].offset + 1
    return found


def test_a_new_topic_is_empty_and_nobody_has_begun_it(log: Log) -> None:
    assert log.partitions(FINDINGS.name) == PARTITIONS
    assert log.start(FINDINGS.name, 0) == log.end(FINDINGS.name, 0) == 0
    assert log.read(FINDINGS.name, 0, 0, 10) == []
    assert log.committed("casework", FINDINGS.name, 0) is None


def test_records_come_back_as_they_went_in(log: Log) -> None:
    log.append([Outgoing(topic=FINDINGS.name, key="person:cllr-1", value=b"\x00\xff", headers={"ce_id": b"1"})])
    place = partition_of("person:cllr-1", PARTITIONS)
    (message,) = log.read(FINDINGS.name, place, 0, 10)
    assert message == Message(
        topic=FINDINGS.name, partition=place, offset=0, key="person:cllr-1", value=b"\x00\xff", headers={"ce_id": b"1"}
    )


def test_a_tombstone_comes_back_as_none(log: Log) -> None:
    log.append([Outgoing(topic=INCIDENTS.name, key="inc", value=None, partition=1)])
    assert [message.value for message in log.read(INCIDENTS.name, 1, 0, 10)] == [None]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Outgoing(topic=INCIDENTS.name, key="a", value=b"1"), partition_of("a", PARTITIONS)),
        (Outgoing(topic=INCIDENTS.name, key="a", value=b"1", routing_key="b"), partition_of("b", PARTITIONS)),
        (Outgoing(topic=INCIDENTS.name, key="a", value=b"1", routing_key="b", partition=3), 3),
    ],
    ids=["key", "routing key before key", "partition before both"],
)
def test_the_partition_is_ours_to_say(log: Log, record: Outgoing, expected: int) -> None:
    log.append([record])
    assert [log.end(INCIDENTS.name, partition) for partition in range(PARTITIONS)] == [
        1 if partition == expected else 0 for partition in range(PARTITIONS)
    ]


def test_order_holds_within_a_partition_and_every_record_comes_once(log: Log) -> None:
    for first in range(0, 90, 30):
        log.append([outgoing(f"person:{number % 5}", str(number).encode()) for number in range(first, first + 30)])
    by_partition = [everything(log, FINDINGS.name, partition) for partition in range(PARTITIONS)]
    for found in by_partition:
        numbers = [int(message.value or b"") for message in found]
        assert numbers == sorted(numbers)
        assert [message.offset for message in found] == list(range(len(found)))
    assert sorted(int(message.value or b"") for found in by_partition for message in found) == list(range(90))


def test_reading_starts_anywhere_and_takes_no_more_than_its_limit(log: Log) -> None:
    log.append([Outgoing(topic=ALERTS.name, key="a", value=str(n).encode(), partition=2) for n in range(20)])
    for offset, limit, expected in [(0, 3, [0, 1, 2]), (17, 10, [17, 18, 19]), (5, 1, [5]), (20, 5, []), (99, 5, [])]:
        assert [int(message.value or b"") for message in log.read(ALERTS.name, 2, offset, limit)] == expected


def test_reading_on_at_the_end_finds_what_came_since(log: Log) -> None:
    for number in range(3):
        assert log.read(ALERTS.name, 0, number, 10) == []
        log.append([Outgoing(topic=ALERTS.name, key="a", value=str(number).encode(), partition=0)])
        assert [message.value for message in log.read(ALERTS.name, 0, number, 10)] == [str(number).encode()]


def test_a_large_pack_fits(log: Log) -> None:
    pack = b"x" * 3_000_000
    log.append([Outgoing(topic=FINDINGS.name, key="k", value=pack, partition=0) for _ in range(2)])
    assert [message.value == pack for message in everything(log, FINDINGS.name, 0)] == [True, True]


def test_positions_are_kept_by_group_topic_and_partition(log: Log) -> None:
    log.append([Outgoing(topic=topic, key="k", value=b"1", partition=0) for topic in (FINDINGS.name, ACTIVITY.name)])
    log.commit("casework", {(FINDINGS.name, 0): 1, (ACTIVITY.name, 0): 0})
    log.commit("other", {(FINDINGS.name, 0): 0})
    assert log.committed("casework", FINDINGS.name, 0) == 1
    assert log.committed("casework", ACTIVITY.name, 0) == 0
    assert log.committed("other", FINDINGS.name, 0) == 0
    assert log.committed("casework", FINDINGS.name, 1) is None


def test_a_position_can_go_back_for_a_replay(log: Log) -> None:
    log.commit("casework", {(FINDINGS.name, 0): 5})
    log.commit("casework", {(FINDINGS.name, 0): 2})
    assert log.committed("casework", FINDINGS.name, 0) == 2


def test_several_threads_can_write_and_read_at_once(log: Log) -> None:
    def write(writer: int) -> None:
        for number in range(20):
            log.append([Outgoing(topic=FINDINGS.name, key="k", value=f"{writer}-{number}".encode(), partition=writer)])
            log.read(FINDINGS.name, (writer + 1) % PARTITIONS, 0, 5)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(PARTITIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in range(PARTITIONS):
        found = [message.value for message in everything(log, FINDINGS.name, writer)]
        assert found == [f"{writer}-{number}".encode() for number in range(20)]


def test_closing_twice_is_no_error(log: Log) -> None:
    log.append([outgoing("k")])
    log.close()
    log.close()


@pytest.mark.services
def test_kafka_says_how_far_a_group_is_behind(cluster: Cluster) -> None:
    log = KafkaLog(cluster)
    assert log.lag("casework", [FINDINGS.name, ACTIVITY.name]) == 0
    log.append([Outgoing(topic=FINDINGS.name, key=f"k{number}", value=b"1") for number in range(10)])
    log.append([Outgoing(topic=ACTIVITY.name, key="k", value=b"1", partition=3)])
    assert log.lag("casework", [FINDINGS.name, ACTIVITY.name]) == 11
    log.commit("casework", {(ACTIVITY.name, 3): 1})
    assert log.lag("casework", [FINDINGS.name, ACTIVITY.name]) == 10
    log.close()
