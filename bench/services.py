"""How many events a second the services take, and a bare Faust agent with the same events, one after the other.

From a log that holds all events already, so that nothing else competes: one worker with all its agents, from when it
has started until every incident is in Elasticsearch; then an empty Faust worker that reads the same events, one a
message, and sends each on, from when it has started until the last is written.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.events import mix_of, observations
from bench.figures import A_SECOND, RATIO, Figure, Scale, stopwatch
from bench.home import environment, make_home, settings_in
from dashboards.cli.bootstrap import open_store
from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.kafka import start_kafka
from infra.engines.running import free_port
from pipeline.codec import encode
from pipeline.log.interface import Log, Outgoing
from pipeline.log.kafka import KafkaLog, open_kafka_log
from pipeline.log.kafka_topics import Cluster, create_topics
from pipeline.registers.load import load_registers
from pipeline.sources.packing import Packer
from pipeline.store.interface import Query
from pipeline.topics import Cleanup, Topic
from pipeline.vocabulary.event import Observation
from processors.stages import Agent, reads_of

LONGEST = 600.0
BARE_IN = Topic("bare.in", "account", Cleanup.DELETE, -1, "events, one a message")
BARE_OUT = Topic("bare.out", "account", Cleanup.DELETE, -1, "the same, sent on")


def measure(scale: Scale) -> list[Figure]:
    """Return both rates and their ratio. Raises EngineMissing."""
    home = make_home(scale.folder)
    seen = observations(mix_of(load_registers(home / "registers"), seed=3), scale.of(60_000, 5_000), datetime.now(UTC))
    with (
        start_kafka(scale.folder / "kafka", free_port(), free_port(), heap="512m") as kafka,
        start_elasticsearch(scale.folder / "elasticsearch", free_port(), free_port(), heap="512m") as elasticsearch,
    ):
        surroundings = environment(home, kafka=kafka.address, elasticsearch=elasticsearch.address)
        ours = services_events_per_second(surroundings, seen, scale.folder)
        bare = bare_faust_events_per_second(kafka.address, seen, scale.folder)
    words = "events as a council's sources give them, packed" if not scale.quick else "events (quick)"
    ratio = f"{ours.value:,.0f} {words} against {bare.value:,.0f} by an empty Faust agent, same run"
    return [ours, bare, Figure("services_to_bare_faust", ours.value / bare.value, RATIO, ratio)]


def services_events_per_second(surroundings: dict[str, str], seen: Sequence[Observation], folder: Path) -> Figure:
    """Return the rate of one worker, from raw packs on the log to incidents in the store."""
    settings = settings_in(surroundings)
    with closing(open_kafka_log(settings)) as log:
        packer = Packer(lambda: 0.0)
        for one in seen:
            packer.add(one)
        log.append(packer.take())
        with running(["dashboards.cli.main", "worker"], surroundings, folder / "worker.log", "Worker:"):
            since = stopwatch()
            until(lambda: all(not behind(log, agent) for agent in Agent if agent is not Agent.NOTIFYING))
            took = since()
    with closing(open_store(settings)) as store:
        store.refresh()
        incidents = store.search(Query(limit=1)).total
    words = f"{len(seen):,} events, one worker, Kafka to Elasticsearch, in {took:.1f} s; {incidents:,} incidents"
    details = {"events": len(seen), "seconds": took, "incidents": incidents}
    return Figure("services_events_per_second", len(seen) / took, A_SECOND, words, details)


def bare_faust_events_per_second(address: str, seen: Sequence[Observation], folder: Path) -> Figure:
    """Return the rate of an empty Faust agent that reads the same events, one a message, and sends each on."""
    cluster = Cluster(address)
    create_topics(cluster, (BARE_IN, BARE_OUT))
    with closing(KafkaLog(cluster)) as log:
        for first in range(0, len(seen), 2_000):
            part = seen[first : first + 2_000]
            log.append([Outgoing(topic=BARE_IN.name, key=one.account, value=encode(one)) for one in part])
        command = ["bench.bare_faust", address, BARE_IN.name, BARE_OUT.name]
        with running(command, None, folder / "bare.log", "ready"):
            since = stopwatch()
            until(lambda: written(log, BARE_OUT) >= len(seen))
            took = since()
    words = f"the same {len(seen):,} events, one a message, read and sent on by an empty agent in {took:.1f} s"
    return Figure("bare_faust_events_per_second", len(seen) / took, A_SECOND, words, {"seconds": took})


def behind(log: Log, agent: Agent) -> bool:
    """Say whether an agent has yet to commit something it reads."""
    for topic in reads_of(agent):
        for partition in range(log.partitions(topic.name)):
            end = log.end(topic.name, partition)
            if end and (log.committed(agent.value, topic.name, partition) or 0) < end:
                return True
    return False


def written(log: Log, topic: Topic) -> int:
    """Return how many messages a topic holds."""
    return sum(log.end(topic.name, partition) for partition in range(log.partitions(topic.name)))


def until(done: Callable[[], bool]) -> None:
    """Wait, looking five times a second so that looking costs little. Raises TimeoutError."""
    since = stopwatch()
    while not done():
        if since() > LONGEST:
            raise TimeoutError(f"not done after {LONGEST:.0f} seconds: look at the worker's output")
        time.sleep(0.2)


@contextlib.contextmanager
def running(command: Sequence[str], surroundings: dict[str, str] | None, out: Path, word: str) -> Iterator[None]:
    """Run a Python module as a process; the body begins when it has printed a word, and its end ends it."""
    with out.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *command], stdout=output, stderr=subprocess.STDOUT, env=surroundings
        )
    try:
        until(lambda: word in out.read_text(errors="replace") or process.poll() is not None)
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended: {out.read_text(errors='replace')[-600:]}")
        yield
    finally:
        process.terminate()
        process.wait(60)
