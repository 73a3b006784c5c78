"""The capacity indicator and the service head to ask: for councillors' accounts, with reasons that quote nothing."""

from typing import Any

import msgspec
import pytest

from pipeline.registers.types import OwnerKind, Registers
from pipeline.vocabulary.event import Author, Direction, Event, Profile
from processors.capacity import Capacity, capacity_of
from processors.services import head_of, services_in
from tests.builders import an_event
from tests.dashboards.console.place import borough


def registers(kind: OwnerKind) -> Registers:
    held = borough()
    account = msgspec.structs.replace(held.accounts["acc-reed"], owner_kind=kind)
    council = msgspec.structs.replace(held.council, wards=("Millbank",))
    return msgspec.structs.replace(held, accounts=held.accounts | {"acc-reed": account}, council=council)


def a_post(text: str, bio: str | None = None, **changes: Any) -> Event:
    author = Author(id="bs:reed", handle="reed.example", display_name="Alex Reed", bio=bio)
    plain: dict[str, Any] = {"account": "acc-reed", "direction": Direction.OUTBOUND, "text": text}
    return an_event(1, author, **(plain | changes))


PERSONAL, OFFICIAL = OwnerKind.COUNCILLOR_PERSONAL, OwnerKind.COUNCILLOR_OFFICIAL


@pytest.mark.parametrize(
    ("kind", "text", "bio", "capacity"),
    [
        (PERSONAL, "What a goal last night", "Dad of two", Capacity.PERSONAL),
        (PERSONAL, "The green bins will be emptied on Friday", "Dad of two", Capacity.UNCLEAR),
        (PERSONAL, "What a goal last night", "Councillor for Millbank", Capacity.UNCLEAR),
        (PERSONAL, "See you all in Millbank tonight", "Dad of two", Capacity.UNCLEAR),
        (OFFICIAL, "What a goal last night", "Dad of two", Capacity.OFFICIAL),
        (OFFICIAL, "What a goal last night", "Views are my own", Capacity.UNCLEAR),
        (OFFICIAL, "Speaking for myself, what a goal", None, Capacity.UNCLEAR),
        (OFFICIAL, "As your councillor I have reported the potholes", "Views are my own", Capacity.OFFICIAL),
    ],
)
def test_capacity(kind: OwnerKind, text: str, bio: str | None, capacity: Capacity) -> None:
    found = capacity_of(a_post(text, bio), registers(kind))
    assert found is not None
    assert found.capacity is capacity
    assert found.reasons[0] == f"the account is registered as {'official' if kind is OFFICIAL else 'personal'}"
    assert "goal" not in " ".join(found.reasons)


def test_the_profile_of_a_profile_event_counts() -> None:
    event = a_post("", profile=Profile(bio_after="Councillor. Views are my own"))
    found = capacity_of(event, registers(PERSONAL))
    assert found is not None
    assert found.reasons[1:] == ("the profile or name shows the role", "the profile says whose views it gives")


@pytest.mark.parametrize(
    "event",
    [an_event(1), a_post("x", direction=Direction.INBOUND), a_post("x", account="acc-x"), a_post("x", account="none")],
    ids=["a resident", "inbound on a councillor's page", "the Council's own page", "no account"],
)
def test_there_is_none_for_others(event: Event) -> None:
    assert capacity_of(event, registers(OFFICIAL)) is None


def test_the_presumption_makes_it_official_and_says_who_decided() -> None:
    found = capacity_of(a_post("What a goal"), registers(PERSONAL), "20 May 2027, Full Council")
    assert found is not None
    assert found.capacity is Capacity.OFFICIAL
    assert found.reasons[0] == "the Council presumes it: 20 May 2027, Full Council"


def test_the_service_head_is_suggested() -> None:
    found = capacity_of(a_post("Damp and mould in a council house: it is being looked at"), registers(OFFICIAL))
    assert found is not None
    assert found.ask == ("Head of Housing",)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("my green bin was missed", ("waste",)),
        ("that pothole on mill lane", ("roads",)),
        ("parking permits are too dear", ("parking",)),
        ("where is my polling card", ("elections",)),
        ("lovely day for it", ()),
        ("the robin in my garden", ()),
    ],
)
def test_services(text: str, services: tuple[str, ...]) -> None:
    assert services_in(text) == services


def test_a_service_nobody_heads_has_no_head() -> None:
    assert head_of("waste", borough()) is None
