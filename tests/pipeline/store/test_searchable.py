"""What of an incident is found and filtered by, and what never stands in a store's columns as it was written."""

from datetime import timedelta, timezone

import msgspec

from pipeline.store.entries import Small, entry, key_of, small
from pipeline.store.interface import Query
from pipeline.store.searchable import BREAK, facets, matched_filters, microseconds, searched_terms
from pipeline.vocabulary.incident import Evidence
from tests.builders import NOON, a_detection, an_event, an_incident
from tests.documents import a_delivery, a_letter, a_source


def test_pieces_are_kept_apart_and_the_same_piece_stands_once() -> None:
    event = an_event(text="kill him", thread_title="kill him", author="fb:1")
    found = searched_terms(an_incident(a_detection(event))).split(f" {BREAK} ")
    assert found.count("kill him") == 1
    assert "fb 1" in found


def test_names_and_author_ids_stand_hashed() -> None:
    stored = facets(an_incident())
    assert len(stored.author) == 3
    assert all(len(value) == 32 and "resident" not in value for value in (*stored.author, *stored.author_id))


def test_facets_gather_every_piece_of_evidence() -> None:
    events = (an_event(1, account="b", author="x:2"), an_event(2, account="a", author="x:1"))
    incident = an_incident(evidence=tuple(Evidence(event=event, findings=()) for event in events))
    stored = facets(incident)
    assert stored.account == ("a", "acc-fb-council", "b")
    assert len(stored.author_id) == 3


def test_microseconds_are_exact_and_know_the_offset() -> None:
    moment = NOON + timedelta(microseconds=1)
    assert microseconds(moment) - microseconds(NOON) == 1
    assert microseconds(NOON.astimezone(timezone(timedelta(hours=5)))) == microseconds(NOON)


def test_matched_filters_name_what_narrows() -> None:
    assert matched_filters(Query(text="kill", after="x", limit=3)) == ()
    assert matched_filters(Query(person="a", states=(), posted_from=NOON)) == ("person", "posted_from")


def test_every_filter_of_a_query_is_one_a_hit_can_name() -> None:
    values = dict.fromkeys(Query.__struct_fields__, "x")
    found = set(matched_filters(Query(**values)))  # type: ignore[arg-type]
    assert found | {"text", "order", "limit", "after", "restricted"} == set(Query.__struct_fields__)


def test_a_dead_letter_is_stored_without_what_was_received() -> None:
    stored = small(a_letter("a"))
    assert stored.document == a_letter("a", payload=None)


def test_versions_of_small_documents_grow() -> None:
    def version(stored: Small) -> int:
        return stored.version

    ranked = [a_delivery("a", 1), a_delivery("a", 12), a_delivery("a", 1, number=2), a_delivery("a", 2, number=2)]
    assert [version(small(one)) for one in ranked] == sorted(version(small(one)) for one in ranked)
    assert version(small(a_source("a", 1))) < version(small(a_source("a", 2)))


def test_each_kind_has_its_key() -> None:
    incident = an_incident()
    assert [key_of(one) for one in (incident, a_source("s", 1), a_letter("l"), a_delivery("d", 1))] == [
        incident.incident_id,
        "s",
        "l",
        "d",
    ]


def test_an_entry_holds_the_incident_whole() -> None:
    incident = an_incident()
    assert msgspec.json.decode(entry(incident).body, type=type(incident)) == incident
