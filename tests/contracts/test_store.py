"""What every store must keep and list: one suite, run on SQLite and on a real Elasticsearch node."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pipeline.store.interface import Query, Store
from pipeline.vocabulary.alert import DeliveryState
from pipeline.vocabulary.incident import Incident, Note
from pipeline.vocabulary.keeping import Dispute, Restriction
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetterReason, DeadLetterState, LookedAt
from tests.builders import NOON, a_detection, an_event, an_incident
from tests.documents import a_delivery, a_letter, a_source


def a_version(number: int, **changes: object) -> Incident:
    return msgspec.structs.replace(an_incident(), version=number, **changes)


def test_an_incident_comes_back_whole(store: Store) -> None:
    note = Note(note_id="n1", by="officer", at=NOON, text="rang the councillor")
    incident = a_version(3, notes=(note,), complaints=("SC/2026/014",), acknowledged_at=NOON, acknowledged_by="officer")
    assert store.upsert([incident]) == []
    assert store.get(incident.incident_id) == incident


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.get("nothing") is None
    assert store.by_reference("SM-2026-AAAAAA") is None
    assert store.search(Query()).hits == ()
    assert store.sources() == []
    assert store.dead_letters(10) == []
    assert store.count_dead_letters() == {}
    assert store.deliveries("nothing") == []


@pytest.mark.parametrize("spelling", [str.lower, str.upper, "  {}  ".format])
def test_a_reference_is_found_in_any_letter_case(store: Store, spelling: object) -> None:
    incident = an_incident()
    store.upsert([incident])
    store.refresh()
    assert callable(spelling)
    assert store.by_reference(spelling(incident.reference)) == incident


@pytest.mark.parametrize(("versions", "kept"), [((1, 2), 2), ((2, 1), 2), ((5, 5), 5), ((1, 3, 2, 3, 1), 3)])
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_an_older_version_changes_nothing(store: Store, versions: tuple[int, ...], kept: int, together: bool) -> None:
    incidents = [a_version(number, level=Level.HIGH if number == kept else Level.LOW) for number in versions]
    for batch in [incidents] if together else [[one] for one in incidents]:
        assert store.upsert(batch) == []
    store.refresh()
    held = store.get(incidents[0].incident_id)
    assert held is not None
    assert held.version == kept
    assert [hit.incident for hit in store.search(Query(levels=(Level.HIGH,))).hits] == [held]
    assert store.search(Query(levels=(Level.LOW,))).total == 0


def test_the_same_version_again_is_written_again(store: Store) -> None:
    store.upsert([a_version(2)])
    redacted = a_version(2, evidence=())
    store.upsert([redacted])
    assert store.get(redacted.incident_id) == redacted


def test_what_an_incident_no_longer_holds_is_no_longer_found(store: Store) -> None:
    incident = an_incident(a_detection(an_event(text="a shameful episode")))
    store.upsert([incident])
    store.refresh()
    assert store.search(Query(text="shameful", author="Resident fb:1")).total == 1
    store.upsert([msgspec.structs.replace(incident, version=2, evidence=(), author=None)])
    store.refresh()
    assert store.search(Query(text="shameful")).total == 0
    assert store.search(Query(author="Resident fb:1")).total == 0
    assert store.search(Query()).total == 1


def test_a_removed_incident_is_gone_and_others_stay(store: Store) -> None:
    first, second = an_incident(), an_incident(a_detection(an_event(2)))
    store.upsert([first, second])
    store.remove([first.incident_id, "never was"])
    store.refresh()
    assert store.get(first.incident_id) is None
    assert store.by_reference(first.reference) is None
    assert [hit.incident for hit in store.search(Query(text="comment")).hits] == [second]


def test_nothing_to_write_is_no_error(store: Store) -> None:
    assert store.upsert([]) == []
    store.remove([])


def test_an_incident_too_large_for_any_server_is_refused_and_the_rest_is_written(store: Store) -> None:
    large = an_incident(a_detection(an_event(text="a" * 33_000_000)))
    small = an_incident(a_detection(an_event(2)))
    (refused,) = store.upsert([large, small])
    assert refused.key == large.incident_id
    assert "aaa" not in refused.reason
    assert store.get(large.incident_id) is None
    assert store.get(small.incident_id) == small


def test_half_a_surrogate_pair_is_refused_without_quoting(store: Store) -> None:
    broken = an_incident(a_detection(an_event(content_hash="h", event_id="e", text="hateful \ud83d")))
    (refused,) = store.upsert([broken])
    assert refused.key == broken.incident_id
    assert "hateful" not in refused.reason


def test_hundreds_of_incidents_go_in_one_call(store: Store) -> None:
    store.upsert([an_incident(a_detection(an_event(number))) for number in range(1100)])
    store.refresh()
    assert store.search(Query()).total == 1100


def test_sources_are_listed_by_account_with_the_newest_time(store: Store) -> None:
    store.upsert([a_source("b", 5), a_source("a", 1)])
    store.upsert([a_source("b", 4), a_source("a", 2)])
    store.refresh()
    assert store.sources() == [a_source("a", 2), a_source("b", 5)]


def test_what_is_restricted_can_be_left_out_and_is_found_by_how_it_is_kept(store: Store) -> None:
    disputed = Dispute(dispute_id="d", statement="it was my sister", by="dpo", at=NOON)
    restricted = Restriction(reason="accuracy", by="dpo", at=NOON)
    plain = an_incident(a_detection(an_event(1, author="fb:1")))
    hidden = an_incident(a_detection(an_event(2, author="fb:2")), restriction=restricted, disputes=(disputed,))
    store.upsert([plain, hidden])
    store.refresh()

    def found(**asked: Any) -> set[str]:
        return {hit.incident.incident_id for hit in store.search(Query(**asked)).hits}

    assert found() == {plain.incident_id, hidden.incident_id}
    assert found(restricted=False) == {plain.incident_id}
    assert store.search(Query(restricted=False)).total == 1
    assert found(kept_as="restricted") == found(kept_as="disputed") == found(text="sister") == {hidden.incident_id}
    assert found(kept_as="restricted", restricted=False) == found(kept_as="on_hold") == set()
    store.upsert([msgspec.structs.replace(hidden, restriction=None, version=2)])
    store.refresh()
    assert found(restricted=False) == {plain.incident_id, hidden.incident_id}


def test_dead_letters_that_wait_are_listed_newest_first_without_payload(store: Store) -> None:
    store.upsert([a_letter("a", 1), a_letter("b", 3), a_letter("c", 2, reason=DeadLetterReason.TOO_LARGE)])
    store.refresh()
    found = store.dead_letters(2)
    assert found == [a_letter("b", 3, payload=None), a_letter("c", 2, reason=DeadLetterReason.TOO_LARGE, payload=None)]
    assert store.count_dead_letters() == {"bad_field": 2, "too_large": 1}


@pytest.mark.parametrize("replayed_first", [True, False])
def test_a_replayed_dead_letter_waits_no_more(store: Store, replayed_first: bool) -> None:
    states = [a_letter("a"), a_letter("a", state=DeadLetterState.REPLAYED)]
    for letter in reversed(states) if replayed_first else states:
        store.upsert([letter])
    store.refresh()
    assert store.dead_letters(10) == []
    assert store.count_dead_letters() == {}


def test_dead_letters_are_listed_by_reason_and_by_what_became_of_them(store: Store) -> None:
    unread, large = DeadLetterReason.NOT_SCREENED, DeadLetterReason.TOO_LARGE
    looked = LookedAt(by="sam", at=NOON, note="about a fair", incident_id="i")
    read = a_letter("b", 2, reason=unread, state=DeadLetterState.LOOKED_AT, looked_at=looked)
    store.upsert([a_letter("a", 1, reason=unread), a_letter("b", 2, reason=unread), a_letter("c", 3, reason=large)])
    store.upsert([read, a_letter("d", 4, reason=unread, state=DeadLetterState.REPLAYED)])
    store.refresh()
    assert [one.dead_letter_id for one in store.dead_letters(10)] == ["c", "a"]
    assert [one.dead_letter_id for one in store.dead_letters(10, unread)] == ["a"]
    assert store.dead_letters(10, large, DeadLetterState.LOOKED_AT) == []
    without_note = msgspec.structs.replace(looked, note="")
    expected = msgspec.structs.replace(read, payload=None, looked_at=without_note)
    assert store.dead_letters(10, unread, DeadLetterState.LOOKED_AT) == [expected]
    assert store.count_dead_letters() == {"not_screened": 1, "too_large": 1}


def test_dead_letters_from_before_a_time_are_forgotten(store: Store) -> None:
    store.upsert([a_letter("old", 1), a_letter("new", 2), a_letter("done", 0, state=DeadLetterState.REPLAYED)])
    store.refresh()
    store.forget_dead_letters(NOON + timedelta(minutes=2))
    store.refresh()
    assert [letter.dead_letter_id for letter in store.dead_letters(10)] == ["new"]
    assert store.count_dead_letters() == {"bad_field": 1}


def test_the_newest_delivery_of_each_alert_is_kept(store: Store) -> None:
    sent = a_delivery("one", 3, state=DeliveryState.SENT, due_at=None, reason=None)
    other = a_delivery("other", 1)
    store.upsert([a_delivery("one", 1), sent, a_delivery("one", 2), other, a_delivery("x", 1, incident_id="inc-2")])
    store.refresh()
    assert store.deliveries("inc-1") == [other, sent]


def test_a_follow_up_outranks_the_message_before_it(store: Store) -> None:
    first, second = a_delivery("one", 4), a_delivery("one", 1, number=2, count=3)
    store.upsert([second, first])
    store.refresh()
    assert store.deliveries("inc-1") == [second]


def test_rebuilding_keeps_only_what_is_written_anew(store: Store) -> None:
    stale, kept = an_incident(a_detection(an_event(2))), a_version(4)
    store.upsert([stale, kept, a_source("a", 1)])
    with store.rebuilding() as fresh:
        fresh.upsert([a_version(2)])
        store.refresh()
        assert store.search(Query()).total == 2
    store.refresh()
    assert [hit.incident for hit in store.search(Query()).hits] == [a_version(2)]
    assert store.get(stale.incident_id) is None
    assert store.sources() == [a_source("a", 1)]


def test_a_rebuild_that_breaks_off_takes_nothing_away(store: Store) -> None:
    kept = a_version(4)
    store.upsert([kept])

    def rebuild() -> None:
        with store.rebuilding():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild()
    store.refresh()
    assert [hit.incident for hit in store.search(Query()).hits] == [kept]
    assert store.upsert([a_version(5)]) == []
    held = store.get(kept.incident_id)
    assert held is not None
    assert held.version == 5


def test_two_rebuilds_follow_each_other(store: Store) -> None:
    for version in (3, 2):
        with store.rebuilding() as fresh:
            fresh.upsert([a_version(version)])
    held = store.get(a_version(1).incident_id)
    assert held is not None
    assert held.version == 2


def test_closing_twice_is_no_error(store: Store) -> None:
    store.close()
    store.close()
