"""The one composition root: builds log, store, registers, pipeline and console from the settings, for every command.

Beside the flow. The services' clients are imported only where a setting names their address, since the base install
does not carry them. What is opened here is closed here, at the end of a `with`.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from dashboards.cli.places import LOG_FILE, STORE_FILE, registers_folder, rulebook_folder, utc_now
from dashboards.console.accounts import Accounts
from dashboards.console.audit import Audit
from dashboards.console.database import FILE as CONSOLE_FILE
from dashboards.console.parts import ConsoleParts
from pipeline.log.interface import Log
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.watch import WatchedRegisters
from pipeline.settings import SettingError, Settings
from pipeline.store.interface import Store
from pipeline.store.sqlite import SqliteStore
from processors.embedded import Embedded
from processors.hearing import Hearing
from processors.models.shelf import shelf_of
from processors.notify import Notifier, senders_from
from processors.rules.watch import WatchedRulebook
from processors.stages import Parts


@dataclass(frozen=True)
class Opened:
    """One installation, open: its log, its store, and what steps are built from."""

    settings: Settings
    log: Log
    store: Store
    parts: Parts


def open_log(settings: Settings) -> Log:
    """Return the log: Kafka where the settings name one, else the file in the home folder.

    Raises:
        LogUnavailable: it cannot be reached or opened.
        SettingError: Kafka is named and its client is not installed.
    """
    if not settings.text("kafka"):
        return SqliteLog(settings.home / LOG_FILE, settings.number("partitions"))
    try:
        from pipeline.log.kafka import open_kafka_log  # noqa: PLC0415 - needs the services extra
    except ModuleNotFoundError as error:
        raise _not_installed("kafka", error) from error
    return open_kafka_log(settings)


def open_store(settings: Settings) -> Store:
    """Return the store: Elasticsearch where the settings name one, else the file in the home folder.

    Raises:
        StoreUnavailable: it cannot be reached or opened.
        SettingError: Elasticsearch is named and its client is not installed.
    """
    if not settings.text("elasticsearch"):
        return SqliteStore(settings.home / STORE_FILE)
    try:
        from pipeline.store.elasticsearch import open_elasticsearch_store  # noqa: PLC0415 - needs the services extra
    except ModuleNotFoundError as error:
        raise _not_installed("elasticsearch", error) from error
    return open_elasticsearch_store(settings)


def make_parts(settings: Settings, store: Store | None) -> Parts:
    """Return what the steps are built from, with registers and rules that reload while they run.

    The rules are read by whoever screens, when they are first asked for. Raises RegisterError.
    """
    registers = WatchedRegisters(registers_folder(settings), time.monotonic)
    rulebook = WatchedRulebook(rulebook_folder(settings), time.monotonic)
    return Parts(
        registers=registers.current,
        clock=utc_now,
        settings=settings,
        store=store,
        rulebook=rulebook.current,
        hearing=Hearing(lambda: shelf_of(settings)),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Opened]:
    """Open an installation. Raises as `make_parts`, `open_log` and `open_store`, the registers first."""
    parts = make_parts(settings, None)
    with closing(open_log(settings)) as log, closing(open_store(settings)) as store:
        yield Opened(settings, log, store, replace(parts, store=store))


@contextmanager
def pipeline_of(whole: Opened) -> Iterator[Embedded]:
    """Build the embedded pipeline with its notifier, not started; at the end it is stopped and its senders closed."""
    notifier = Notifier(whole.log, whole.parts, senders_from(whole.settings))
    with closing(notifier):
        pipeline = Embedded(whole.log, whole.parts, notifier)
        try:
            yield pipeline
        finally:
            pipeline.stop()


@contextmanager
def console_of(whole: Opened) -> Iterator[ConsoleParts]:
    """Open what the console needs besides."""
    path = whole.settings.home / CONSOLE_FILE
    with closing(Accounts(path)) as accounts, closing(Audit(path, utc_now)) as audit:
        yield ConsoleParts(
            settings=whole.settings,
            registers=whole.parts.registers,
            log=whole.log,
            store=whole.store,
            accounts=accounts,
            audit=audit,
            clock=whole.parts.clock,
            model=lambda: whole.parts.hearing.problem if whole.parts.hearing is not None else None,
        )


def _not_installed(name: str, error: ModuleNotFoundError) -> SettingError:
    return SettingError(f"PARAPET_{name.upper()} is set, but {error.name} is not: pip install 'parapet[services]'")
