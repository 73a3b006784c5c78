"""The Kafka log while its broker is down, and after: nothing acknowledged is missing, and nobody hangs."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.engines.running import free_port

pytestmark = pytest.mark.services


def test_a_broker_that_dies_and_comes_back(kafka_address: str, tmp_path: Path) -> None:
    """What is appended while it is away is there when it is back; who has no patience is told, and goes on later."""
    assert kafka_address  # says why, once for all, where there is no broker to be had
    command = [sys.executable, "-m", "tests.pipeline.log.kafka_outage", str(tmp_path / "kafka")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "patient: done\nimpatient: done\n" in done.stdout


def test_no_cluster_at_all_is_said_with_its_address() -> None:
    address = f"127.0.0.1:{free_port()}"
    code = (
        "from pipeline.log.kafka_topics import Cluster, create_topics\n"
        "from pipeline.log.interface import LogUnavailable\n"
        f"try: create_topics(Cluster({address!r}))\n"
        "except LogUnavailable as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert address in done.stdout
