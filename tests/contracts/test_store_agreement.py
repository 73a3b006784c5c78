"""Both stores give the same hits in the same order: random questions about random incidents, side by side."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.incidents import CATEGORIES, LAST, LEVELS, PARAGRAPHS, PLATFORMS, Maker
from pipeline.store.elasticsearch import ElasticsearchStore
from pipeline.store.interface import Hit, Order, Query, Store
from pipeline.store.sqlite import SqliteStore
from pipeline.vocabulary.incident import IncidentState

pytestmark = pytest.mark.services

INCIDENTS = 300
QUERIES = 200
SIGNS = ("k1ll", '"kill', 'the"', "colour", "color", "🔪", "*", "ORGANIZED", "don't", "k i l l", "“the you”", "acc-3")

Answer = tuple[list[list[Hit]], int]


@pytest.fixture(scope="module")
def stores(
    shared_elasticsearch_store: ElasticsearchStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Store]]:
    embedded = SqliteStore(Path(tmp_path_factory.mktemp("agreement")) / "store.db")
    maker = Maker(seed=7, rare=60)
    incidents = [maker.incident(number) for number in range(INCIDENTS)]
    for store in (embedded, shared_elasticsearch_store):
        assert store.upsert(incidents) == []
        store.refresh()
    yield embedded, shared_elasticsearch_store
    embedded.close()


def a_query(chance: random.Random, maker: Maker) -> Query:
    """Return a question of few or many parts; about half of them find something."""
    words = [*chance.choices(maker.words[:60], k=2), *chance.choices(maker.words, k=1), chance.choice(SIGNS)]
    start = LAST - timedelta(days=chance.randrange(1100))
    parts: dict[str, Any] = {
        "text": " ".join(chance.sample(words, k=chance.randint(0, 2))),
        "person": f"cllr-{chance.randrange(40)}",
        "account": f"acc-{chance.randrange(12)}",
        "author": f"@Resident_{chance.randrange(20_000)}",
        "paragraph": chance.choice(PARAGRAPHS),
        "category": chance.choice(CATEGORIES),
        "levels": tuple(chance.sample(sorted(set(LEVELS)), k=2)),
        "states": tuple(chance.sample(list(IncidentState), k=2)),
        "platform": chance.choice(PLATFORMS),
        "posted_from": start,
        "posted_until": start + timedelta(days=400),
    }
    chosen = {name for name in parts if name == "text" or chance.random() < 0.15}
    query = Query(order=chance.choice(list(Order)), limit=chance.choice((3, 25, 400)))
    return msgspec.structs.replace(query, **{name: parts[name] for name in chosen})


def answer(store: Store, query: Query) -> Answer:
    """Return the first three pages and the total."""
    pages: list[list[Hit]] = []
    while len(pages) < 3:
        page = store.search(query)
        pages.append(list(page.hits))
        if page.next_cursor is None:
            break
        query = msgspec.structs.replace(query, after=page.next_cursor)
    return pages, page.total


def test_random_queries_find_the_same_in_the_same_order(stores: tuple[Store, Store]) -> None:
    embedded, services = stores
    chance, maker = random.Random(11), Maker(seed=7, rare=60)
    found = 0
    for _ in range(QUERIES):
        query = a_query(chance, maker)
        pages, total = answer(embedded, query)
        assert (pages, total) == answer(services, query), query
        found += bool(total)
    assert found > QUERIES / 4, "too few queries found anything: the comparison says little"
