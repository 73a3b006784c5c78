"""One agent of the embedded runtime: reads on from what is committed, has its desk work through it, commits.

Runs between two topics of the flow, for one thread. The desk returns when all that a batch caused is durable, so a
kill at any point costs a redelivery and nothing else.
"""

import threading
from collections.abc import Mapping

from pipeline.log.interface import Log, Message, Position
from pipeline.topics import Topic
from processors.desk import Desk
from processors.stages import Agent, reads_of

BATCH = {Agent.SCREENING: 8, Agent.CASEWORK: 64, Agent.INDEXING: 256}
"""Messages of one partition worked on at a time. A raw message is a pack of up to 100; no batch may last a second."""


class Reader:
    """Feeds a desk from a log. The agent's name is the group its positions are committed under."""

    def __init__(self, log: Log, desk: Desk) -> None:
        self.name = desk.agent.value
        self._log, self._desk, self._batch = log, desk, BATCH[desk.agent]
        self._topics = reads_of(desk.agent)
        self._next: dict[Position, int] = {}
        self._uncommitted: Mapping[Position, int] = {}

    def turn(self, stop: threading.Event) -> bool:
        """Work through one batch of each partition that has something; return whether any had.

        Raises:
            LogUnavailable: nothing is lost; call again later.
            Interrupted: `stop` was set while log or store could not be reached.
        """
        self._commit(self._uncommitted)
        worked = False
        for topic in self._topics:
            for partition in range(self._log.partitions(topic.name)):
                batch = [] if stop.is_set() else self._read(topic, partition)
                if batch:
                    self._desk.work(partition, batch, stop)
                    self._commit({(topic.name, partition): batch[-1].offset + 1})
                    worked = True
        return worked

    def begin_again(self) -> None:
        """Forget state and places after an error: the next turn rebuilds state and reads from what is committed."""
        for partition in tuple(self._desk.held):
            self._desk.forget(partition)
        self._next, self._uncommitted = {}, {}

    def caught_up(self) -> bool:
        """Return whether everything this agent reads is committed. Raises LogUnavailable."""
        return not any(
            self._log.read(topic.name, partition, self._committed(topic, partition), 1)
            for topic in self._topics
            for partition in range(self._log.partitions(topic.name))
        )

    def _read(self, topic: Topic, partition: int) -> list[Message]:
        place = topic.name, partition
        if place not in self._next:
            self._next[place] = self._committed(topic, partition)
        return self._log.read(topic.name, partition, self._next[place], self._batch)

    def _committed(self, topic: Topic, partition: int) -> int:
        return self._log.committed(self.name, topic.name, partition) or 0

    def _commit(self, positions: Mapping[Position, int]) -> None:
        """Commit; where the log is down the places go on in memory, and are committed before the next batch."""
        if positions:
            self._next.update(positions)
            self._uncommitted = positions
            self._log.commit(self.name, positions)
            self._uncommitted = {}
