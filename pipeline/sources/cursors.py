"""How far each file has been read: the newest record by file on the compacted topic `source.cursors.v1`.

Beside the flow. A cursor stands in the log, so that a backup of the log holds it and both logs keep it alike; it is
written only after everything before it is durable. Losing one costs a second reading, which changes nothing.
"""

import msgspec

from pipeline.codec import decode, encode
from pipeline.log.interface import Log, Outgoing
from pipeline.topics import CURSORS, partition_of

_READ = 500


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on in a file: the byte after the last line taken, and how many lines that was."""

    offset: int = 0
    lines: int = 0


def load(log: Log, name: str) -> Cursor:
    """Return the newest cursor of a name, or the beginning. Raises LogUnavailable."""
    partition = partition_of(name, log.partitions(CURSORS.name))
    newest, offset = Cursor(), log.start(CURSORS.name, partition)
    while batch := log.read(CURSORS.name, partition, offset, _READ):
        offset = batch[-1].offset + 1
        for message in batch:
            if message.key == name and message.value is not None:
                newest = decode(Cursor, message.value)
    return newest


def store(log: Log, name: str, cursor: Cursor) -> None:
    """Write a cursor. Raises LogUnavailable."""
    log.append([Outgoing(topic=CURSORS.name, key=name, value=encode(cursor))])
