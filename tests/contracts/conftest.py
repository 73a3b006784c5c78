"""The stores under contract: each with nothing in it when a test begins."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.store.elasticsearch import ElasticsearchStore
from pipeline.store.elasticsearch_schema import PROPERTIES, alias
from pipeline.store.interface import Store
from pipeline.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return each store in turn."""
    if request.param == "sqlite":
        embedded = SqliteStore(tmp_path / "store.db")
        yield embedded
        embedded.close()
    else:
        yield request.getfixturevalue("elasticsearch_store")


@pytest.fixture
def elasticsearch_store(elasticsearch_address: str, prefix: str) -> Iterator[ElasticsearchStore]:
    """Return a store with nothing in it. Only the indices that the test before wrote to are made anew."""
    made = ElasticsearchStore(elasticsearch_address, prefix)
    made.refresh()
    used = [name for name, count in _counts(elasticsearch_address, prefix) if count]
    if used:
        _delete(f"{elasticsearch_address}/{','.join(used)}")
        made.ensure_indices()
    yield made
    made.close()


@pytest.fixture(scope="module")
def prefix(elasticsearch_address: str) -> Iterator[str]:
    """Return the prefix of indices that one module's tests use one after the other."""
    named = f"t{uuid.uuid4().hex[:10]}"
    for _ in _elasticsearch(elasticsearch_address, named):
        yield named


@pytest.fixture(scope="module")
def shared_elasticsearch_store(elasticsearch_address: str) -> Iterator[ElasticsearchStore]:
    """Return a store that the tests of one module share; they only read it."""
    yield from _elasticsearch(elasticsearch_address, f"t{uuid.uuid4().hex[:10]}")


def _elasticsearch(address: str, prefix: str) -> Iterator[ElasticsearchStore]:
    made = ElasticsearchStore(address, prefix)
    made.ensure_indices()
    yield made
    made.close()
    _delete(f"{address}/{','.join(name for name, _ in _counts(address, prefix))}")
    _delete(f"{address}/_index_template/{','.join(alias(prefix, name) for name in PROPERTIES)}")


def _counts(address: str, prefix: str) -> list[tuple[str, int]]:
    """Return the indices of a prefix, each with how often something was written to it."""
    wanted = {"h": "index,indexing.index_total"}
    lines = httpx.get(f"{address}/_cat/indices/{prefix}-*", params=wanted).text.splitlines()
    return [(name, int(count)) for name, count in map(str.split, lines)]


def _delete(url: str) -> None:
    httpx.delete(url).raise_for_status()
