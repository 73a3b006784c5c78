"""Creates the topics on a Kafka cluster, with their retention and compaction, before anything reads or writes.

Beside the flow: a topic that is missing when a worker subscribes stays unread for minutes, so every service calls this
first. What exists already is left as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from pipeline.log.interface import LogUnavailable
from pipeline.settings import SettingError, Settings
from pipeline.topics import ALL_TOPICS, DAY_MS, Cleanup, Topic

CLIENT = {"request_timeout_ms": 15_000, "reconnect_backoff_max_ms": 1_000, "bootstrap_timeout_ms": 5_000}
"""Settings of every client: a broker that is back is found again within a second or so."""
MAX_RECORD_BYTES = 8 * 1024 * 1024
SEGMENT_BYTES = 16 * 1024 * 1024
"""Small segments: only closed ones are compacted or deleted, so what must go is gone in time on quiet topics too."""


@dataclass(frozen=True)
class Cluster:
    """Where a Kafka cluster is, what is put before every topic and group, and how topics are made there."""

    address: str
    prefix: str = ""
    partitions: int = 4
    replication: int = 1

    def named(self, name: str) -> str:
        """Return a topic's or group's name on this cluster."""
        return self.prefix + name


def cluster_of(settings: Settings) -> Cluster:
    """Return the cluster the settings name. Raises SettingError where they name none."""
    address = settings.text("kafka")
    if not address:
        raise SettingError("PARAPET_KAFKA is empty: give the address of a Kafka broker, such as 127.0.0.1:9092")
    return Cluster(
        address=address,
        prefix=settings.text("topic_prefix"),
        partitions=settings.number("partitions"),
        replication=settings.number("replication"),
    )


def topic_options(topic: Topic) -> dict[str, str]:
    """Return a topic's settings in Kafka's names."""
    options = {
        "cleanup.policy": topic.cleanup.value,
        "retention.ms": str(topic.retention_ms),
        "max.message.bytes": str(MAX_RECORD_BYTES),
        "segment.bytes": str(SEGMENT_BYTES),
        "segment.ms": str(DAY_MS // 2),
    }
    if topic.cleanup is Cleanup.COMPACT:
        options |= {"max.compaction.lag.ms": str(DAY_MS), "delete.retention.ms": str(DAY_MS)}
    return options


def create_topics(cluster: Cluster, topics: Sequence[Topic] = ALL_TOPICS) -> None:
    """Create the topics that are missing, and return when each has a leader.

    Raises:
        LogUnavailable: the cluster does not answer, or refuses.
    """
    try:
        admin = KafkaAdminClient(bootstrap_servers=cluster.address, **CLIENT)
    except KafkaError as error:
        raise LogUnavailable(f"Kafka at {cluster.address} does not answer: {error}") from error
    try:
        _create_missing(admin, cluster, topics)
    except KafkaError as error:
        raise LogUnavailable(f"topics could not be created at {cluster.address}: {error}") from error
    finally:
        admin.close()


def _create_missing(admin: KafkaAdminClient, cluster: Cluster, topics: Sequence[Topic]) -> None:
    there = set(admin.list_topics())
    missing = {
        cluster.named(topic.name): {
            "num_partitions": cluster.partitions,
            "replication_factor": cluster.replication,
            "configs": topic_options(topic),
        }
        for topic in topics
        if cluster.named(topic.name) not in there
    }
    if not missing:
        return
    try:
        admin.create_topics(missing, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        # Another service was quicker with one of them; the rest were created, or will be found missing again.
        _create_missing(admin, cluster, topics)
