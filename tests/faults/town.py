"""The services as they are run: `parapet worker` and `parapet notify` as processes, on real engines, with real mail.

Built by the tests of faults and by the one that compares the runtimes. Everything is this test's own: home folder,
prefix of topics and indices, mail server.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.home import make_home
from pipeline.codec import decode
from pipeline.log.interface import Log
from pipeline.log.kafka import KafkaLog
from pipeline.log.kafka_topics import cluster_of, create_topics
from pipeline.settings import PREFIX, Settings, load
from pipeline.sources.packing import Packer
from pipeline.topics import ALERTS, INCIDENTS, Topic
from pipeline.vocabulary.alert import Alert
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.incident import Incident
from processors.stages import Agent, reads_of
from tests.processors.notify.mail_server import MailServer
from tests.processors.services.processes import Processes, processes, until

PARAPET = ("-m", "dashboards.cli.main")
STEPPED = (Agent.SCREENING, Agent.CASEWORK, Agent.INDEXING)

T = TypeVar("T")


@dataclass(frozen=True)
class Addresses:
    """Where the engines are, and what is put before names there."""

    kafka: str
    elasticsearch: str
    prefix: str


@dataclass
class Town:
    """A running installation: its log, its processes, the mail that came."""

    settings: Settings
    log: KafkaLog
    running: Processes
    mail: MailServer

    def start(self, name: str, command: str, *options: str) -> None:
        """Start a command under a name, which is also the worker's; return when it is ready."""
        before = self.running.output(name).count("Ctrl-C") if self._started(name) else 0
        self.running.start(name, *PARAPET, command, *options, **{f"{PREFIX}WORKER_NAME": name})
        until(f"{name} ready", lambda: self.running.output(name).count("Ctrl-C") > before, self.running)

    def run(self, *command: str) -> None:
        """Run a command to its end, which must be a good one."""
        name = command[0]
        self.running.start(name, *PARAPET, *command)
        code = self.running.finished(name)
        assert code == 0, self.running.output(name)

    def _started(self, name: str) -> bool:
        return (self.running.folder / f"{name}.out").exists()

    def feed(self, seen: Iterable[Observation]) -> None:
        """Append observations as an ingestor packs them."""
        append(self.log, seen)

    def caught_up(self, agents: Sequence[Agent] = STEPPED) -> bool:
        """Say whether each agent, in the order of the flow, has committed all it reads."""
        return not any(self.log.lag(agent.value, [topic.name for topic in reads_of(agent)]) for agent in agents)

    def message_ids(self) -> Counter[str]:
        """Return how often each message came, by Message-ID."""
        return Counter(str(message["Message-ID"]) for message in self.mail.messages)


@contextmanager
def town(folder: Path, addresses: Addresses, more: Mapping[str, str] | None = None) -> Iterator[Town]:
    """Yield an installation with nothing running yet; at the end all has ended. more: settings besides."""
    home = make_home(folder)
    with MailServer() as mail:
        environment = {
            f"{PREFIX}HOME": str(home),
            f"{PREFIX}KAFKA": addresses.kafka,
            f"{PREFIX}ELASTICSEARCH": addresses.elasticsearch,
            f"{PREFIX}TOPIC_PREFIX": f"{addresses.prefix}.",
            f"{PREFIX}INDEX_PREFIX": addresses.prefix,
            f"{PREFIX}SMTP_HOST": "127.0.0.1",
            f"{PREFIX}SMTP_PORT": str(mail.port),
            **(more or {}),
        }
        settings = load(environment)
        create_topics(cluster_of(settings))
        log = KafkaLog(cluster_of(settings))
        try:
            with processes(folder, environment) as running:
                yield Town(settings, log, running, mail)
        finally:
            log.close()


def append(log: Log, seen: Iterable[Observation]) -> None:
    """Append observations to a log as an ingestor packs them."""
    packer = Packer(lambda: 0.0)
    for one in seen:
        packer.add(one)
    log.append(packer.take())


def records(log: Log, topic: Topic, kind: type[T]) -> list[T]:
    """Return everything a topic holds, in order by partition; tombstones are left out."""
    found: list[T] = []
    for partition in range(log.partitions(topic.name)):
        offset = log.start(topic.name, partition)
        while batch := log.read(topic.name, partition, offset, 500):
            found += [decode(kind, message.value) for message in batch if message.value is not None]
            offset = batch[-1].offset + 1
    return found


def incidents(log: Log) -> dict[str, Incident]:
    """Return the last version of each incident, by id."""
    last: dict[str, Incident] = {}
    for incident in records(log, INCIDENTS, Incident):
        last[incident.incident_id] = incident
    return last


def alerts(log: Log) -> list[Alert]:
    """Return every record of the alerts topic."""
    return records(log, ALERTS, Alert)
