"""Pages of a search, the same in both stores: how hits are ordered, and the cursor that is made from the last hit."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import msgspec

from pipeline.store.interface import Order, Query
from pipeline.store.searchable import microseconds
from pipeline.vocabulary.incident import Incident

MOST_HITS = 1000
"""A page never holds more; a larger limit is read as this."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The place after one hit: its order, the rank of its level, its last post in microseconds, and its id."""

    order: Order
    rank: Annotated[int, msgspec.Meta(ge=1, le=4)]
    posted: Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
    incident_id: str


def page_size(query: Query) -> int:
    """Return how many hits a page holds at most: 1 to MOST_HITS."""
    return max(1, min(MOST_HITS, query.limit))


def cursor_after(incident: Incident, order: Order) -> str:
    """Return the cursor of the page that follows an incident."""
    at = Cursor(order, incident.level.rank, microseconds(incident.last_posted_at), incident.incident_id)
    return urlsafe_b64encode(msgspec.json.encode(at)).decode().rstrip("=")


def read_cursor(query: Query) -> Cursor | None:
    """Return the place a query goes on from, or None for the first page.

    Raises:
        ValueError: the cursor is not one of ours, or belongs to another order.
    """
    if query.after is None:
        return None
    try:
        packed = urlsafe_b64decode(query.after.encode() + b"=" * (-len(query.after) % 4))
        cursor = msgspec.json.decode(packed, type=Cursor)
    except (ValueError, msgspec.MsgspecError):
        raise ValueError("after is not a cursor of this search: leave it out to start from the first page") from None
    if cursor.order is not query.order:
        raise ValueError("after is a cursor of another order: leave it out to start from the first page")
    return cursor
