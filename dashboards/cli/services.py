"""`parapet ingest`, `worker` and `notify`: the parts of the services runtime, each a process of its own.

The whole flow but the console. Each ends by Ctrl-C or SIGTERM with nothing lost; each may be killed as well.
"""

import logging
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import click

from dashboards.cli.bootstrap import make_parts, open_log, open_store
from dashboards.cli.receiving import receiving
from dashboards.cli.settings_help import SETTINGS_EPILOG
from pipeline.log.interface import Log, Message, Outgoing
from pipeline.settings import SettingError, Settings, load
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from processors.desk import Desk
from processors.notify import Notifier, senders_from
from processors.stages import Agent, Parts, Step
from processors.steps import build_step

ANSWER_SECONDS = 5.0
STEPPED = (Agent.SCREENING, Agent.CASEWORK, Agent.INDEXING)


@click.command(name="worker", epilog=SETTINGS_EPILOG)
@click.option(
    "--agent",
    "agents",
    multiple=True,
    type=click.Choice([agent.value for agent in STEPPED]),
    help="Run this agent only; may be given again. All of them, if left out.",
)
def worker(agents: tuple[str, ...]) -> None:
    """Screen, keep cases, index. Start it again elsewhere and the second takes half of the partitions."""
    settings = _services(load())
    wanted = [Agent(name) for name in agents] or list(STEPPED)
    if Agent.INDEXING in wanted:
        _needs(settings, "elasticsearch", "the address of an Elasticsearch node, such as http://127.0.0.1:9200")
    parts = make_parts(settings, None)
    with closing(open_log(settings)) as log:
        steps = {agent: _step(agent, parts) for agent in wanted}
        try:
            code = _work([Desk(agent, step, log, parts.clock) for agent, step in steps.items()], settings)
        finally:
            for step in steps.values():
                if isinstance(step, LateIndexing):
                    step.close()
    sys.exit(code)


def _work(desks: Sequence[Desk], settings: Settings) -> int:
    from processors.faust_worker import run_desks  # noqa: PLC0415 - needs the services extra

    names = ", ".join(desk.agent.value for desk in desks)
    return run_desks(settings, desks, lambda: click.echo(f"Worker: {names} (Ctrl-C stops it)"))


def _step(agent: Agent, parts: Parts) -> Step:
    return LateIndexing(parts) if agent is Agent.INDEXING else build_step(agent, parts)


class LateIndexing:
    """The indexing step, which opens its store at the first batch: a worker starts, and pages, with the store down."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._step: Step | None = None

    def restore(self, message: Message) -> None:
        """Do nothing: indexing has no state."""

    def forget(self, partition: int) -> None:
        """Do nothing: indexing has no state."""

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """See `processors.indexing`. Raises StoreUnavailable, also while the store cannot be opened."""
        if self._step is None:
            self._parts = _with_store(self._parts)
            self._step = build_step(Agent.INDEXING, self._parts)
        return self._step.process(batch)

    def close(self) -> None:
        """Close the store, if it was opened."""
        if self._parts.store is not None:
            self._parts.store.close()


def _with_store(parts: Parts) -> Parts:
    return Parts(
        registers=parts.registers, clock=parts.clock, settings=parts.settings, store=open_store(parts.settings)
    )


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
    source = FileSource(log, Intake(parts.registers, parts.clock, "ingest"), FileOptions(monotonic=time.monotonic))
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
