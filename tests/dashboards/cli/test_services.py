"""`parapet ingest`, `worker`, `notify`: what they ask for, and the webhook's way onto a real Kafka."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from infra.engines.running import free_port
from pipeline.log.interface import Log
from pipeline.topics import SOURCES, raw_topic
from tests.contracts.feed import line
from tests.dashboards.cli.conftest import Run
from tests.faults.town import Addresses, Town, town

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize("command", ["ingest", "worker", "notify"])
def test_without_a_broker_in_the_settings_each_says_what_to_give(
    command: str, installed: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAPET_KAFKA", "")
    done = run(command)
    assert done.exit_code == 2
    assert "PARAPET_KAFKA is empty" in done.output
    assert "parapet run" in done.output


def test_a_worker_that_indexes_wants_a_store(installed: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPET_KAFKA", f"127.0.0.1:{free_port()}")
    monkeypatch.setenv("PARAPET_ELASTICSEARCH", "")
    done = run("worker", "--agent", "indexing")
    assert done.exit_code == 2
    assert "PARAPET_ELASTICSEARCH is empty" in done.output


@pytest.fixture
def webhook_town(kafka_address: str, tmp_path: Path) -> Iterator[Town]:
    settings = {"PARAPET_WEBHOOK_PORT": str(free_port()), "PARAPET_WEBHOOK_SECRETS": SECRET}
    addresses = Addresses(kafka_address, "http://127.0.0.1:9", f"t{uuid.uuid4().hex[:10]}")
    with town(tmp_path, addresses, settings) as made:
        yield made


@pytest.mark.services
def test_what_the_webhook_takes_is_on_the_log_before_it_answers(webhook_town: Town) -> None:
    webhook_town.start("ingest", "ingest")
    port = webhook_town.settings.number("webhook_port")
    now = datetime.now(UTC)
    seen = line(1, "resident", "Will the bins come?", posted_at=now.isoformat(), observed_at=now.isoformat())
    body = json.dumps(seen)
    signature = Webhook(SECRET).sign("delivery-1", now, body)
    headers = {
        "webhook-id": "delivery-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    address = f"http://127.0.0.1:{port}/webhook/test"
    assert httpx.post(address, content=body.replace("bins", "bills"), headers=headers).status_code == 401
    assert written(webhook_town.log, raw_topic("facebook").name) == 0
    assert httpx.post(address, content=body, headers=headers).status_code == 202
    assert written(webhook_town.log, raw_topic("facebook").name) == 1
    assert written(webhook_town.log, SOURCES.name) == 1
    assert webhook_town.running.stop("ingest") == 0


def written(log: Log, topic: str) -> int:
    return sum(log.end(topic, partition) for partition in range(log.partitions(topic)))


@pytest.mark.services
def test_without_a_secret_the_webhook_takes_nothing(kafka_address: str, tmp_path: Path) -> None:
    addresses = Addresses(kafka_address, "http://127.0.0.1:9", f"t{uuid.uuid4().hex[:10]}")
    with town(tmp_path, addresses) as made:
        made.running.start("ingest", "-m", "dashboards.cli.main", "ingest")
        assert made.running.finished("ingest") == 2
        assert "PARAPET_WEBHOOK_SECRETS is empty" in made.running.output("ingest")
