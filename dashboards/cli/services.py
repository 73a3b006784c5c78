"""`parapet ingest`, `worker` and `notify`: the parts of the services runtime, each a process of its own.

The whole flow but the console. Each ends by Ctrl-C or SIGTERM with nothing lost; each may be killed as well.
"""

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import click

from dashboards.cli.agents import run_agents
from dashboards.cli.bootstrap import make_parts, open_log
from dashboards.cli.crew import run_crew
from dashboards.cli.receiving import receiving
from dashboards.cli.settings_help import SETTINGS_EPILOG
from dashboards.cli.share import run_share, shares
from pipeline.images.reader import image_reader
from pipeline.log.interface import Log
from pipeline.settings import SettingError, Settings, load
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from processors.notify import Notifier, senders_from
from processors.stages import Agent, Parts

ANSWER_SECONDS = 5.0
STEPPED = (Agent.SCREENING, Agent.CASEWORK, Agent.INDEXING)


@click.command(name="worker", epilog=SETTINGS_EPILOG)
@click.option(
    "--agent",
    "agents",
    multiple=True,
    type=click.Choice([agent.value for agent in STEPPED]),
    help="Run this agent only, in one process; may be given again. All of them, if left out.",
)
@click.option(
    "--screeners",
    type=click.IntRange(min=1),
    help="Processes that screen; if left out, one for each core, but no more than partitions.",
)
def worker(*, agents: tuple[str, ...], screeners: int | None) -> None:
    """Screen, keep cases, index. Start it again elsewhere and the second takes half of the partitions."""
    settings = _services(load())
    if not agents or Agent.INDEXING in agents:
        _needs(settings, "elasticsearch", "the address of an Elasticsearch node, such as http://127.0.0.1:9200")
    make_parts(settings, None)
    open_log(settings).close()
    names = agents or tuple(agent.value for agent in STEPPED)

    def ready() -> None:
        click.echo(f"Worker: {', '.join(names)} (Ctrl-C stops it)")

    if agents:
        sys.exit(run_agents(settings, [Agent(name) for name in agents], ready))
    count = screeners or max(1, min(multiprocessing.cpu_count(), settings.number("partitions")))
    sys.exit(run_crew(run_share, shares(count), ready))


@click.command(name="notify", epilog=SETTINGS_EPILOG)
def notify() -> None:
    """Deliver alerts and remind. Run one of these, never two: each would tell people everything."""
    settings = _services(load())
    parts = make_parts(settings, None)
    with (
        _told_to_stop() as stop,
        closing(open_log(settings)) as log,
        closing(Notifier(log, parts, senders_from(settings))) as notifier,
    ):
        click.echo("Notify: delivering alerts (Ctrl-C stops it)")
        while not stop.is_set():
            stop.wait(notifier.run_once())


@click.command(name="ingest", epilog=SETTINGS_EPILOG)
@click.option(
    "--input",
    "paths",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read this JSONL file to its end, then stop unless --webhook is given too; may be given again.",
)
@click.option("--webhook", is_flag=True, help="Receive signed observations until Ctrl-C: the default without --input.")
def ingest(*, paths: tuple[Path, ...], webhook: bool) -> None:
    """Write what platforms send to the log: from files, or what is sent to the webhook."""
    settings = _services(load())
    parts = make_parts(settings, None)
    listens = webhook or not paths
    with (
        _told_to_stop() as stop,
        closing(_impatient_log(settings)) as log,
        receiving(settings, log, parts) if listens else nullcontext() as address,
    ):
        if listens and address is None:
            raise SettingError("PARAPET_WEBHOOK_SECRETS is empty: set a secret, or give a file with --input")
        if listens:
            click.echo(f"Ingest: webhook on {address} (Ctrl-C stops it)")
        for path in paths:
            _read(path, log, parts, stop)
        if listens:
            stop.wait()


def _read(path: Path, log: Log, parts: Parts, stop: threading.Event) -> None:
    look = image_reader(parts.settings, parts.registers).look
    source = FileSource(
        log, Intake(parts.registers, parts.clock, "ingest", look), FileOptions(monotonic=time.monotonic)
    )
    report = source.run(path, stop)
    done = "is read to its end" if report.finished else "goes on at the next start"
    click.echo(f"{path.name} {done}: {report.taken} lines taken, {report.refused} refused")


def _impatient_log(settings: Settings) -> Log:
    """Return a log that says soon when it is down: a sender of the webhook waits for the answer."""
    from pipeline.log.kafka import open_kafka_log  # noqa: PLC0415 - needs the services extra

    return open_kafka_log(settings, patience=ANSWER_SECONDS)


def _services(settings: Settings) -> Settings:
    """Return the settings; raise SettingError unless they name a Kafka we can speak to. Logging begins here."""
    _needs(settings, "kafka", "the address of a Kafka broker, such as 127.0.0.1:9092, or use `parapet run`")
    for module in ("kafka", "faust"):
        if find_spec(module) is None:
            raise SettingError(f"the services need {module}, which is not installed: pip install 'parapet[services]'")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return settings


def _needs(settings: Settings, name: str, cure: str) -> None:
    if not settings.text(name):
        raise SettingError(f"PARAPET_{name.upper()} is empty: give {cure}")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C and SIGTERM set."""
    stop = threading.Event()
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
