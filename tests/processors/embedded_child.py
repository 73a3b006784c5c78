"""A process to be killed: reads a file and runs the embedded pipeline until everything in it is done.

Arguments: home folder, file. A plain screening stands in for the rulebook: a text that holds "hostile" is a finding.
Run by test_embedded_kills.py.
"""

import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.log.sqlite import SqliteLog
from pipeline.registers.types import Registers
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from pipeline.store.sqlite import SqliteStore
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.casework import CaseworkStep
from processors.contacts import Contacts
from processors.desk import Desk
from processors.embedded import Embedded
from processors.indexing import IndexingStep
from processors.screening import ScreeningStep
from processors.stages import Agent, Parts, Step
from tests.builders import NOON, a_finding, some_registers, some_settings

LINES_A_SECOND = 400.0


def clock() -> datetime:
    """Stand still, so that runs can be compared."""
    return NOON + timedelta(hours=1)


def plain_screens(_registers: Registers) -> Callable[[Event, Contacts], list[Finding]]:
    """Return a screening by one word each for abuse and for a threat."""

    def screen(event: Event, _contacts: Contacts) -> list[Finding]:
        text = event.text or ""
        level = Level.HIGH if "threat" in text else Level.MODERATE
        return [a_finding(level=level)] if "hostile" in text else []

    return screen


def main(home: Path, feed: Path) -> None:
    """Run until the file is read and everything has caught up."""
    with ExitStack() as stack:
        log = stack.enter_context(closing(SqliteLog(home / "log.db", partitions=2)))
        store = stack.enter_context(closing(SqliteStore(home / "store.db")))
        parts = Parts(some_registers, clock, some_settings(home), store)
        steps: dict[Agent, Step] = {
            Agent.SCREENING: ScreeningStep(parts, plain_screens),
            Agent.CASEWORK: CaseworkStep(parts),
            Agent.INDEXING: IndexingStep(parts),
        }
        pipeline = Embedded(log, parts, desks=[Desk(agent, step, log, clock) for agent, step in steps.items()])
        pipeline.start()
        stack.callback(pipeline.stop)
        options = FileOptions(time.monotonic, per_second=LINES_A_SECOND)
        source = FileSource(log, Intake(some_registers, clock, "ingest"), options)
        assert source.run(feed, threading.Event()).finished
        pipeline.drain()
        assert [one.problem for one in pipeline.health()] == [None] * len(pipeline.health())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
