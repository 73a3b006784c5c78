"""Engines for the tests that need real ones: started once a run, or taken from PARAPET_KAFKA and PARAPET_ELASTICSEARCH.

Without a JDK of 21 or later and mvn those tests are skipped with that reason; where CI=true the same fails the run.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.kafka import start_kafka
from infra.engines.maven import EngineMissing
from infra.engines.running import RunningEngine, free_port

if TYPE_CHECKING:
    from pipeline.log.kafka_topics import Cluster

settings.register_profile("parapet", deadline=None, derandomize=True, database=None)
settings.load_profile("parapet")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add how much tests/faults does: `make faults` gives more than `make test`."""
    parser.addoption("--rounds", type=int, default=2, help="kills of a worker in tests/faults")
    parser.addoption("--events", type=int, default=1500, help="events fed meanwhile")
    parser.addoption("--texts", type=int, default=5000, help="hostile texts that are screened")


Starter = Callable[[Path, int, int], RunningEngine]


def _running(given: str, starter: Starter, folder: Path) -> Iterator[str]:
    """Yield the address in an environment variable, or that of an engine started for this run."""
    address = os.environ.get(given)
    if address:
        yield address
        return
    try:
        engine = starter(folder, free_port(), free_port())
    except EngineMissing as missing:
        reason = f"{missing}; or give {given}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with engine:
        yield engine.address


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return host:port of a real Kafka broker. Use a topic prefix of your own."""
    yield from _running("PARAPET_KAFKA", start_kafka, tmp_path_factory.mktemp("kafka"))


@pytest.fixture(scope="session")
def elasticsearch_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a real Elasticsearch node. Use an index prefix of your own."""
    yield from _running("PARAPET_ELASTICSEARCH", start_elasticsearch, tmp_path_factory.mktemp("elasticsearch"))


@pytest.fixture
def cluster(kafka_address: str) -> "Cluster":
    """Return a cluster with topics of this test's own, created and empty."""
    from pipeline.log.kafka_topics import Cluster, create_topics

    own = Cluster(kafka_address, prefix=f"t{uuid.uuid4().hex[:10]}.")
    create_topics(own)
    return own
