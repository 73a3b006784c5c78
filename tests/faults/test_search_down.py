"""With Elasticsearch down a threat still sends its e-mail, and the incident is found once the node is back."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.events import is_hostile, mix_of, observation
from dashboards.cli.bootstrap import open_store
from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.running import RunningEngine, free_port
from pipeline.registers.load import load_registers
from pipeline.store.interface import Query
from pipeline.vocabulary.event import Observation
from processors.stages import Agent
from tests.faults.town import Addresses, Town, incidents, town
from tests.processors.services.processes import until

pytestmark = pytest.mark.services


@dataclass
class Node:
    """An Elasticsearch node of this test's own, that can be stopped and started again with its data."""

    folder: Path
    ports: tuple[int, int]
    engine: RunningEngine

    def start_again(self) -> None:
        self.engine = start_elasticsearch(self.folder, *self.ports)


@pytest.fixture
def node(elasticsearch_address: str, tmp_path: Path) -> Iterator[Node]:
    """Start a node of our own; elasticsearch_address comes first, so that what is missing is said in one place."""
    assert elasticsearch_address
    folder, ports = tmp_path / "node", (free_port(), free_port())
    folder.mkdir()
    started = Node(folder, ports, start_elasticsearch(folder, *ports))
    yield started
    started.engine.stop()


@pytest.fixture
def lonely_town(kafka_address: str, node: Node, tmp_path: Path) -> Iterator[Town]:
    """Return an installation on that node."""
    with town(tmp_path, Addresses(kafka_address, node.engine.address, f"t{uuid.uuid4().hex[:10]}")) as made:
        yield made


def threat(town: Town, nth: int) -> Observation:
    """Return the nth hostile post of the benchmark's events, posted now."""
    hostile = [number for number in range(1000) if is_hostile(number)]
    return observation(mix_of(load_registers(town.settings.home / "registers")), hostile[nth], datetime.now(UTC))


def found(town: Town) -> set[str]:
    """Return the ids of all incidents that search finds."""
    with closing(open_store(town.settings)) as store:
        store.refresh()
        return {hit.incident.incident_id for hit in store.search(Query(limit=100)).hits}


def test_a_threat_pages_with_search_down_and_is_found_when_it_is_back(lonely_town: Town, node: Node) -> None:
    lonely_town.start("one", "worker", "--screeners", "1")
    lonely_town.start("notify", "notify")
    lonely_town.feed([threat(lonely_town, 0)])
    until("the first threat is indexed", lonely_town.caught_up, lonely_town.running)
    before = len(lonely_town.message_ids())
    assert before > 0

    node.engine.stop()
    lonely_town.feed([threat(lonely_town, 1)])
    until("the second pages", lambda: len(lonely_town.message_ids()) == 2 * before, lonely_town.running)
    assert lonely_town.running.stop("one") == 0

    lonely_town.start("one", "worker", "--screeners", "1")
    lonely_town.feed([threat(lonely_town, 2)])
    until("a worker started meanwhile pages", lambda: len(lonely_town.message_ids()) == 3 * before, lonely_town.running)
    done = (Agent.SCREENING, Agent.CASEWORK)
    until("all but indexing is done", lambda: lonely_town.caught_up(done), lonely_town.running)
    assert not lonely_town.caught_up()

    node.start_again()
    until("all is indexed", lonely_town.caught_up, lonely_town.running)
    assert found(lonely_town) == set(incidents(lonely_town.log))
    assert len(found(lonely_town)) == 3
