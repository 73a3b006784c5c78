"""A worker process for tests: a casework desk whose step passes each key on once, going by its restored state alone.

Whatever is lost, doubled, restored too late or written by a worker that no longer owns the partition shows in
`incidents.v1`. Settings come from the environment, as in a real worker.
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline.log.interface import Message, Outgoing
from pipeline.log.kafka import open_kafka_log
from pipeline.settings import load
from pipeline.topics import INCIDENTS
from processors.desk import Desk
from processors.faust_worker import run_desks
from processors.stages import Agent

NAME = "ONCE_NAME"


class OnceStep:
    """Writes a record for each key it has not seen, in the same partition: who, from which topic."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: dict[int, set[str]] = {}

    def restore(self, message: Message) -> None:
        """Take a key that was passed on."""
        self._seen.setdefault(message.partition, set()).add(message.key)

    def forget(self, partition: int) -> None:
        """Drop a partition's keys."""
        self._seen.pop(partition, None)

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """Return a record for each new key. Fails on a poisoned one."""
        seen = self._seen.setdefault(batch[0].partition, set())
        records = []
        for message in batch:
            if message.value == b"poison":
                raise RuntimeError("poisoned")
            if message.key not in seen:
                seen.add(message.key)
                value = f"{self._name} {message.topic}".encode()
                records.append(
                    Outgoing(topic=INCIDENTS.name, key=message.key, value=value, partition=message.partition)
                )
        return records


def main() -> int:
    """Run the worker until it is told to stop."""
    log = open_kafka_log(load())
    try:
        desk = Desk(Agent.CASEWORK, OnceStep(os.environ[NAME]), log, lambda: datetime.now(UTC))
        return run_desks(load(), [desk], lambda: print("ready", flush=True))  # noqa: T201 - tests wait for it
    finally:
        log.close()


if __name__ == "__main__":
    sys.exit(main())
