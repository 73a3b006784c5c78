"""What happens to a Kafka log when its broker dies: run as a process of its own, `... kafka_outage FOLDER`.

A process of its own, because kafka-python leaves sockets of refused connections to the garbage collector.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.engines.kafka import start_kafka
from infra.engines.running import RunningEngine, free_port
from pipeline.log.interface import LogUnavailable, Outgoing
from pipeline.log.kafka import KafkaLog
from pipeline.log.kafka_topics import Cluster, create_topics
from pipeline.topics import FINDINGS


@dataclass
class Broker:
    """A broker that can be killed and started again with its data."""

    folder: Path
    ports: tuple[int, int]
    engine: RunningEngine

    def start_again(self) -> None:
        self.engine = start_kafka(self.folder, *self.ports)


def numbers(*values: int) -> list[Outgoing]:
    return [Outgoing(topic=FINDINGS.name, key="k", value=str(value).encode(), partition=0) for value in values]


def kept(log: KafkaLog) -> set[int]:
    found: set[int] = set()
    offset = 0
    while batch := log.read(FINDINGS.name, 0, offset, 500):
        found |= {int(message.value or b"") for message in batch}
        offset = batch[-1].offset + 1
    return found


def refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except LogUnavailable:
        return True
    return False


def patient(broker: Broker, cluster: Cluster) -> None:
    """What is appended while the broker is away is there when it is back."""
    log = KafkaLog(cluster)
    log.append(numbers(0))
    broker.engine.kill()
    writing = threading.Thread(target=log.append, args=(numbers(1, 2, 3),))
    writing.start()
    broker.start_again()
    writing.join()
    log.append(numbers(4))
    assert kept(log) == {0, 1, 2, 3, 4}
    log.close()


def impatient(broker: Broker, cluster: Cluster) -> None:
    """Who has no patience is told, by every call, and can go on later with the same log."""
    log = KafkaLog(cluster, patience=1.0)
    log.append(numbers(0))
    log.commit("group", {(FINDINGS.name, 0): 1})
    broker.engine.kill()
    calls: dict[str, Callable[[], object]] = {
        "append": lambda: log.append(numbers(1)),
        "end": lambda: log.end(FINDINGS.name, 0),
        "committed": lambda: log.committed("group", FINDINGS.name, 0),
        "commit": lambda: log.commit("group", {(FINDINGS.name, 0): 2}),
        "read": lambda: log.read(FINDINGS.name, 0, 0, 10),
    }
    for name, call in calls.items():
        assert refused(call), name
    broker.start_again()
    while refused(lambda: log.append(numbers(1, 2))):
        pass
    assert kept(log) == {0, 1, 2}
    assert log.committed("group", FINDINGS.name, 0) == 1
    log.close()


def main(folder: Path) -> None:
    ports = free_port(), free_port()
    broker = Broker(folder, ports, start_kafka(folder, *ports))
    try:
        for scenario in (patient, impatient):
            cluster = Cluster(broker.engine.address, prefix=f"{scenario.__name__}.")
            create_topics(cluster)
            scenario(broker, cluster)
            print(f"{scenario.__name__}: done", flush=True)  # noqa: T201
    finally:
        broker.engine.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
