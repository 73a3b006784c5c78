"""Reads a Kafka topic's partition from a given offset: the reading half of `pipeline.log.kafka`.

Each partition that is read has a consumer of its own, which stays where the last read ended, so that reading on costs
no seek. They belong to no group: who goes on from where is said by commits alone.
"""

import threading
import time
from collections import OrderedDict

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from pipeline.log.interface import LogUnavailable, Message
from pipeline.log.kafka_asker import KafkaAsker
from pipeline.log.kafka_topics import CLIENT, Cluster

OPEN_CONSUMERS = 64
ANSWER_SECONDS = 20.0


class Cursor:
    """A consumer of one partition, and the offset it stands at. Its lock is held for as long as it is used."""

    def __init__(self, address: str, place: TopicPartition, asker: KafkaAsker) -> None:
        self.place = place
        self.asker = asker
        self.lock = threading.Lock()
        self.position = -1
        self.consumer = KafkaConsumer(
            bootstrap_servers=address,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            **CLIENT,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            check_crcs=False,
        )
        self.consumer.assign([place])

    def read(self, offset: int, limit: int) -> list[object]:
        """Return up to `limit` records from `offset` on; none at the end. KafkaError where no answer comes."""
        if offset != self.position:
            if offset >= self.asker.end(self.place):
                return []
            self.consumer.seek(self.place, offset)
            self.position = offset
        records = self._poll(0, limit)
        until = time.monotonic() + ANSWER_SECONDS
        while not records and self.consumer.position(self.place) < self.asker.end(self.place):
            if time.monotonic() > until:
                raise KafkaError(f"no record at offset {offset} within {ANSWER_SECONDS:.0f} seconds")
            records = self._poll(200, limit)
        return records

    def _poll(self, timeout_ms: int, limit: int) -> list[object]:
        records: list[object] = self.consumer.poll(timeout_ms=timeout_ms, max_records=limit).get(self.place, [])
        if records:
            self.position = records[-1].offset + 1  # type: ignore[attr-defined]
        return records

    def close(self) -> None:
        """Close the connections, once whoever reads has done so."""
        with self.lock:
            self.consumer.close(autocommit=False)


class KafkaReader:
    """The cursors, the longest unused of which closes when there are too many. Safe to share between threads."""

    def __init__(self, cluster: Cluster, asker: KafkaAsker) -> None:
        self._cluster = cluster
        self._asker = asker
        self._lock = threading.Lock()
        self._cursors: OrderedDict[TopicPartition, Cursor] = OrderedDict()

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """Return messages as `Log.read` does. Raises LogUnavailable."""
        try:
            cursor = self._cursor(topic, partition)
            with cursor.lock:
                records = cursor.read(offset, limit)
        except KafkaError as error:
            raise LogUnavailable(f"Kafka at {self._cluster.address} does not answer for {topic}: {error}") from error
        return [_message(topic, record) for record in records]

    def _cursor(self, topic: str, partition: int) -> Cursor:
        place = TopicPartition(self._cluster.named(topic), partition)
        spare: Cursor | None = None
        with self._lock:
            cursor = self._cursors.pop(place, None) or Cursor(self._cluster.address, place, self._asker)
            self._cursors[place] = cursor
            if len(self._cursors) > OPEN_CONSUMERS:
                _, spare = self._cursors.popitem(last=False)
        if spare is not None:
            spare.close()
        return cursor

    def close(self) -> None:
        """Close every cursor."""
        with self._lock:
            cursors = list(self._cursors.values())
            self._cursors.clear()
        for cursor in cursors:
            cursor.close()


def _message(topic: str, record: object) -> Message:
    return Message(
        topic=topic,
        partition=record.partition,  # type: ignore[attr-defined]
        offset=record.offset,  # type: ignore[attr-defined]
        key=(record.key or b"").decode(errors="replace"),  # type: ignore[attr-defined]
        value=record.value,  # type: ignore[attr-defined]
        headers=dict(record.headers),  # type: ignore[attr-defined]
    )
