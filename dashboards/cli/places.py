"""Where things stand in the home folder, and the one clock. For every command; imports nothing of the flow."""

from datetime import UTC, datetime
from pathlib import Path

from pipeline.settings import Settings

LOG_FILE = "log.db"
STORE_FILE = "store.db"
REGISTERS_FOLDER = "registers"
RULEBOOK_FOLDER = "rulebook"
ENV_FILE = "parapet.env"


def registers_folder(settings: Settings) -> Path:
    """Return the folder of the registers of this installation."""
    return settings.home / REGISTERS_FOLDER


def rulebook_folder(settings: Settings) -> Path:
    """Return the folder of the council's own rules, which need not be there."""
    return settings.home / RULEBOOK_FOLDER


def utc_now() -> datetime:
    """Return the time now, UTC: the clock of every part that is not a test."""
    return datetime.now(UTC)
