"""The log on Kafka, for the services: `pipeline.log.interface.Log` over a writer, a reader and the group coordinator.

One object may be shared between threads. A record's partition is ours (`partition_of`), not the client's, so that state
and input meet in one partition, whatever wrote them.
"""

from collections.abc import Mapping, Sequence

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.structs import OffsetAndMetadata

from pipeline.log.interface import LogUnavailable, Message, Outgoing, Position
from pipeline.log.kafka_asker import KafkaAsker
from pipeline.log.kafka_reader import KafkaReader
from pipeline.log.kafka_topics import Cluster, cluster_of, create_topics
from pipeline.log.kafka_writer import KafkaWriter
from pipeline.settings import Settings

PATIENCE_SECONDS = 120.0


def open_kafka_log(settings: Settings, patience: float = PATIENCE_SECONDS) -> "KafkaLog":
    """Return the log the settings name, its topics created. Raises SettingError, LogUnavailable."""
    cluster = cluster_of(settings)
    create_topics(cluster)
    return KafkaLog(cluster, patience)


class KafkaLog:
    """See `pipeline.log.interface.Log`. patience: seconds `append` tries before it raises LogUnavailable."""

    def __init__(self, cluster: Cluster, patience: float = PATIENCE_SECONDS) -> None:
        self._cluster = cluster
        self._asker = KafkaAsker(cluster, patience)
        self._reader = KafkaReader(cluster, self._asker)
        self._writer = KafkaWriter(cluster, self.partitions, patience)
        self._counts: dict[str, int] = {}

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has. Raises LogUnavailable, also where there is no such topic."""
        count = self._counts.get(topic)
        if count is None:
            name = self._cluster.named(topic)
            found = self._asker.ask("describe_topics", [name])[0]
            count = len(found["partitions"])
            if count == 0:
                raise LogUnavailable(
                    f"there is no topic {name} at {self._cluster.address}: start a worker, or create it"
                )
            self._counts[topic] = count
        return count

    def append(self, records: Sequence[Outgoing]) -> None:
        """Append records; all are acknowledged by the broker when this returns.

        Raises:
            LogUnavailable: some may not be durable; append all of them again.
            RecordTooLarge: one is larger than the broker takes; without it the rest can go.
        """
        self._writer.write(records)

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """Return up to `limit` messages from `offset` on. Raises LogUnavailable."""
        return self._reader.read(topic, partition, offset, limit)

    def start(self, topic: str, partition: int) -> int:
        """Return the offset of the first message still kept. Raises LogUnavailable."""
        return self._asker.start(self._place(topic, partition))

    def end(self, topic: str, partition: int) -> int:
        """Return the offset the next message will have. Raises LogUnavailable."""
        return self._asker.end(self._place(topic, partition))

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """Return the offset a group goes on from, or None. Raises LogUnavailable."""
        name = self._cluster.named(group)
        place = self._place(topic, partition)
        stored = self._asker.ask("list_group_offsets", {name: [place]})[name].get(place)
        return stored.offset if stored is not None and stored.offset >= 0 else None

    def lag(self, group: str, topics: Sequence[str]) -> int:
        """Return how many messages of topics a group has yet to commit, asked in three calls. Raises LogUnavailable."""
        places = [self._place(topic, each) for topic in topics for each in range(self.partitions(topic))]
        ends = self._asker.ask("list_partition_offsets", dict.fromkeys(places, OffsetSpec.LATEST))
        starts = self._asker.ask("list_partition_offsets", dict.fromkeys(places, OffsetSpec.EARLIEST))
        name = self._cluster.named(group)
        stored = self._asker.ask("list_group_offsets", {name: places})[name]
        return sum(ends[one].offset - _reached(stored.get(one), starts[one].offset) for one in places)

    def commit(self, group: str, positions: Mapping[Position, int]) -> None:
        """Store the next offsets of a group that has no live consumers of its own. Raises LogUnavailable."""
        offsets = {
            self._place(topic, partition): OffsetAndMetadata(offset, "", -1)
            for (topic, partition), offset in positions.items()
        }
        self._asker.commit(self._cluster.named(group), offsets)

    def _place(self, topic: str, partition: int) -> TopicPartition:
        return TopicPartition(self._cluster.named(topic), partition)

    def close(self) -> None:
        """Close all connections; safe to call twice."""
        self._reader.close()
        self._writer.close()
        self._asker.close()


def _reached(stored: OffsetAndMetadata | None, start: int) -> int:
    return max(start, stored.offset) if stored is not None else start
