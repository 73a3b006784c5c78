"""The stores under contract: each with nothing in it, and gone after the test."""

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
def elasticsearch_store(elasticsearch_address: str) -> Iterator[ElasticsearchStore]:
    """Return a store with indices of this test's own."""
    yield from _elasticsearch(elasticsearch_address)


@pytest.fixture(scope="module")
def shared_elasticsearch_store(elasticsearch_address: str) -> Iterator[ElasticsearchStore]:
    """Return a store that the tests of one module share; they only read it."""
    yield from _elasticsearch(elasticsearch_address)


def _elasticsearch(address: str) -> Iterator[ElasticsearchStore]:
    prefix = f"t{uuid.uuid4().hex[:10]}"
    made = ElasticsearchStore(address, prefix)
    made.ensure_indices()
    yield made
    made.close()
    _delete(f"{address}/{','.join(_indices(address, prefix))}")
    _delete(f"{address}/_index_template/{','.join(alias(prefix, name) for name in PROPERTIES)}")


def _indices(address: str, prefix: str) -> list[str]:
    return httpx.get(f"{address}/_cat/indices/{prefix}-*", params={"h": "index"}).text.split()


def _delete(url: str) -> None:
    httpx.delete(url).raise_for_status()
