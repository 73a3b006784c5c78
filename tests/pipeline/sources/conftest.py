"""A log in a temporary folder, and a gate that knows the borough of tests/builders."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.log.sqlite import SqliteLog
from pipeline.sources.intake import Intake
from tests.builders import NOON, some_registers

NOW = NOON + timedelta(hours=1)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with closing(SqliteLog(tmp_path / "log.db")) as opened:
        yield opened


@pytest.fixture
def intake() -> Intake:
    return Intake(registers=some_registers, clock=lambda: NOW, stage="ingest")
