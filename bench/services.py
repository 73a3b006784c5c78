"""How many events a second the services take, and a bare Faust agent with the same events, one after the other.

From a log that holds all events already, so that nothing else competes: one worker with all its agents, from when it
has started until every incident is in Elasticsearch; then an empty Faust worker that reads the same events, one a
message, and sends each on, from when it has started until the last is written.
"""

import contextlib
import os
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
    seen = observations(mix_of(load_registers(home / "registers"), seed=3), scale.of(120_000, 5_000), datetime.now(UTC))
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
        with running(["dashboards.cli.main", "worker"], surroundings, folder / "worker.log", "Worker:") as worker:
            since = spent(worker)
            until(lambda: done(log))
            took, busy = since()
    with closing(open_store(settings)) as store:
        store.refresh()
        incidents = store.search(Query(limit=1)).total
    words = f"{len(seen):,} events, one worker, Kafka to Elasticsearch, in {took:.1f} s; {incidents:,} incidents; "
    words += f"{busy / len(seen) * 1e6:.0f} microseconds of the worker's CPU an event"
    details = {"events": len(seen), "seconds": took, "incidents": incidents, "cpu_seconds": busy}
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
        with running(command, None, folder / "bare.log", "ready") as worker:
            since = spent(worker)
            until(lambda: written(log, BARE_OUT) >= len(seen))
            took, busy = since()
    words = f"the same {len(seen):,} events, one a message, read and sent on by an empty agent in {took:.1f} s; "
    words += f"{busy / len(seen) * 1e6:.0f} microseconds of its CPU an event"
    details = {"events": len(seen), "seconds": took, "cpu_seconds": busy}
    return Figure("bare_faust_events_per_second", len(seen) / took, A_SECOND, words, details)


def done(log: KafkaLog) -> bool:
    """Say whether every agent, in the order of the flow, has committed all it reads."""
    agents = (agent for agent in Agent if agent is not Agent.NOTIFYING)
    return not any(log.lag(agent.value, [topic.name for topic in reads_of(agent)]) for agent in agents)


def written(log: Log, topic: Topic) -> int:
    """Return how many messages a topic holds."""
    return sum(log.end(topic.name, partition) for partition in range(log.partitions(topic.name)))


def spent(process: "subprocess.Popen[bytes]") -> Callable[[], tuple[float, float]]:
    """Return what says how many seconds have gone by since, and how many of CPU a process has used in them."""
    since, before = stopwatch(), _cpu_seconds(process.pid)
    return lambda: (since(), _cpu_seconds(process.pid) - before)


def _cpu_seconds(pid: int) -> float:
    """Return the CPU seconds a process and those it started have used so far; 0 where the system does not say."""
    stat, children = Path(f"/proc/{pid}/stat"), Path(f"/proc/{pid}/task/{pid}/children")
    if not (stat.exists() and children.exists()):
        return 0.0
    after_name = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    own = (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_seconds(int(child)) for child in children.read_text(encoding="utf-8").split())


def until(reached: Callable[[], bool]) -> None:
    """Wait, looking five times a second so that looking costs little. Raises TimeoutError."""
    since = stopwatch()
    while not reached():
        if since() > LONGEST:
            raise TimeoutError(f"not done after {LONGEST:.0f} seconds: look at the worker's output")
        time.sleep(0.2)


@contextlib.contextmanager
def running(
    command: Sequence[str], surroundings: dict[str, str] | None, out: Path, word: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a Python module as a process; the body begins when it has printed a word, and its end ends it."""
    with out.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *command], stdout=output, stderr=subprocess.STDOUT, env=surroundings
        )
    try:
        until(lambda: word in out.read_text(errors="replace") or process.poll() is not None)
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended: {out.read_text(errors='replace')[-600:]}")
        yield process
    finally:
        process.terminate()
        process.wait(60)
