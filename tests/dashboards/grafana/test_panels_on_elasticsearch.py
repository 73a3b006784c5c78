"""Each panel's query, in the very form Grafana sends it, on a real node over incidents our own store indexed."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest

from dashboards.grafana.incidents import Silence, incidents_dashboard
from dashboards.grafana.model import Panel
from dashboards.grafana.sources import Reach, data_sources
from dashboards.grafana.wire import CONTENT_TYPE, PATH, Window, msearch
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, SourceStatus

pytestmark = pytest.mark.services

PANELS = {panel.title: panel for panel in incidents_dashboard(Silence()).panels}
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

Answer = Callable[[str], dict[str, Any]]


@cache
def now() -> datetime:
    """The time of the sample: when it is first asked for, because the panels compare with the node's own clock."""
    return datetime.now(UTC)


def incident(
    number: int, level: Level, ago: timedelta, *, paragraphs: tuple[str, ...] = ("6.1",), **fields: Any
) -> Incident:
    opened = now() - ago
    identity = f"incident-{number}"
    plain: dict[str, Any] = {
        "incident_id": identity,
        "reference": f"SM-2026-{number:06d}",
        "version": 1,
        "kind": IncidentKind.AUTHOR,
        "state": IncidentState.OPEN,
        "concern": "person:cllr-test",
        "person": "cllr-test",
        "topic_ref": None,
        "account": "acc-x-test",
        "platform": "x",
        "direction": "inbound",
        "author": None,
        "level": level,
        "machine_level": level,
        "categories": (),
        "paragraphs": paragraphs,
        "notify": (),
        "route": None,
        "first_posted_at": opened,
        "last_posted_at": opened,
        "opened_at": opened,
        "updated_at": opened,
        "evidence": (),
        "event_times": {},
    }
    return Incident(**plain | fields)


def acknowledged(number: int, level: Level, ago: timedelta, after: timedelta, state: IncidentState) -> Incident:
    return incident(number, level, ago, state=state, acknowledged_at=now() - ago + after, acknowledged_by="officer")


def sample() -> tuple[Incident | SourceStatus | DeadLetter, ...]:
    return (
        incident(1, Level.CRITICAL, HOUR),
        incident(2, Level.CRITICAL, 400 * DAY),
        acknowledged(3, Level.CRITICAL, 2 * HOUR, timedelta(seconds=60), IncidentState.ACKNOWLEDGED),
        acknowledged(4, Level.CRITICAL, 3 * HOUR, timedelta(seconds=120), IncidentState.CLOSED),
        incident(5, Level.HIGH, 2 * DAY, paragraphs=("6.1", "5.2.3")),
        acknowledged(6, Level.HIGH, 2 * DAY, timedelta(seconds=600), IncidentState.ACKNOWLEDGED),
        incident(7, Level.MODERATE, 3 * DAY, paragraphs=("5.2.3",)),
        incident(8, Level.LOW, 30 * DAY),
        incident(9, Level.CRITICAL, HOUR, kind=IncidentKind.TEST),
        *(
            SourceStatus(account=account, platform=platform, connector="webhook", last_received_at=now() - heard)
            for account, platform, heard in (
                ("acc-fb-test", "facebook", timedelta(minutes=1)),
                ("acc-x-test", "x", timedelta(minutes=15)),
                ("acc-yt-test", "youtube", 100 * DAY),
            )
        ),
        *(
            DeadLetter(
                dead_letter_id=f"letter-{number}",
                reason=reason,
                explanation="text is missing: fill it in",
                stage="ingest",
                source="feed.jsonl",
                position=f"line {number}",
                at=now() - 10 * DAY,
                state=state,
            )
            for number, (reason, state) in enumerate(
                (
                    (DeadLetterReason.BAD_JSON, DeadLetterState.WAITING),
                    (DeadLetterReason.BAD_JSON, DeadLetterState.WAITING),
                    (DeadLetterReason.UNKNOWN_ACCOUNT, DeadLetterState.WAITING),
                    (DeadLetterReason.TOO_LARGE, DeadLetterState.REPLAYED),
                )
            )
        ),
    )


def window_of(panel: Panel) -> Window:
    """The dashboard's own range, a week, or the panel's, as Grafana works it out; an hour a bucket."""
    days = {"5y": 5 * 365, None: 7}[panel.time_from]
    start = now() - timedelta(days=days)
    return Window(int(start.timestamp() * 1000), int(now().timestamp() * 1000), 3_600_000 if days == 7 else 86_400_000)


@pytest.fixture(scope="module")
def answer(elasticsearch_address: str) -> Iterator[Answer]:
    """Ask a panel's query of the node, as Grafana does, over the sample."""
    from pipeline.store.elasticsearch import ElasticsearchStore

    prefix = f"t{uuid.uuid4().hex[:10]}"
    store = ElasticsearchStore(elasticsearch_address, prefix)
    sources = {one.uid: one for one in data_sources(Reach(url=elasticsearch_address, index_prefix=prefix))}
    try:
        store.ensure_indices()
        assert store.upsert(sample()) == []
        store.refresh()
        with httpx.Client(base_url=elasticsearch_address, timeout=30) as client:

            def ask(title: str) -> dict[str, Any]:
                panel = PANELS[title]
                asked = [(target, sources[target.datasource.uid]) for target in panel.targets]
                body = msearch(asked, window_of(panel))
                sent = client.post(PATH, content=body, headers={"Content-Type": CONTENT_TYPE})
                assert sent.status_code == httpx.codes.OK, sent.text
                (response,) = sent.json()["responses"]
                assert response["status"] == httpx.codes.OK, response
                assert response["hits"]["hits"] == []
                made: dict[str, Any] = response["aggregations"]
                return made

            yield ask
            client.delete(f"/{prefix}-*", params={"expand_wildcards": "open"})
    finally:
        store.close()


def counts(aggregation: dict[str, Any]) -> dict[str, int]:
    buckets = aggregation["buckets"]
    rows = buckets.items() if isinstance(buckets, dict) else ((one["key"], one) for one in buckets)
    return {name: row["doc_count"] for name, row in rows}


def test_every_panel_is_tested_here() -> None:
    tested = {
        "Open critical",
        "Open high",
        "Silent sources",
        "Dead letters waiting",
        "Incidents by level",
        "Incidents by paragraph",
        "Time to acknowledge",
        "Time to acknowledge by level",
        "When each source was last heard",
        "Dead letters by reason",
    }
    assert tested == set(PANELS)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Open critical", {"Nobody has acknowledged": 2, "Acknowledged, not closed": 1}),
        ("Open high", {"Nobody has acknowledged": 1}),
        ("Silent sources", {"Over 10 minutes": 2, "Over 30 minutes": 1}),
        ("Dead letters waiting", {"Waiting": 3}),
        ("Incidents by level", {"critical": 3, "high": 2, "moderate": 1}),
        ("Incidents by paragraph", {"6.1": 5, "5.2.3": 2}),
        ("Dead letters by reason", {"bad_json": 2, "unknown_account": 1}),
    ],
)
def test_counts(answer: Answer, title: str, expected: dict[str, int]) -> None:
    assert counts(answer(title)["2"]) == expected


def test_incidents_stand_in_the_hour_they_were_opened_in_and_empty_hours_are_there(answer: Answer) -> None:
    levels = {one["key"]: one["9"]["buckets"] for one in answer("Incidents by level")["2"]["buckets"]}
    assert len(levels["critical"]) in {7 * 24, 7 * 24 + 1}
    standing = {one["key"] for one in levels["critical"] if one["doc_count"]}
    opened = {int((now() - ago).timestamp()) // 3600 * 3_600_000 for ago in (HOUR, 2 * HOUR, 3 * HOUR)}
    assert standing == opened
    assert sum(one["doc_count"] for one in levels["high"]) == 2


def test_time_to_acknowledge_over_time(answer: Answer) -> None:
    buckets = [one for one in answer("Time to acknowledge")["9"]["buckets"] if one["doc_count"]]
    assert [one["1"]["values"]["50.0"] for one in buckets] == [600.0, 120.0, 60.0]
    assert [set(one["1"]["values"]) for one in buckets] == [{"50.0", "95.0"}] * 3


def test_time_to_acknowledge_by_level(answer: Answer) -> None:
    by_level = {one["key"]: one["1"]["values"] for one in answer("Time to acknowledge by level")["2"]["buckets"]}
    assert set(by_level) == {"critical", "high"}
    assert by_level["critical"]["50.0"] == pytest.approx(90.0)
    assert by_level["high"] == {"50.0": 600.0, "95.0": 600.0}


def test_sources_come_longest_silent_first_however_long(answer: Answer) -> None:
    rows = answer("When each source was last heard")["2"]["buckets"]
    assert [row["key"] for row in rows] == ["acc-yt-test", "acc-x-test", "acc-fb-test"]
    assert [row["3"]["buckets"][0]["key"] for row in rows] == ["youtube", "x", "facebook"]
    heard = rows[0]["3"]["buckets"][0]["1"]["value"]
    assert heard == pytest.approx((now() - 100 * DAY).timestamp() * 1000, abs=1)
