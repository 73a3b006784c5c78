"""Impersonation by name, handle and picture, and a profile that is suddenly somebody else's."""

from typing import Any

import msgspec
import pytest

from pipeline.images.likeness import hash_of
from pipeline.registers.types import Councillor, Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Direction, Profile
from pipeline.vocabulary.levels import Level
from processors.screener import Screener
from tests.builders import PERSON, an_event
from tests.pipeline.images.drawn import a_logo
from tests.processors.detectors.leaking import OWN, RULEBOOK, registers

PICTURE = hash_of(a_logo(seed=2).convert("L"))
SMALLER = hash_of(a_logo(90, seed=2).convert("L"))
OTHER = hash_of(a_logo(seed=1).convert("L"))


def held() -> Registers:
    base = registers()
    person = Councillor(id=PERSON, name="Ottoline Reedham", ward="Millbank", picture_hashes=(PICTURE,))
    own = msgspec.structs.replace(base.accounts[OWN], handle="CllrReedham", display_name="Ottoline Reedham")
    return msgspec.structs.replace(base, councillors=(person,), accounts={**base.accounts, OWN: own})


def found(**author: Any) -> list[tuple[Level, str | None]]:
    event = an_event(text="Nice weather today", author=Author(id="fb:77", **author))
    seen = Screener(held(), RULEBOOK).screen(event)
    return [(one.level, one.target) for one in seen if one.category is Category.IMPERSONATION]


IMPOSTORS = {
    "name and handle": {"display_name": "Ottoline Reedham", "handle": "cllrreedhan"},
    "name and the very handle": {"display_name": "Ottoline Reedham", "handle": "CllrReedham"},
    "name and picture": {"display_name": "Ottoline Reedham", "handle": "x1", "picture_hash": SMALLER},
    "nearly the name, and the picture": {"display_name": "Ottoline Reedam", "handle": "x1", "picture_hash": PICTURE},
    "handle and picture": {"display_name": "Your ward", "handle": "cllr_reedham", "picture_hash": PICTURE},
}
OTHERS = {
    "a namesake": {"display_name": "Ottoline Reedham", "handle": "ottoline.r", "picture_hash": OTHER},
    "nearly a namesake": {"display_name": "Ottoline Reedam", "handle": "otto"},
    "a handle alone": {"display_name": "Wren", "handle": "cllrreedhan"},
    "a picture alone": {"display_name": "Wren", "handle": "wren", "picture_hash": PICTURE},
    "a parody": {"display_name": "Ottoline Reedham (parody)", "handle": "CllrReedham"},
}


COUNCIL = "We are {}. Your council tax is overdue, click the link to pay now"


@pytest.mark.parametrize(("text", "taken"), [(COUNCIL, True), ("We are {} tenants and the lift is broken", False)])
def test_who_writes_as_the_council_and_asks_for_money_is_told(text: str, *, taken: bool) -> None:
    event = an_event(text=text.format(held().council.name), author=Author(id="fb:78", handle="x2", display_name="Wren"))
    seen = Screener(held(), RULEBOOK).screen(event)
    assert (Category.IMPERSONATION in {one.category for one in seen}) is taken


@pytest.mark.parametrize("author", IMPOSTORS.values(), ids=IMPOSTORS)
def test_two_signs_together_are_high(author: dict[str, Any]) -> None:
    assert found(**author) == [(Level.HIGH, PERSON)]


@pytest.mark.parametrize("author", OTHERS.values(), ids=OTHERS)
def test_one_sign_alone_is_nothing(author: dict[str, Any]) -> None:
    assert found(**author) == []


def profile(name: str, before: str, after: str) -> list[str]:
    shown = Profile(display_name=name, bio_before=before, bio_after=after)
    event = an_event(
        text="", account=OWN, direction=Direction.OUTBOUND, action=Action.PROFILE_UPDATE, author="fb:own", profile=shown
    )
    return [one.rule for one in Screener(held(), RULEBOOK).screen(event) if one.rule == "account.taken_over"]


BEFORE = "Councillor for Millbank. Views my own."


@pytest.mark.parametrize(
    ("name", "after", "taken"),
    [
        ("Lucky Coin Giveaway", "Double your bitcoin, message me now", True),
        ("Ottoline Reedham", "Double your bitcoin, message me now", False),
        ("Mayor 2026", "Councillor for Millbank and this year's Mayor. Views my own.", False),
    ],
)
def test_a_profile_that_shares_nothing_with_what_it_was(name: str, after: str, taken: bool) -> None:
    assert (profile(name, BEFORE, after) != []) is taken
