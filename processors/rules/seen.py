"""What rules did to what this installation screened, told from the log alone: findings by rule, shadow, suppressions.

Beside the flow, for `parapet rules report`, `rules shadow`, `parapet check` and the console. Nothing is counted while
posts are screened: `findings.v1` holds every finding, those of shadow rules and hidden ones among them, for 14 days.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pipeline.codec import decode
from pipeline.log.interface import Log
from pipeline.registers.types import Registers
from pipeline.topics import FINDINGS
from pipeline.vocabulary.finding import Detection, Finding, RuleState
from pipeline.vocabulary.levels import Level, Role
from processors.routing import decide

READ = 500
COMMON = 0.3
"""A rule that makes more than this share of all findings is too common,"""
FEWEST = 100
"""where there are so many findings that it is no chance."""
KEPT = 200
"""So many of the newest findings that do not count are kept to be looked at."""


@dataclass(frozen=True)
class Instead:
    """A finding that does not count, with what it would have done: who would be told, and whether paged."""

    at: datetime
    account: str
    finding: Finding
    would_tell: tuple[Role, ...]
    would_page: bool


@dataclass
class Use:
    """What one rule, or one suppression, did: findings by level, how many posts, how many of them would page."""

    findings: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    would_page: int = 0
    last: datetime | None = None

    def note(self, one: Instead) -> None:
        """Count one finding."""
        self.findings += 1
        self.levels[one.finding.level] += 1
        self.would_page += one.would_page
        self.last = max(self.last, one.at) if self.last is not None else one.at


class Seen:
    """Reads on from where it stopped, so that asking again costs only what has come since. One thread at a time."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._next: dict[int, int] = {}
        self.live: dict[str, Use] = {}
        self.shadow: dict[str, Use] = {}
        self.hidden: dict[str, Use] = {}
        self.newest: deque[Instead] = deque(maxlen=KEPT)

    def read(self, registers: Registers) -> None:
        """Take in what has come. Raises LogUnavailable."""
        for detection in self._detections():
            for finding in detection.findings:
                self._note(detection, finding, registers)

    def common(self, findings: int) -> bool:
        """Return whether so many findings are too large a part of all: COMMON of at least FEWEST."""
        total = sum(one.findings for one in (*self.live.values(), *self.shadow.values()))
        return total >= FEWEST and findings > COMMON * total

    def _note(self, detection: Detection, finding: Finding, registers: Registers) -> None:
        event = detection.event
        would = decide([msgspec.structs.replace(finding, state=RuleState.LIVE)], event, registers)
        one = Instead(event.happened_at, event.account, finding, would.notify, would.alert)
        if finding.suppressed_by is not None:
            self.hidden.setdefault(finding.suppressed_by, Use()).note(one)
        else:
            kind = self.live if finding.state is RuleState.LIVE else self.shadow
            kind.setdefault(finding.rule, Use()).note(one)
        if finding.state is not RuleState.LIVE:
            self.newest.append(one)

    def _detections(self) -> Iterator[Detection]:
        for partition in range(self._log.partitions(FINDINGS.name)):
            start = self._log.start(FINDINGS.name, partition)
            offset = max(start, self._next.get(partition, start))
            while batch := self._log.read(FINDINGS.name, partition, offset, READ):
                offset = self._next[partition] = batch[-1].offset + 1
                for message in batch:
                    try:
                        yield decode(Detection, message.value or b"")
                    except msgspec.DecodeError:
                        continue
