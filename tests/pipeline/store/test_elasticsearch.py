"""The Elasticsearch store: mappings against the vocabulary, what answers mean, and what a dashboard can see."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import msgspec
import pytest

from infra.engines.running import free_port
from pipeline.store.elasticsearch import ElasticsearchStore
from pipeline.store.elasticsearch_bulk import (
    BULK_CHARACTERS,
    BULK_WRITES,
    IndexMissing,
    Overloaded,
    Write,
    refusals,
    requests,
)
from pipeline.store.elasticsearch_query import incident_document
from pipeline.store.elasticsearch_schema import (
    DEAD_LETTERS,
    DELIVERIES,
    INCIDENTS,
    PROPERTIES,
    SOURCES,
    mappings,
    template,
)
from pipeline.store.entries import entry
from pipeline.store.interface import Query, Refused, StoreUnavailable
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.incident import Verdict, VerdictCode
from pipeline.vocabulary.operations import DeadLetter, SourceStatus
from tests.builders import NOON, an_incident


@pytest.mark.parametrize(
    ("name", "kind"), [(SOURCES, SourceStatus), (DEAD_LETTERS, DeadLetter), (DELIVERIES, Delivery)]
)
def test_the_strict_mapping_knows_every_field_of_a_type(name: str, kind: type[msgspec.Struct]) -> None:
    assert set(PROPERTIES[name]) == {*kind.__struct_fields__, "at_us"}


def test_the_strict_mapping_knows_every_field_of_an_incidents_document() -> None:
    verdict = Verdict(code=VerdictCode.CONFIRMED, level=None, reason="r", by="o", at=NOON)
    full = an_incident(
        topic_ref="CT-1", acknowledged_at=NOON, closed_at=NOON, verdict=verdict, complaints=("SC/1",), late=True
    )
    assert set(incident_document(entry(full))) == set(PROPERTIES[INCIDENTS])


def test_every_template_is_strict_and_only_incidents_keep_parts_out_of_source() -> None:
    for name in PROPERTIES:
        mapping = template("p", name, 0)["template"]["mappings"]
        assert mapping["dynamic"] == "strict"
        assert ("_source" in mapping) == (name == INCIDENTS)
    assert mappings(INCIDENTS)["_source"] == {"excludes": ["body", "terms"]}


def test_the_seconds_until_somebody_acknowledged_are_a_number() -> None:
    incident = an_incident(opened_at=NOON, acknowledged_at=NOON.replace(minute=2))
    assert incident_document(entry(incident))["seconds_to_acknowledge"] == 120.0


def writes(*keys: str) -> list[Write]:
    return [Write("i", key, 1, {"a": key}) for key in keys]


def answered(*statuses: tuple[int, dict[str, str] | None], action: str = "index") -> dict[str, Any]:
    items = [{action: {"status": status, **({"error": error} if error else {})}} for status, error in statuses]
    return {"errors": True, "items": items}


BAD = {"type": "document_parsing_exception", "reason": "failed to parse field [at] of type [date]: 'some words'"}
STRICT = {"type": "strict_dynamic_mapping_exception", "reason": "dynamic introduction of [new] within [_doc] is off"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"errors": False}, []),
        (answered((409, {"type": "version_conflict_engine_exception"}), (200, None)), []),
        (answered((400, BAD), (201, None)), [Refused(key="a", reason="at: document_parsing_exception")]),
        (answered((201, None), (400, STRICT)), [Refused(key="b", reason="new: strict_dynamic_mapping_exception")]),
        (answered((404, None), (200, None), action="delete"), []),
    ],
)
def test_what_an_items_answer_means(answer: dict[str, Any], expected: list[Refused]) -> None:
    assert refusals(writes("a", "b"), answer) == expected


@pytest.mark.parametrize(
    ("status", "kind", "raised"),
    [
        (429, "es_rejected_execution_exception", Overloaded),
        (503, "unavailable_shards_exception", Overloaded),
        (403, "cluster_block_exception", Overloaded),
        (404, "index_not_found_exception", IndexMissing),
    ],
)
def test_trouble_of_the_server_refuses_nothing(status: int, kind: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        refusals(writes("a", "b"), answered((400, BAD), (status, {"type": kind})))


def test_requests_stay_near_their_size_and_keep_the_order() -> None:
    many = writes(*(str(number) for number in range(BULK_WRITES + 1)))
    large = [Write("i", str(number), 1, {"body": "x" * (BULK_CHARACTERS // 2)}) for number in range(3)]

    def sizes(given: Sequence[Write]) -> list[int]:
        return [len(part) for part in requests(given)]

    assert sizes(many) == [BULK_WRITES, 1]
    assert sizes(large) == [2, 1]
    assert [one for part in requests(large) for one in part] == large
    assert sizes([]) == []


@pytest.fixture
def nowhere() -> Iterator[ElasticsearchStore]:
    store = ElasticsearchStore(f"http://127.0.0.1:{free_port()}", "p")
    yield store
    store.close()


def test_a_server_that_is_down_is_unavailable_to_every_call(nowhere: ElasticsearchStore) -> None:
    calls = (
        nowhere.ensure_indices,
        lambda: nowhere.upsert([an_incident()]),
        lambda: nowhere.remove(["a"]),
        lambda: nowhere.get("a"),
        lambda: nowhere.by_reference("a"),
        lambda: nowhere.search(Query()),
        nowhere.sources,
        lambda: nowhere.dead_letters(3),
        nowhere.count_dead_letters,
        lambda: nowhere.deliveries("a"),
        lambda: nowhere.rebuilding().__enter__(),
        nowhere.refresh,
    )
    for call in calls:
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            call()


@pytest.fixture
def store(elasticsearch_address: str) -> Iterator[ElasticsearchStore]:
    made = ElasticsearchStore(elasticsearch_address, f"t{uuid.uuid4().hex[:10]}")
    yield made
    made.close()


@pytest.mark.services
def test_a_missing_index_is_created_and_the_batch_asked_for_again(store: ElasticsearchStore) -> None:
    incident = an_incident()
    with pytest.raises(StoreUnavailable, match="reindex"):
        store.get(incident.incident_id)
    with pytest.raises(StoreUnavailable, match="has been created"):
        store.upsert([incident])
    assert store.upsert([incident]) == []
    assert store.get(incident.incident_id) == incident


@pytest.mark.services
def test_ensuring_twice_changes_nothing(store: ElasticsearchStore) -> None:
    store.ensure_indices()
    store.upsert([an_incident()])
    store.ensure_indices()
    assert store.get(an_incident().incident_id) == an_incident()


@pytest.mark.services
def test_what_a_dashboard_can_read_holds_no_text_and_no_name(
    store: ElasticsearchStore, elasticsearch_address: str
) -> None:
    store.ensure_indices()
    incident = an_incident()
    store.upsert([incident])
    store.refresh()
    seen = httpx.post(f"{elasticsearch_address}/{store._incidents}/_search", json={"query": {"match_all": {}}}).text
    assert '"level":"moderate"' in seen
    assert "comment 1" not in seen
    assert "Resident" not in seen
    assert "fb.1" not in seen


@pytest.mark.services
def test_a_dashboard_can_group_by_fields(store: ElasticsearchStore, elasticsearch_address: str) -> None:
    store.ensure_indices()
    store.upsert([an_incident()])
    store.refresh()
    fields = ("level", "category", "paragraph", "platform", "state", "person", "account", "kind")
    question = {"size": 0, "aggs": {field: {"terms": {"field": field}} for field in fields}}
    answer = httpx.post(f"{elasticsearch_address}/{store._incidents}/_search", json=question).json()
    counted = {field: [row["doc_count"] for row in by["buckets"]] for field, by in answer["aggregations"].items()}
    assert counted == {field: [1] for field in fields}


@pytest.mark.services
def test_after_a_rebuild_one_index_is_left_behind_the_alias(
    store: ElasticsearchStore, elasticsearch_address: str
) -> None:
    store.ensure_indices()
    with store.rebuilding() as fresh:
        fresh.upsert([an_incident()])
    names = httpx.get(f"{elasticsearch_address}/_cat/indices/{store._incidents}-*", params={"h": "index"}).text.split()
    assert names == [f"{store._incidents}-000002"]
    assert store.upsert([an_incident(version=2)]) == []
