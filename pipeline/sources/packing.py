"""Packs of observations: up to 100 of one account in one message, written at most 50 ms after the first came.

First in the flow, between intake and the log: a message costs far more than what is in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

from pipeline.codec import encode
from pipeline.log.interface import Outgoing
from pipeline.topics import raw_topic
from pipeline.vocabulary.event import Observation

PACK = 100
PACK_BYTES = 256 * 1024
"""A pack is closed when it passes so many bytes, so that only one long observation can come near a broker's limit."""
LINGER_SECONDS = 0.05
WAITING = 1_000
"""So many observations are written whether or not the time is up."""


@dataclass
class _Pack:
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


@dataclass
class Packer:
    """Collects observations; clock gives monotonic seconds. For one thread."""

    clock: Callable[[], float]
    waiting: int = 0
    _closed: list[Outgoing] = field(default_factory=list)
    _open: dict[tuple[str, str], _Pack] = field(default_factory=dict)
    _since: float = 0.0

    def add(self, seen: Observation) -> None:
        """Put an observation into the pack of its platform and account."""
        if not self.waiting:
            self._since = self.clock()
        self.waiting += 1
        place = raw_topic(seen.platform).name, seen.account
        pack = self._open.setdefault(place, _Pack())
        part = encode(seen)
        pack.parts.append(part)
        pack.size += len(part)
        if len(pack.parts) >= PACK or pack.size >= PACK_BYTES:
            self._closed.append(_record(place, self._open.pop(place)))

    def due(self) -> bool:
        """Return whether what waits must be written now."""
        return self.waiting >= WAITING or (self.waiting > 0 and self.clock() - self._since >= LINGER_SECONDS)

    def take(self) -> list[Outgoing]:
        """Return everything that waits as records for the log, in order for each account; nothing waits afterwards."""
        records = list(chain(self._closed, (_record(place, pack) for place, pack in self._open.items())))
        self._closed, self._open, self.waiting = [], {}, 0
        return records


def _record(place: tuple[str, str], pack: _Pack) -> Outgoing:
    return Outgoing(topic=place[0], key=place[1], value=b"[" + b",".join(pack.parts) + b"]")
