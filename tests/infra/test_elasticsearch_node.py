"""The node that tests and `make services` start: what it holds outlives a power cut; it goes when nobody holds it."""

from pathlib import Path

import pytest

from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.maven import EngineMissing
from infra.engines.running import RunningEngine, free_port
from pipeline.store.elasticsearch import ElasticsearchStore
from pipeline.store.interface import Query, StoreUnavailable
from tests.builders import an_incident

pytestmark = pytest.mark.services


def started(folder: Path, port: int) -> RunningEngine:
    try:
        return start_elasticsearch(folder, port, free_port())
    except EngineMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.usefixtures("elasticsearch_address")  # skips, or fails in CI, where no node can be had
def test_what_was_written_is_found_after_a_power_cut(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as node:
        store = ElasticsearchStore(node.address, "p")
        store.ensure_indices()
        store.upsert([an_incident()])
        node.kill()
        with pytest.raises(StoreUnavailable):
            store.search(Query())
    with started(tmp_path, port):
        store.refresh()
        assert [hit.incident for hit in store.search(Query(text="comment")).hits] == [an_incident()]
    store.close()


@pytest.mark.usefixtures("elasticsearch_address")
def test_the_node_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    with started(tmp_path, free_port()) as node:
        assert node.process.stdin is not None
        node.process.stdin.close()
        assert node.process.wait(30) == 0
