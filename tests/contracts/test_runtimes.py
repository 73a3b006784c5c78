"""One scenario through both runtimes: the same incidents, alerts and dead letters, whatever carries them.

Embedded: threads over SQLite. Services: `parapet ingest`, `worker` and `notify` over a real Kafka and Elasticsearch.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bench.home import make_home, settings_in
from dashboards.cli.bootstrap import make_parts, open_log, open_store
from pipeline.codec import encode
from pipeline.log.interface import Log, Outgoing
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from pipeline.store.interface import Query, Store
from pipeline.topics import ACTIVITY, DEAD_LETTERS
from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import ALERTING
from pipeline.vocabulary.operations import DeadLetter
from processors.embedded import Embedded
from tests.contracts.feed import LINES, write_feed
from tests.faults.town import Addresses, Town, alerts, incidents, records, town
from tests.processors.services.processes import until

pytestmark = pytest.mark.services

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """What came of the feed, without what only the wall clock or a position in a log decides."""

    incidents: dict[str, Incident]
    alerts: Counter[tuple[str, ...]]
    letters: Counter[tuple[str, str, str | None]]
    found: list[str]


def result(log: Log, store: Store) -> Result:
    store.refresh()
    held = incidents(log)
    return Result(
        incidents={identity: without_clock(incident) for identity, incident in held.items()},
        alerts=Counter(
            (one.alert_id, one.incident_id, one.kind.value, one.level.value, one.recipient) for one in alerts(log)
        ),
        letters=Counter((one.reason.value, one.stage, one.account) for one in records(log, DEAD_LETTERS, DeadLetter)),
        found=[hit.incident.incident_id for hit in store.search(Query(limit=100)).hits],
    )


def without_clock(incident: Incident) -> Incident:
    timeline = tuple(msgspec.structs.replace(entry, at=EPOCH) for entry in incident.timeline)
    return msgspec.structs.replace(incident, opened_at=EPOCH, updated_at=EPOCH, timeline=timeline)


def acknowledge(log: Log) -> str:
    """Have an officer acknowledge the most serious incident with two events; return its id."""
    chosen = next(one for _, one in sorted(incidents(log).items()) if one.author and one.author.handle == "direct")
    act = Activity(
        activity_id="act-1",
        incident_id=chosen.incident_id,
        concern=chosen.concern,
        kind=ActivityKind.ACKNOWLEDGE,
        by="duty.officer",
        at=datetime(2026, 10, 5, 20, 0, tzinfo=UTC),
        seen_version=chosen.version,
    )
    log.append([Outgoing(topic=ACTIVITY.name, key=act.concern, value=encode(act))])
    return chosen.incident_id


def embedded(folder: Path) -> Result:
    settings = settings_in({"PARAPET_HOME": str(make_home(folder))})
    write_feed(folder / "feed.jsonl")
    with closing(open_log(settings)) as log, closing(open_store(settings)) as store:
        parts = make_parts(settings, store)
        pipeline = Embedded(log, parts)
        source = FileSource(log, Intake(parts.registers, parts.clock, "ingest"), FileOptions(time.monotonic))
        source.run(folder / "feed.jsonl", threading.Event())
        pipeline.drain()
        acknowledge(log)
        pipeline.drain()
        return result(log, store)


def services(our_town: Town, folder: Path) -> Result:
    write_feed(folder / "feed.jsonl")
    our_town.start("one", "worker")
    our_town.start("notify", "notify")
    our_town.run("ingest", "--input", str(folder / "feed.jsonl"))
    until("the feed is done", our_town.caught_up, our_town.running)
    acknowledge(our_town.log)
    until("the act is done", our_town.caught_up, our_town.running)
    with closing(open_store(our_town.settings)) as store:
        return result(our_town.log, store)


@pytest.fixture
def our_town(kafka_address: str, elasticsearch_address: str, tmp_path: Path) -> Iterator[Town]:
    folder = tmp_path / "services"
    folder.mkdir()
    with town(folder, Addresses(kafka_address, elasticsearch_address, f"t{uuid.uuid4().hex[:10]}")) as made:
        yield made


def test_both_runtimes_make_the_same_of_one_feed(our_town: Town, tmp_path: Path) -> None:
    (tmp_path / "embedded").mkdir()
    ours, theirs = embedded(tmp_path / "embedded"), services(our_town, tmp_path)
    assert theirs.incidents == ours.incidents
    assert theirs.alerts == ours.alerts
    assert theirs.letters == ours.letters
    assert theirs.found == ours.found

    people = {one.author.handle: one for one in ours.incidents.values() if one.author is not None}
    assert {"direct", "course", "rising", "edits", "removed", "old", "older"} <= set(people)
    assert not {"critic", "slip", "calm1"} & set(people)
    assert people["direct"].acknowledged_by == "duty.officer"
    assert people["rising"].level in ALERTING
    assert len(LINES) - 4 > sum(len(one.event_times) for one in people.values()) > len(people)
    assert sum(ours.letters.values()) == 4
    until("mail is sent", lambda: len(our_town.message_ids()) > 0, our_town.running)
