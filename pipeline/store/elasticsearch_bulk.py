"""Bulk writes for the Elasticsearch store: what goes over the wire, and what each item's answer means. No I/O here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from pipeline.store.interface import Refused

BULK_WRITES = 500
BULK_CHARACTERS = 8_000_000
"""A request holds at most so many writes, and stays near so many characters."""

_FIELD = re.compile(r"field \[([\w.]+)\]|introduction of \[([\w.]+)\]")
_OVERLOADED = frozenset({429, 500, 502, 503, 504})


class Write(msgspec.Struct, frozen=True):
    """One write: an index, a key, and a document with its version, or None to delete.

    by_alias: the index is named by its alias, and must not come into being by a write.
    """

    index: str
    key: str
    version: int = 0
    document: dict[str, Any] | None = None
    by_alias: bool = True

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the request body."""
        place = {"_index": self.index, "_id": self.key}
        if self.document is None:
            return [{"delete": place}]
        how = {"version": self.version, "version_type": "external_gte", "require_alias": self.by_alias}
        return [{"index": {**place, **how}}, self.document]


class Overloaded(Exception):
    """At least one write was turned away for now; the whole request may be sent again."""


class IndexMissing(Exception):
    """An alias is not there: the server is new, or somebody removed it."""


def requests(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Yield the writes in order, in parts that fit into one request."""
    part: list[Write] = []
    size = 0
    for write in writes:
        length = sum(len(value) for value in (write.document or {}).values() if isinstance(value, str))
        if part and (len(part) >= BULK_WRITES or size + length > BULK_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(write)
        size += length
    if part:
        yield part


def refusals(writes: Sequence[Write], answer: dict[str, Any]) -> list[Refused]:
    """Return what the server will never take. A stale version and the deletion of what is not there are successes.

    Raises:
        Overloaded, IndexMissing: nothing can be said yet; send the request again later.
    """
    if not answer["errors"]:
        return []
    refused: list[Refused] = []
    for write, item in zip(writes, answer["items"], strict=True):
        action, outcome = next(iter(item.items()))
        status, error = int(outcome["status"]), outcome.get("error") or {}
        if status in _OVERLOADED or "block" in error.get("type", ""):
            raise Overloaded(error.get("type", str(status)))
        if error.get("type") == "index_not_found_exception":
            raise IndexMissing(write.index)
        if status >= 400 and status != 409 and action == "index":
            refused.append(Refused(key=write.key, reason=_reason(error)))
    return refused


def _reason(error: dict[str, Any]) -> str:
    """Return the kind of error and the field: the server's own words may quote the document."""
    field = _FIELD.search(str(error.get("reason", "")))
    name = next((group for group in field.groups() if group), "") if field else ""
    return f"{name}: {error.get('type')}" if name else str(error.get("type"))
