"""Which alerts were raised already, as `alerts.v1` says: so that a crash between an alert and its incident adds none.

Beside the casework desk. After such a crash the batch comes again and raises the same alerts; they are durable, so they
are left out. Only ids are held.
"""

import msgspec

from pipeline.codec import decode
from pipeline.log.interface import Log, Outgoing
from pipeline.topics import ALERTS
from pipeline.vocabulary.alert import Alert

READ = 500

Raised = tuple[str, str]
"""An alert's id and its incident's: the alerts of a summary share one id and name one late incident each."""


class RaisedAlerts:
    """What the topic held when it was last read."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._next: dict[int, int] = {}
        self._raised: set[Raised] = set()

    def read(self) -> None:
        """Take in what has come since. Raises LogUnavailable: call again."""
        for partition in range(self._log.partitions(ALERTS.name)):
            offset = self._next.get(partition)
            if offset is None:
                offset = self._log.start(ALERTS.name, partition)
            while batch := self._log.read(ALERTS.name, partition, offset, READ):
                self._raised.update(raised for message in batch if (raised := _raised(message.value)) is not None)
                offset = self._next[partition] = batch[-1].offset + 1

    def among(self, record: Outgoing) -> bool:
        """Say whether a record is an alert that was raised already."""
        return record.topic == ALERTS.name and _raised(record.value) in self._raised


def _raised(value: bytes | None) -> Raised | None:
    try:
        alert = decode(Alert, value or b"")
    except msgspec.DecodeError:
        return None
    return alert.alert_id, alert.incident_id
