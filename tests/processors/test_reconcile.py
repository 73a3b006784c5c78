"""Reconcile: which event an observation makes, told as sequences of what was seen of one object."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from pipeline.codec import decode_pack, encode_pack
from pipeline.vocabulary.event import Action, Event, Observation
from processors.reconcile import Reconciler
from tests.builders import NOON, an_event


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def seen(text: str | None, observed: float, edited: float | None = None, **changes: Any) -> Observation:
    """An observation of object 1: posted at noon, its text, when it was seen and changed, in minutes after."""
    event = an_event(
        text=text, posted_at=NOON, observed_at=at(observed), edited_at=None if edited is None else at(edited), **changes
    )
    return as_observation(event)


def as_observation(event: Event) -> Observation:
    return Observation(**{name: getattr(event, name) for name in Observation.__struct_fields__})


def deleted(observed: float) -> Observation:
    plain = seen(None, observed, action=Action.DELETE, direction=None, author=None)
    return msgspec.structs.replace(plain, posted_at=None)


def go(reconciler: Reconciler, *observations: Observation) -> list[Event]:
    events = []
    for one in observations:
        event = reconciler.decide(one)
        if event is not None:
            reconciler.note(event)
            events.append(event)
    return events


A, A_AGAIN = seen("A", 1), seen("A", 9)
B, B_BY_RESCAN = seen("B", 6, 5, action=Action.UPDATE), seen("B", 6)
A_BACK = seen("A", 8, 7, action=Action.UPDATE)


@pytest.mark.parametrize(
    ("observations", "texts", "actions"),
    [
        ([A], ["A"], ["create"]),
        ([A, A], ["A"], ["create"]),
        ([A, A_AGAIN], ["A"], ["create"]),
        ([A, B], ["A", "B"], ["create", "update"]),
        ([A, B_BY_RESCAN], ["A", "B"], ["create", "update"]),
        ([B], ["B"], ["update"]),
        ([A, seen("A", 6, 5, action=Action.UPDATE)], ["A"], ["create"]),
        ([A, B, A_BACK], ["A", "B", "A"], ["create", "update", "update"]),
        ([A, B, A], ["A", "B"], ["create", "update"]),
        ([A, B, A_BACK, B, A, A_BACK], ["A", "B", "A"], ["create", "update", "update"]),
        ([A, B_BY_RESCAN, A, seen("A", 8)], ["A", "B", "A"], ["create", "update", "update"]),
        ([B, A], ["B", "A"], ["update", "create"]),
        ([B, A, A, B], ["B", "A"], ["update", "create"]),
        ([A, deleted(5)], ["A", None], ["create", "delete"]),
        ([A, deleted(5), deleted(5), deleted(6), A], ["A", None], ["create", "delete"]),
        ([deleted(5), deleted(5)], [None], ["delete"]),
        ([A, seen("B", 1), A, seen("B", 1)], ["A", "B"], ["create", "update"]),
        ([deleted(5), A, A], [None, "A"], ["delete", "create"]),
        ([A, deleted(5), seen("C", 8, 7)], ["A", None, "C"], ["create", "delete", "update"]),
        ([seen("", 1, action=Action.REACT)] * 2, [""], ["react"]),
        ([seen("x", 1, action=Action.SNAPSHOT), seen("y", 2, action=Action.SNAPSHOT)], ["x", "y"], ["snapshot"] * 2),
    ],
)
def test_what_is_new_becomes_an_event(
    observations: list[Observation], texts: list[str | None], actions: list[str]
) -> None:
    events = go(Reconciler(), *observations)
    assert [event.text for event in events] == texts
    assert [event.action.value for event in events] == actions
    assert len({event.event_id for event in events}) == len(events)


def test_each_version_names_the_one_before() -> None:
    first, second, third = go(Reconciler(), A, B, A_BACK)
    assert (first.previous_event_id, second.previous_event_id, third.previous_event_id) == (
        None,
        first.event_id,
        second.event_id,
    )
    assert first.content_hash == third.content_hash


def test_a_delete_that_carries_only_ids_stays_so() -> None:
    created, removed = go(Reconciler(), A, deleted(5))
    assert (removed.direction, removed.author, removed.text, removed.posted_at) == (None,) * 4
    assert removed.previous_event_id == created.event_id


def test_ids_do_not_depend_on_when_or_how_it_was_seen() -> None:
    one, other = go(Reconciler(), A), go(Reconciler(), A_AGAIN)
    assert one[0].event_id == other[0].event_id


def test_accounts_are_apart_so_that_partitions_change_nothing() -> None:
    events = go(Reconciler(), A, msgspec.structs.replace(A, account="acc-other"))
    assert len(events) == 2
    assert len({event.event_id for event in events}) == 1


@pytest.mark.parametrize("kept", range(7))
def test_state_rebuilt_from_events_decides_the_same(kept: int) -> None:
    story = [A, B, A, A_BACK, deleted(9), B, seen("C", 12, 11)]
    whole = Reconciler()
    before = go(whole, *story[:kept])
    rebuilt = Reconciler()
    for event in decode_pack(encode_pack(before)):
        rebuilt.note(event)
    assert go(rebuilt, *story[kept:]) == go(whole, *story[kept:])


def test_deciding_alone_changes_nothing() -> None:
    reconciler = Reconciler()
    assert reconciler.decide(A) == reconciler.decide(A)


def test_memory_is_bounded_and_what_fell_out_gets_the_same_id_again() -> None:
    reconciler = Reconciler(remembered=2)
    others = [msgspec.structs.replace(A, object_id=f"facebook:comment:{number}") for number in range(2, 4)]
    first, *_ = go(reconciler, A, *others)
    (again,) = go(reconciler, A)
    assert again == first
