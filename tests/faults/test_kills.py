"""SIGKILL in the middle: no incident lost or doubled, one alert record each, a repeat under the same Message-ID.

`make test` runs two rounds of 1,500 events; `make faults` twenty of 10,000 (`--rounds`, `--events`). What must come out
is what the embedded runtime makes of the same events when nobody disturbs it.
"""

import random
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.events import mix_of, observations
from bench.home import make_home, settings_in
from dashboards.cli.bootstrap import make_parts, open_log, open_store
from pipeline.registers.load import load_registers
from pipeline.store.interface import Query
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.incident import Incident
from processors.embedded import Embedded
from tests.faults.town import Town, alerts, append, incidents
from tests.processors.services.processes import until

pytestmark = pytest.mark.services

WORKERS = ("one", "two")
SECONDS_FOR_ALL = 280.0


def undisturbed(folder: Path, seen: list[Observation]) -> tuple[dict[str, Incident], set[str]]:
    """Return the incidents and the ids of the alerts that the embedded runtime makes of some observations."""
    folder.mkdir()
    settings = settings_in({"PARAPET_HOME": str(make_home(folder))})
    with closing(open_log(settings)) as log, closing(open_store(settings)) as store:
        append(log, seen)
        Embedded(log, make_parts(settings, store)).drain()
        return incidents(log), {alert.alert_id for alert in alerts(log)}


def disturb(town: Town, seen: list[Observation], rounds: int, chance: random.Random) -> int:
    """Feed all events in parts, killing and starting again a worker in each, now and then notify; return the kills."""
    notified = 0
    for number in range(rounds):
        town.feed(seen[len(seen) * number // rounds : len(seen) * (number + 1) // rounds])
        time.sleep(chance.uniform(0.0, 1.0))
        victim = chance.choice(WORKERS)
        town.running.kill(victim)
        if chance.random() < 0.5:
            town.running.kill("notify")
            town.start("notify", "notify")
            notified += 1
        town.start(victim, "worker", "--screeners", "1")
    return notified


def test_kills_lose_nothing_and_double_nothing(our_town: Town, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    rounds, count = int(pytestconfig.getoption("rounds")), int(pytestconfig.getoption("events"))
    seen = observations(mix_of(load_registers(our_town.settings.home / "registers")), count, datetime.now(UTC))
    expected, expected_alerts = undisturbed(tmp_path / "embedded", seen)
    assert len(expected) > count / 100
    for name in WORKERS:
        our_town.start(name, "worker", "--screeners", "1")
    our_town.start("notify", "notify")
    kills = disturb(our_town, seen, rounds, random.Random(f"faults {rounds} {count}"))
    until("all is done", our_town.caught_up, our_town.running, SECONDS_FOR_ALL)

    found = incidents(our_town.log)
    assert sorted(found) == sorted(expected)
    events = {identity: sorted(incident.event_times) for identity, incident in found.items()}
    assert events == {identity: sorted(incident.event_times) for identity, incident in expected.items()}
    assert {identity: incident.level for identity, incident in found.items()} == {
        identity: incident.level for identity, incident in expected.items()
    }
    counted = Counter((alert.alert_id, alert.incident_id) for alert in alerts(our_town.log))
    assert {alert_id for alert_id, _ in counted} == expected_alerts
    assert [identity for identity, times in counted.items() if times > 1] == []

    until("all mail is sent", lambda: len(our_town.message_ids()) >= len(expected_alerts), our_town.running)
    sent = our_town.message_ids()
    assert len(sent) == len(expected_alerts)
    assert sum(sent.values()) - len(sent) <= kills
    assert stored(our_town) == sorted(expected)


def stored(town: Town) -> list[str]:
    """Return the ids of the incidents that search finds."""
    with closing(open_store(town.settings)) as store:
        store.refresh()
        page = store.search(Query(limit=100))
        found = [hit.incident.incident_id for hit in page.hits]
        while page.next_cursor is not None:
            page = store.search(Query(limit=100, after=page.next_cursor))
            found += [hit.incident.incident_id for hit in page.hits]
        return sorted(found)
