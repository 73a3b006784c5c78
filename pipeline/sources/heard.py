"""When each source was last heard, for the live page: at most about once a second for an account.

Beside the flow: written by every way in to the compacted topic `source.status.v1`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.codec import binary_headers, encode
from pipeline.log.interface import Outgoing
from pipeline.topics import SOURCES
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.operations import SourceStatus

EVERY = timedelta(seconds=1)


@dataclass
class Heard:
    """Notes what was received, by account; clock gives aware UTC. For one thread."""

    connector: str
    clock: Callable[[], datetime]
    _newest: dict[str, SourceStatus] = field(default_factory=dict)
    _told: dict[str, datetime] = field(default_factory=dict)
    _untold: set[str] = field(default_factory=set)

    def note(self, seen: Observation) -> None:
        """Note an observation that was taken."""
        before = self._newest.get(seen.account)
        self._untold.add(seen.account)
        times = (seen.posted_at, None if before is None else before.last_posted_at)
        self._newest[seen.account] = SourceStatus(
            account=seen.account,
            platform=seen.platform,
            connector=self.connector,
            last_received_at=self.clock(),
            last_posted_at=max((time for time in times if time is not None), default=None),
        )

    def due(self, everything: bool = False) -> list[Outgoing]:
        """Return a record for each account heard since it was last told, a second ago or more (or at all)."""
        now = self.clock()
        due = sorted(one for one in self._untold if everything or now - self._told.get(one, _NEVER) >= EVERY)
        self._told.update(dict.fromkeys(due, now))
        self._untold.difference_update(due)
        return [_record(self._newest[account]) for account in due]


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _record(status: SourceStatus) -> Outgoing:
    return Outgoing(
        topic=SOURCES.name,
        key=status.account,
        value=encode(status),
        headers=binary_headers("source_status", status.account, status.account, status.last_received_at),
    )
