"""Asks a Kafka cluster for what stands beside the records: topics, offsets, committed positions.

Used by `pipeline.log.kafka` and its reader. It has a connection of its own: on a consumer's, an answer would wait
behind a fetch that the broker holds open for half a second.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError, NoError
from kafka.structs import OffsetAndMetadata

from pipeline.log.interface import LogUnavailable
from pipeline.log.kafka_topics import CLIENT, Cluster

SETTLE_SECONDS = 15.0
"""How long a new cluster may take to make its own topic of committed offsets."""


class KafkaAsker:
    """One admin client, replaced when it fails. Safe to share between threads, which take turns."""

    def __init__(self, cluster: Cluster, patience: float) -> None:
        self._cluster = cluster
        self._patience = min(SETTLE_SECONDS, patience)
        self._lock = threading.Lock()
        self._admin: KafkaAdminClient | None = None

    def ask(self, method: str, *arguments: object) -> Any:
        """Return what a method of the admin client answers; a fault that may pass is tried again for some seconds.

        Raises:
            LogUnavailable: no answer, or a refusal.
        """
        return self._retried(self._call, method, *arguments)

    def _retried(self, work: Callable[..., Any], *arguments: object) -> Any:
        until = time.monotonic() + self._patience
        while True:
            try:
                with self._lock:
                    return work(*arguments)
            except KafkaError as error:
                if not error.retriable or time.monotonic() > until:
                    raise LogUnavailable(f"Kafka at {self._cluster.address} does not answer: {error}") from error
            time.sleep(0.2)

    def commit(self, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Store a group's next offsets. Raises LogUnavailable."""
        self._retried(self._commit, group, offsets)

    def start(self, place: TopicPartition) -> int:
        """Return the offset of the first record still kept. Raises LogUnavailable."""
        return int(self.ask("list_partition_offsets", {place: OffsetSpec.EARLIEST})[place].offset)

    def end(self, place: TopicPartition) -> int:
        """Return the offset the next record will have. Raises LogUnavailable."""
        return int(self.ask("list_partition_offsets", {place: OffsetSpec.LATEST})[place].offset)

    def _call(self, method: str, *arguments: object) -> Any:
        try:
            if self._admin is None:
                self._admin = KafkaAdminClient(bootstrap_servers=self._cluster.address, **CLIENT)
            return getattr(self._admin, method)(*arguments)
        except KafkaError:
            self._drop()
            raise

    def _commit(self, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        answer = self._call("alter_group_offsets", group, offsets)
        for error in answer.values():
            if error is not NoError:
                raise error(f"for the positions of {group}")

    def _drop(self) -> None:
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        with self._lock:
            self._drop()
