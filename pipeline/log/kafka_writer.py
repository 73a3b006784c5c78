"""Writes to Kafka and returns when every record is acknowledged: the writing half of `pipeline.log.kafka`.

The producer is idempotent and packs what comes within 5 ms. Once a delivery has failed, that producer hangs for good
(measured), so it is thrown away and a new one sends again all that was not acknowledged.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from pipeline.log.interface import LogUnavailable, Outgoing
from pipeline.log.kafka_topics import CLIENT, MAX_RECORD_BYTES, Cluster
from pipeline.topics import partition_of

LINGER_MS = 5
DELIVERY_MS = 120_000
PAUSE_SECONDS = 0.5


class RecordTooLarge(ValueError):
    """A record no broker would take; sending it again cannot help."""


class KafkaWriter:
    """One producer, shared by all threads. patience: seconds `write` tries before it raises LogUnavailable."""

    def __init__(self, cluster: Cluster, partitions: Callable[[str], int], patience: float) -> None:
        self._cluster = cluster
        self._partitions = partitions
        self._patience = patience
        self._lock = threading.Lock()
        self._producer: KafkaProducer | None = None
        self._closed = False

    def write(self, records: Sequence[Outgoing]) -> None:
        """Send records and wait until all are acknowledged.

        Raises:
            LogUnavailable: some were not acknowledged in time.
            RecordTooLarge: one is above `MAX_RECORD_BYTES`; those before it may have been written.
        """
        until = time.monotonic() + self._patience
        waiting = list(records)
        while waiting:
            waiting = self._attempt(waiting, until)
            if waiting and time.monotonic() >= until:
                raise LogUnavailable(f"Kafka at {self._cluster.address} did not acknowledge {len(waiting)} records")
            if waiting:
                time.sleep(min(PAUSE_SECONDS, self._patience))

    def _attempt(self, records: list[Outgoing], until: float) -> list[Outgoing]:
        """Send once; return what was not acknowledged, in order."""
        producer = None
        sent = 0
        futures = []
        try:
            producer = self._current()
            for record in records:
                futures.append(self._send(producer, record))
                sent += 1
        except MessageSizeTooLargeError as error:
            raise RecordTooLarge(
                f"a record on {records[sent].topic} is larger than {MAX_RECORD_BYTES} bytes"
            ) from error
        except KafkaError:
            if producer is None:
                return records
        failed = [record for record, future in zip(records, futures, strict=False) if not _acknowledged(future, until)]
        failed += records[sent:]
        if failed and producer is not None:
            self._discard(producer)
        return failed

    def _send(self, producer: KafkaProducer, record: Outgoing) -> object:
        partition = record.partition
        if partition is None:
            partition = partition_of(record.routing_key or record.key, self._partitions(record.topic))
        return producer.send(
            self._cluster.named(record.topic),
            key=record.key.encode(),
            value=record.value,
            headers=list(record.headers.items()),
            partition=partition,
        )

    def _current(self) -> KafkaProducer:
        with self._lock:
            if self._closed:
                raise LogUnavailable("the log is closed")
            if self._producer is None:
                self._producer = KafkaProducer(
                    bootstrap_servers=self._cluster.address,
                    acks="all",
                    linger_ms=LINGER_MS,
                    delivery_timeout_ms=DELIVERY_MS,
                    max_request_size=MAX_RECORD_BYTES,
                    max_block_ms=int(min(self._patience, 60) * 1000),
                    **CLIENT,
                )
            return self._producer

    def _discard(self, producer: KafkaProducer) -> None:
        with self._lock:
            if self._producer is producer:
                self._producer = None
        _close(producer, seconds=0)

    def close(self) -> None:
        """Close the producer; nothing of ours waits in it, since `write` waits for all it sends."""
        with self._lock:
            self._closed = True
            producer, self._producer = self._producer, None
        if producer is not None:
            _close(producer, seconds=5)


def _acknowledged(future: object, until: float) -> bool:
    try:
        future.get(timeout=max(0.0, until - time.monotonic()))  # type: ignore[attr-defined]
    except KafkaError:
        return False
    return True


def _close(producer: KafkaProducer, seconds: float) -> None:
    with contextlib.suppress(KafkaError, KafkaTimeoutError):
        producer.close(timeout=seconds)
