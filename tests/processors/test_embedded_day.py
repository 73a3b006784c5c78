"""A whole day through the embedded runtime with the shipped rules: file, screening, casework, index; then once more."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event as Flag

import pytest

from pipeline.codec import decode_pack
from pipeline.dead_letters import letters
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.load import load_registers
from pipeline.sources.file import FileOptions, FileSource, Report
from pipeline.sources.intake import Intake
from pipeline.store.interface import Query, Store
from pipeline.store.sqlite import SqliteStore
from pipeline.topics import EVENTS, INCIDENTS
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.levels import Level
from processors.embedded import Embedded
from processors.stages import Parts
from tests.builders import some_settings

THORNMERE = Path(__file__).parents[3] / "shared/data/thornmere"
EVENING = datetime.fromisoformat("2026-11-16T23:00:00+00:00")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not THORNMERE.is_dir(), reason="../shared is absent"),
]


@dataclass
class Installation:
    log: SqliteLog
    store: Store
    parts: Parts

    def read(self, path: Path) -> Report:
        intake = Intake(self.parts.registers, self.parts.clock, "ingest")
        report = FileSource(self.log, intake, FileOptions(time.monotonic)).run(path, Flag())
        Embedded(self.log, self.parts).drain()
        return report

    def events(self) -> list[Event]:
        packs = [message for p in range(2) for message in self.log.read(EVENTS.name, p, 0, 10_000)]
        return [event for pack in packs for event in decode_pack(pack.value or b"")]

    def ends(self) -> list[int]:
        return [self.log.end(topic.name, p) for topic in (EVENTS, INCIDENTS) for p in range(2)]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    registers = load_registers(THORNMERE / "registers")
    with ExitStack() as stack:
        log = stack.enter_context(closing(SqliteLog(tmp_path / "log.db", partitions=2)))
        store = stack.enter_context(closing(SqliteStore(tmp_path / "store.db")))
        yield Installation(log, store, Parts(lambda: registers, lambda: EVENING, some_settings(tmp_path), store))


def test_a_day_goes_through_and_a_second_reading_changes_nothing(installation: Installation, tmp_path: Path) -> None:
    feed = THORNMERE / "feed.jsonl"
    assert installation.read(feed) == Report(taken=446, refused=0, finished=True)
    events = installation.events()
    assert len(events) == len({event.event_id for event in events}) == 446
    assert [event.action for event in events].count(Action.DELETE) == 1
    assert letters(installation.log) == {}
    assert installation.store.search(Query()).total > 5
    assert installation.store.search(Query(levels=(Level.HIGH, Level.CRITICAL))).total > 0
    before = installation.ends()
    grown = tmp_path / "grown.jsonl"
    grown.write_bytes(feed.read_bytes() + b"\n")
    assert installation.read(grown).taken == 446
    assert installation.ends() == before, "another file with the same day in it: every event is known"
