"""Several workers on a real Kafka: who owns what, and what becomes of messages when workers come, go and die."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.log.interface import Message, Outgoing
from pipeline.log.kafka import KafkaLog
from pipeline.log.kafka_topics import Cluster
from pipeline.topics import ACTIVITY, DEAD_LETTERS, FINDINGS, INCIDENTS, partition_of
from tests.processors.services.processes import Processes, processes, until

pytestmark = pytest.mark.services

PARTITIONS = 4
WORKER = ("-m", "tests.processors.services.once_worker")


@dataclass
class Scene:
    """A log with a feed of numbered keys on the two topics of casework, and the workers on it."""

    log: KafkaLog
    workers: Processes
    sent: int = 0

    def feed(self, count: int, every: int = 50) -> None:
        for first in range(self.sent, self.sent + count, every):
            numbers = range(first, min(first + every, self.sent + count))
            topics = (FINDINGS.name, ACTIVITY.name)
            self.log.append([Outgoing(topic=topics[n // 8 % 2], key=f"k{n}", value=b"x" * 200) for n in numbers])
        self.sent += count

    def start(self, name: str, **more: str) -> None:
        self.workers.start(name, *WORKER, ONCE_NAME=name, **more)
        until(f"{name} ready", lambda: "ready" in self.workers.output(name), self.workers)

    def passed_on(self, topic: str = INCIDENTS.name) -> list[Message]:
        found = []
        for partition in range(PARTITIONS):
            offset = 0
            while batch := self.log.read(topic, partition, offset, 500):
                found += batch
                offset = batch[-1].offset + 1
        return found

    def wait(self, count: int) -> None:
        def reached() -> bool:
            return sum(self.log.end(INCIDENTS.name, partition) for partition in range(PARTITIONS)) >= count

        until(f"{count} passed on", reached, self.workers)

    def owners(self, since: int) -> dict[int, set[str]]:
        """Return which workers passed on keys from number `since` on, by partition."""
        found: dict[int, set[str]] = {}
        for message in self.passed_on():
            if int(message.key[1:]) >= since:
                found.setdefault(message.partition, set()).add((message.value or b"").decode().split()[0])
        return found

    def settle(self, workers: int) -> dict[int, set[str]]:
        """Feed until so many workers share the work, and return who owns what then."""
        for _ in range(40):
            since = self.sent
            self.feed(64, every=64)
            self.wait(self.sent)
            owners = self.owners(since)
            if len(set().union(*owners.values())) == workers and all(len(each) == 1 for each in owners.values()):
                return owners
        raise AssertionError(f"{workers} workers never shared the work: {owners}")

    def once_each(self) -> None:
        counts = Counter(message.key for message in self.passed_on())
        assert sorted(counts) == sorted(f"k{number}" for number in range(self.sent))
        assert [key for key, count in counts.items() if count > 1] == []


@pytest.fixture
def scene(cluster: Cluster, tmp_path: Path) -> Iterator[Scene]:
    environment = {"PARAPET_KAFKA": cluster.address, "PARAPET_TOPIC_PREFIX": cluster.prefix}
    log = KafkaLog(cluster)
    with processes(tmp_path, environment) as workers:
        yield Scene(log, workers)
    log.close()


def test_a_second_worker_takes_half_and_topics_of_one_partition_stay_together(scene: Scene) -> None:
    scene.start("one")
    assert set().union(*scene.settle(1).values()) == {"one"}
    scene.start("two")
    owners = scene.settle(2)
    assert Counter(worker for each in owners.values() for worker in each) == {"one": 2, "two": 2}
    scene.start("three")
    scene.start("four")
    assert len(set().union(*scene.settle(4).values())) == PARTITIONS
    assert [scene.workers.stop(name) for name in ("one", "three", "two", "four")] == [0, 0, 0, 0]
    scene.once_each()


def test_workers_that_die_leave_and_come_back_lose_and_double_nothing(scene: Scene) -> None:
    scene.start("one", PARAPET_WORKER_NAME="one")
    scene.start("two", PARAPET_WORKER_NAME="two")
    scene.feed(1000)
    scene.workers.kill("one")
    scene.feed(1000)
    scene.start("one", PARAPET_WORKER_NAME="one")
    scene.feed(1000)
    scene.start("three")
    scene.feed(1000)
    assert scene.workers.stop("three") == 0
    scene.workers.kill("two")
    scene.start("two", PARAPET_WORKER_NAME="two")
    scene.feed(1000)
    scene.wait(scene.sent)
    scene.once_each()


def test_what_a_step_fails_on_becomes_a_dead_letter_and_the_rest_goes_on(scene: Scene) -> None:
    scene.feed(60, every=60)
    scene.log.append([Outgoing(topic=FINDINGS.name, key="bad", value=b"poison")])
    scene.feed(60, every=60)
    scene.start("one")
    scene.wait(scene.sent)
    scene.once_each()
    (letter,) = scene.passed_on(DEAD_LETTERS.name)
    assert b"processing_failed" in (letter.value or b"")
    assert f'"{partition_of("bad", PARTITIONS)}/'.encode() in (letter.value or b"")


def test_a_clean_stop_commits_all_that_was_done(scene: Scene) -> None:
    scene.start("one")
    scene.feed(500)
    scene.wait(scene.sent)
    assert scene.workers.stop("one") == 0
    for topic in (FINDINGS.name, ACTIVITY.name):
        for partition in range(PARTITIONS):
            end = scene.log.end(topic, partition)
            assert (scene.log.committed("casework", topic, partition) or 0) == end
