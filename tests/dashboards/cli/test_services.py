"""`parapet ingest`, `worker`, `notify`: what they ask for, and the webhook's way onto a real Kafka."""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from msgspec import convert
from standardwebhooks import Webhook

from infra.engines.running import free_port
from pipeline.log.interface import Log
from pipeline.topics import FINDINGS, SOURCES, raw_topic
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.finding import Detection
from pipeline.watch import LOOK_SECONDS
from processors.stages import Agent
from tests.contracts.feed import line
from tests.dashboards.cli.conftest import Run
from tests.faults.town import Addresses, Town, records, town
from tests.processors.rules.writing import a_rule, own_rules
from tests.processors.services.processes import until

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
def test_a_worker_takes_changed_rules_and_registers_while_it_runs(kafka_address: str, tmp_path: Path) -> None:
    addresses = Addresses(kafka_address, "http://127.0.0.1:9", f"t{uuid.uuid4().hex[:10]}")
    with town(tmp_path, addresses) as made:
        made.start("screening", "worker", "--agent", "screening")
        assert next_found(made, 1, "A blue heron stood on Wharf Lane") == set()
        own_rules(made.settings.home / "rulebook", a_rule(id="own.heron"))
        assert next_found(made, 2, "A blue heron stood on Wharf Lane") == {"own.heron"}
        secret = "Heard inside the council that Kestrel Yard is being sold to Osprey Holdings"
        assert next_found(made, 3, secret) == set()
        add_topic(made.settings.home / "registers" / "topics.json")
        assert next_found(made, 4, secret) == {"leak.topic"}
        own_rules(made.settings.home / "rulebook", a_rule(id="own.heron", hit="A grey heron"))
        assert next_found(made, 5, "A blue heron stood on Wharf Lane") == {"own.heron"}
        assert made.running.stop("screening") == 0
        said = made.running.output("screening")
        assert "faults in the rulebook: the last good ones stay in force" in said
        assert "Kestrel" not in said


def next_found(made: Town, number: int, text: str) -> set[str]:
    """Return the rules that find something in the very next event after the files may be looked at again."""
    time.sleep(LOOK_SECONDS)
    sent = convert(line(number, "resident", text), Observation)
    made.feed([sent])
    until(f"event {number} is screened", lambda: made.caught_up([Agent.SCREENING]), made.running)
    found = [one for one in records(made.log, FINDINGS, Detection) if one.event.object_id == sent.object_id]
    return {one.rule for each in found for one in each.findings}


def add_topic(register: Path) -> None:
    """Put a topic into the register, as Democratic Services does while everything runs."""
    topics = json.loads(register.read_text(encoding="utf-8"))
    secret = {"ref": "EL-99", "title": "A sale", "terms_all_of": [["kestrel yard"], ["osprey holdings"]]}
    plain = {name: topics[0][name] for name in ("basis", "owner", "status", "confidential_from", "timezone")}
    register.write_text(json.dumps([*topics, plain | secret | {"confidential_until": None}]), encoding="utf-8")


@pytest.mark.services
def test_without_a_secret_the_webhook_takes_nothing(kafka_address: str, tmp_path: Path) -> None:
    addresses = Addresses(kafka_address, "http://127.0.0.1:9", f"t{uuid.uuid4().hex[:10]}")
    with town(tmp_path, addresses) as made:
        made.running.start("ingest", "-m", "dashboards.cli.main", "ingest")
        assert made.running.finished("ingest") == 2
        assert "PARAPET_WEBHOOK_SECRETS is empty" in made.running.output("ingest")
