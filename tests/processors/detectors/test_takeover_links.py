"""A burst of links to places all new to an account: a sign that it was taken over; what a councillor does is none."""

from datetime import datetime, timedelta

import msgspec
import pytest

from pipeline.registers.types import OwnerKind
from pipeline.vocabulary.event import Action, Direction, Event
from processors.contacts import Contacts
from processors.detectors.takeover import RULE
from processors.screener import Screener
from tests.builders import NOON, PERSON, an_event
from tests.processors.detectors.leaking import OWN, RULEBOOK, registers


def post(number: int, text: str, at: datetime, **changes: object) -> Event:
    plain = {"account": OWN, "direction": Direction.OUTBOUND, "author": "fb:own"} | changes
    return an_event(number, text=text, at=at, **plain)  # type: ignore[arg-type]


def habits(count: int = 12, days: float = 9.0) -> list[Event]:
    """Return posts of the days before: half of them link to the local paper."""
    step = timedelta(days=days) / count
    return [
        post(
            n, "At the fair https://paper.example/a" if n % 2 else "At the fair", NOON - timedelta(days=days) + n * step
        )
        for n in range(count)
    ]


def burst(count: int = 6, places: int = 6, minutes: int = 20, **changes: object) -> list[Event]:
    step = timedelta(minutes=minutes) / count
    return [
        post(100 + n, f"Look https://coin{n % places}.example/win", NOON + timedelta(hours=1) + n * step, **changes)
        for n in range(count)
    ]


def signs(*events: Event) -> list[int]:
    """Return which of the events, screened in order, carry the sign."""
    held = registers()
    contacts, screener = Contacts(held), Screener(held, RULEBOOK)
    found = []
    for event in events:
        if any(one.rule == RULE for one in screener.screen(event, contacts)):
            found.append(int(event.object_id.rpartition(":")[2]))
        contacts.note(event)
    return found


def test_the_sixth_post_of_a_burst_carries_the_sign_and_the_same_on_replay() -> None:
    assert registers().accounts[OWN].councillor_id == PERSON
    assert signs(*habits(), *burst()) == [105]
    events = [*habits(), *burst(8, 8)]
    assert signs(*events) == signs(*events) == [105, 106, 107]


@pytest.mark.parametrize(
    "events",
    [
        [*habits(), *burst(5, 5)],
        [*habits(), *burst(8, 4)],
        [*habits(), *burst(6, 6, minutes=60)],
        [*habits(4), *burst()],
        [*habits(12, 2.0), *burst()],
        [*habits(), *burst(5, 5), post(110, "In the paper https://www.paper.example/b", NOON + timedelta(hours=1.3))],
        [*habits(), *burst(5, 5), post(110, "Report it https://testwick.gov.uk/x", NOON + timedelta(hours=1.3))],
        [*habits(), *burst(action=Action.REACT)],
        [*habits(), *burst(direction=Direction.INBOUND, author="fb:9")],
    ],
    ids=[
        "fewer posts", "few places", "over an hour", "an account little known", "known for two days",
        "one link as ever", "one link to a public body", "likes", "written by others",
    ],
)  # fmt: skip
def test_what_a_councillor_does_is_no_sign(events: list[Event]) -> None:
    assert signs(*events) == []


def test_a_page_of_the_council_carries_no_such_sign() -> None:
    held = registers()
    page = msgspec.structs.replace(held.accounts[OWN], councillor_id=None, owner_kind=OwnerKind.COUNCIL_PAGE)
    held = msgspec.structs.replace(held, accounts={**held.accounts, OWN: page})
    contacts, screener = Contacts(held), Screener(held, RULEBOOK)
    for event in [*habits(), *burst(8, 8)]:
        assert [one for one in screener.screen(event, contacts) if one.rule == RULE] == []
        contacts.note(event)
