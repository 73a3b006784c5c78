"""The one composition root: builds log, store, registers and parts from the settings, for every command.

Beside the flow. The services' clients are imported only where a setting names their address, since the base install
does not carry them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.log.interface import Log
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.load import load_registers
from pipeline.settings import SettingError, Settings
from pipeline.store.interface import Store
from pipeline.store.sqlite import SqliteStore
from processors.stages import Parts

LOG_FILE = "log.db"
STORE_FILE = "store.db"
REGISTERS_FOLDER = "registers"
ENV_FILE = "parapet.env"


def utc_now() -> datetime:
    """Return the time now, UTC: the clock of every part that is not a test."""
    return datetime.now(UTC)


def registers_folder(settings: Settings) -> Path:
    """Return the folder of the registers of this installation."""
    return settings.home / REGISTERS_FOLDER


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
    """Return what the steps are built from, with registers that reload while they run. Raises RegisterError."""
    registers = load_registers(registers_folder(settings))
    return Parts(registers=lambda: registers, clock=utc_now, settings=settings, store=store)


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Log, Store, Parts]]:
    """Open log and store and build the parts; close both at the end."""
    log = open_log(settings)
    try:
        store = open_store(settings)
        try:
            yield log, store, make_parts(settings, store)
        finally:
            store.close()
    finally:
        log.close()


def _not_installed(name: str, error: ModuleNotFoundError) -> SettingError:
    return SettingError(f"PARAPET_{name.upper()} is set, but {error.name} is not: pip install 'parapet[services]'")
