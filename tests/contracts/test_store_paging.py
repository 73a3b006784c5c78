"""Hits come in order and in pages that fit together, the same in every store."""

from collections.abc import Iterator
from datetime import timedelta, timezone

import msgspec
import pytest

from pipeline.store.interface import Order, Query, Store
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Level
from tests.builders import NOON
from tests.contracts.test_store_search import found, saying


def ladder() -> list[Incident]:
    """Return twelve incidents: four levels, each posted at three times, two of them the same."""
    return [
        saying("stone", number, level=level, last_posted_at=NOON + timedelta(microseconds=number % 3 // 2))
        for number, level in enumerate(level for level in Level for _ in range(3))
    ]


def in_order(incidents: list[Incident], order: Order) -> list[str]:
    def key(incident: Incident) -> tuple[int, float, str]:
        rank = -incident.level.rank if order is Order.LEVEL else 0
        return rank, -(incident.last_posted_at - NOON).total_seconds(), incident.incident_id

    return [incident.incident_id for incident in sorted(incidents, key=key)]


def pages(store: Store, query: Query) -> Iterator[list[str]]:
    while True:
        page = store.search(query)
        yield [hit.incident.incident_id for hit in page.hits]
        if page.next_cursor is None:
            return
        query = msgspec.structs.replace(query, after=page.next_cursor)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("text", ["", "stone"])
def test_hits_come_in_order_with_ties_by_id(store: Store, order: Order, text: str) -> None:
    assert found(store, *ladder(), order=order, text=text) == in_order(ladder(), order)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("limit", [1, 5, 6, 12, 13])
def test_pages_together_hold_each_hit_once_in_order(store: Store, order: Order, limit: int) -> None:
    store.upsert(ladder())
    store.refresh()
    read = list(pages(store, Query(order=order, limit=limit)))
    assert [one for page in read for one in page] == in_order(ladder(), order)
    assert all(len(page) == limit for page in read[:-1])
    assert store.search(Query(order=order, limit=limit)).total == 12


@pytest.mark.parametrize("order", list(Order))
def test_what_comes_in_between_two_pages_moves_nothing(store: Store, order: Order) -> None:
    store.upsert(ladder())
    store.refresh()
    first = store.search(Query(order=order, limit=5))
    late = saying("stone", 99, level=Level.CRITICAL, last_posted_at=NOON + timedelta(days=1))
    store.upsert([late])
    store.remove([first.hits[-1].incident.incident_id])
    store.refresh()
    rest = list(pages(store, Query(order=order, limit=5, after=first.next_cursor)))
    assert [one for page in rest for one in page] == in_order(ladder(), order)[5:]


@pytest.mark.parametrize(
    "after", ["", "x", "é", "W10", "bnVsbA", "WyJuZXdlc3QiLDEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5LCJhIl0"]
)
def test_a_cursor_that_is_none_of_ours_is_an_error_that_says_the_cure(store: Store, after: str) -> None:
    with pytest.raises(ValueError, match="leave it out"):
        store.search(Query(after=after))


def test_a_cursor_of_another_order_is_an_error(store: Store) -> None:
    store.upsert(ladder())
    store.refresh()
    cursor = store.search(Query(limit=2)).next_cursor
    with pytest.raises(ValueError, match="another order"):
        store.search(Query(order=Order.LEVEL, after=cursor))


@pytest.mark.parametrize(("limit", "length"), [(0, 1), (-5, 1), (10_000_000, 3)])
def test_any_limit_gives_a_page(store: Store, limit: int, length: int) -> None:
    store.upsert([saying("stone", number) for number in range(3)])
    store.refresh()
    assert len(store.search(Query(limit=limit)).hits) == length


def test_bounds_with_another_offset_mean_the_same_moment(store: Store) -> None:
    bound = NOON.astimezone(timezone(timedelta(hours=9)))
    assert len(found(store, saying("stone"), posted_from=bound, posted_until=bound + timedelta(seconds=1))) == 1
