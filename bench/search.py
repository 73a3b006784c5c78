"""How long a search takes at 100,000 incidents, in each store: a page of whole incidents, the total, and why each hit.

The questions are those people ask: two words, words about a councillor in some months, a phrase, an author, the open
incidents by level.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.figures import MILLISECONDS, Figure, Scale, percentile, stopwatch
from bench.incidents import CATEGORIES, LAST, PARAGRAPHS, PLATFORMS, Maker, incidents
from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.running import free_port
from pipeline.store.elasticsearch import ElasticsearchStore
from pipeline.store.interface import Order, Query, Store
from pipeline.store.sqlite import SqliteStore
from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level

BATCH = 500
HEAP = "1g"
OPEN = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED)


@dataclass(frozen=True)
class _Timed:
    """What was measured in one store; taken in milliseconds."""

    loading_seconds: float
    taken: Sequence[float]
    found: int


def measure(scale: Scale) -> list[Figure]:
    """Return the 95th percentile of a search in SQLite and in Elasticsearch. EngineMissing without a JDK or mvn."""
    return [_figure("sqlite", "embedded", _sqlite, scale), _figure("elasticsearch", "services", _elasticsearch, scale)]


def _figure(name: str, runtime: str, opened: Callable[[Path], Any], scale: Scale) -> Figure:
    count, asked = scale.of(100_000, 2_000), scale.of(1_000, 60)
    with opened(scale.folder) as store:
        timed = _time(store, count, asked)
    return Figure(
        f"search_p95_milliseconds_{name}",
        percentile(timed.taken, 95),
        MILLISECONDS,
        f"{asked:,} searches one after another among {count:,} incidents in the {runtime} store; median "
        f"{percentile(timed.taken, 50):.1f} ms, slowest {max(timed.taken):.1f} ms; {timed.found:,} found something",
        {
            "incidents": count,
            "searches": asked,
            "p50_milliseconds": percentile(timed.taken, 50),
            "p99_milliseconds": percentile(timed.taken, 99),
            "slowest_milliseconds": max(timed.taken),
            "indexed_per_second": count / timed.loading_seconds,
        },
    )


def _time(store: Store, count: int, asked: int) -> _Timed:
    elapsed = stopwatch()
    made = incidents(count)
    while batch := list(islice(made, BATCH)):
        store.upsert(batch)
    store.refresh()
    loading = elapsed()
    chance, words = random.Random(5), Maker(seed=9, rare=20_000)  # noqa: S311  # made-up questions
    for _ in range(asked // 10):
        store.search(_question(chance, words))
    taken, found = [], 0
    for _ in range(asked):
        query = _question(chance, words)
        lap = stopwatch()
        page = store.search(query)
        taken.append(lap() * 1000)
        found += bool(page.hits)
    return _Timed(loading, taken, found)


def _question(chance: random.Random, words: Maker) -> Query:
    """Return a question: half are words with filters, the rest phrases, people, authors, and the live page."""
    person, start = f"cllr-{chance.randrange(40)}", LAST - timedelta(days=chance.randrange(900))
    months: dict[str, Any] = {"posted_from": start, "posted_until": start + timedelta(days=120)}
    kinds: Sequence[Callable[[], Query]] = (
        lambda: Query(text=words.text(2, 2)),
        lambda: Query(text=words.text(2, 2), person=person, **months),
        lambda: Query(text=words.text(1, 2), levels=(Level.HIGH, Level.CRITICAL), platform=chance.choice(PLATFORMS)),
        lambda: Query(text=words.text(2, 2), person=person, paragraph=chance.choice(PARAGRAPHS), order=Order.LEVEL),
        lambda: Query(text=f'"{words.text(2, 2)}"'),
        lambda: Query(person=person, category=chance.choice(CATEGORIES), **months),
        lambda: Query(author=f"resident_{chance.randrange(20_000)}"),
        lambda: Query(states=OPEN, order=Order.LEVEL, limit=50),
    )
    return chance.choice(kinds)()


@contextmanager
def _sqlite(folder: Path) -> Iterator[Store]:
    store = SqliteStore(folder / "store.db")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _elasticsearch(folder: Path) -> Iterator[Store]:
    with start_elasticsearch(folder, free_port(), free_port(), heap=HEAP) as engine:
        store = ElasticsearchStore(engine.address, "bench")
        try:
            store.ensure_indices()
            yield store
        finally:
            store.close()
