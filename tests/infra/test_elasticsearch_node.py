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
def test_what_was_written_is_found_after_a_power_cut_and_a_node_nobody_holds_ends(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as node:
        store = ElasticsearchStore(node.address, "p")
        store.ensure_indices()
        store.upsert([an_incident()])
        node.kill()
        with pytest.raises(StoreUnavailable):
            store.search(Query())
    with started(tmp_path, port) as node:
        store.refresh()
        assert [hit.incident for hit in store.search(Query(text="comment")).hits] == [an_incident()]
        store.close()
        assert node.process.stdin is not None
        node.process.stdin.close()  # as when whoever started it is gone
        assert node.process.wait(60) == 0
