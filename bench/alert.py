"""How long it takes from a post to the e-mail: 200 events a second for five minutes, 3 % hostile, in both runtimes.

Timed from when the post was due to be sent, whatever kept it, until the mail server, a process of its own, has the
whole message. Writer, pipeline and mail server are three processes or more; the pipeline is the shipped command.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.events import is_hostile
from bench.figures import SECONDS, Figure, Scale, percentile
from bench.home import environment, make_home, settings_in
from bench.mailbox import Mail, Mailbox, mailbox
from bench.writer import Load, Timetable, run_writer
from dashboards.cli.bootstrap import open_log
from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.kafka import start_kafka
from infra.engines.running import free_port
from pipeline.codec import decode
from pipeline.log.interface import Log
from pipeline.topics import ALERTS, INCIDENTS, Topic
from pipeline.vocabulary.alert import Alert
from pipeline.vocabulary.incident import Incident

RATE = 200
WARM_SEED, SEED = 70, 7
QUIET_SECONDS = 5.0
LONGEST_WAIT = 120.0

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """Seconds from post to each e-mail, and what became of the hostile posts."""

    latencies: Sequence[float]
    hostile: int
    alerted: int
    other_mails: int


def measure(scale: Scale) -> list[Figure]:
    """Return p50 and p99 of both runtimes; the embedded one's are the figures the bar is held against."""
    load = Load(RATE, RATE * scale.of(300, 20), SEED)
    with mailbox(scale.folder / "embedded-mails") as box:
        home = make_home(scale.folder / "embedded")
        surroundings = environment(home, smtp_host="127.0.0.1", smtp_port=str(box.port))
        with _running(surroundings, scale.folder, ("run",)):
            embedded = _one(surroundings, box, load)
    figures = _figures("", embedded, load, "embedded runtime with console, SQLite")
    with mailbox(scale.folder / "services-mails") as box, _engines(scale.folder) as addresses:
        home = make_home(scale.folder / "services")
        surroundings = environment(home, smtp_host="127.0.0.1", smtp_port=str(box.port), **addresses)
        with _running(surroundings, scale.folder, ("worker", "notify")):
            services = _one(surroundings, box, load)
    return figures + _figures("services_", services, load, "one worker and one notify, Kafka and Elasticsearch beside")


@contextlib.contextmanager
def _engines(folder: Path) -> Iterator[dict[str, str]]:
    with (
        start_kafka(folder / "kafka", free_port(), free_port()) as kafka,
        start_elasticsearch(folder / "elasticsearch", free_port(), free_port()) as elasticsearch,
    ):
        yield {"kafka": kafka.address, "elasticsearch": elasticsearch.address}


@contextlib.contextmanager
def _running(surroundings: dict[str, str], folder: Path, commands: Sequence[str]) -> Iterator[None]:
    """Run the shipped commands as processes, their output in a file each."""
    with contextlib.ExitStack() as stack:
        for name in commands:
            out = stack.enter_context((folder / f"{name}.log").open("wb"))
            command = [sys.executable, "-m", "dashboards.cli.main", name]
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=surroundings)  # noqa: S603
            stack.enter_context(process)
            stack.callback(process.terminate)
        yield


def _one(surroundings: dict[str, str], box: Mailbox, load: Load) -> Outcome:
    """Warm the chain up until a first e-mail is there, then time the load."""
    run_writer(surroundings, Load(RATE, RATE, WARM_SEED))
    _until_quiet(box)
    warm = len(box.mails())
    if not warm:
        raise RuntimeError("no e-mail came of the warm-up: look at the commands' output")
    timetable = run_writer(surroundings, load)
    _until_quiet(box)
    log = open_log(settings_in(surroundings))
    try:
        return judged(box.mails()[warm:], timetable, log)
    finally:
        log.close()


def _until_quiet(box: Mailbox) -> None:
    """Wait until e-mails came and none has come for some seconds, or for so long that none will."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_WAIT:
        mails = box.mails()
        if mails and time.monotonic() - mails[-1].at > QUIET_SECONDS and time.monotonic() - began > QUIET_SECONDS:
            return
        time.sleep(0.2)


def judged(mails: Sequence[Mail], timetable: Timetable, log: Log) -> Outcome:
    """Tie each e-mail to its post by alert and incident; those of several posts (a pile-on, a course) stand apart."""
    alerts = {alert.alert_id: alert for alert in _all(log, ALERTS, Alert)}
    posts = {one.incident_id: _post_of(one) for one in _all(log, INCIDENTS, Incident)}
    latencies, alerted, others = [], set(), 0
    for mail in mails:
        alert = alerts.get(mail.message_id.partition(".")[0])
        number = None if alert is None else posts.get(alert.incident_id)
        if number is None:
            others += 1
            continue
        latencies.append(mail.at - timetable.due(number))
        alerted.add(number)
    hostile = {number for number in range(timetable.load.count) if is_hostile(number)}
    return Outcome(latencies, len(hostile), len(hostile & alerted), others)


def _post_of(incident: Incident) -> int | None:
    """Return the number of the one post of the measured load that an incident is made of."""
    objects = {evidence.event.object_id for evidence in incident.evidence}
    rows = [one.split(":") for one in objects]
    return int(rows[0][3]) if len(rows) == 1 and rows[0][1:3] == ["bench", str(SEED)] else None


def _all(log: Log, topic: Topic, kind: type[T]) -> list[T]:
    found: list[T] = []
    for partition in range(log.partitions(topic.name)):
        offset = log.start(topic.name, partition)
        while messages := log.read(topic.name, partition, offset, 500):
            found += [decode(kind, message.value) for message in messages if message.value is not None]
            offset = messages[-1].offset + 1
    return found


def _figures(prefix: str, outcome: Outcome, load: Load, where: str) -> list[Figure]:
    measured = (
        f"{load.rate} events a second for {load.count // load.rate} s ({where}); {len(outcome.latencies):,} e-mails "
        f"for {outcome.alerted:,} of {outcome.hostile:,} hostile posts, each timed from when its post was due; "
        f"{outcome.other_mails:,} e-mails of incidents with several posts not timed; slowest "
        f"{max(outcome.latencies):.2f} s"
    )
    details = {"emails": len(outcome.latencies), "hostile": outcome.hostile, "hostile_alerted": outcome.alerted}
    return [
        Figure(
            f"{prefix}post_to_alert_p{rank}_seconds", percentile(outcome.latencies, rank), SECONDS, measured, details
        )
        for rank in (50, 99)
    ]
