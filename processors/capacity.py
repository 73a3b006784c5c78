"""In which capacity a councillor's account wrote: official, unclear or personal, with reasons (2.1); whom to ask (3.2).

An indicator beside an outbound incident, worked out when somebody looks: no finding, no level, nothing stored. The
reasons are words about the post and quote none of it. Whether the Code applies is for the Monitoring Officer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.registers.types import Account, OwnerKind, Registers
from pipeline.text.fold import fold
from pipeline.vocabulary.event import Direction, Event
from processors.rules.load import LEXICON_FILE, SHIPPED, read_lexicon
from processors.rules.patterns import Pattern, any_of
from processors.services import head_of, services_in


class Capacity(StrEnum):
    """What a reader may take it for."""

    OFFICIAL = "official"
    UNCLEAR = "unclear"
    PERSONAL = "personal"


@dataclass(frozen=True)
class Indicator:
    """The capacity with its reasons, and the roles of the service heads whose matter the post may be."""

    capacity: Capacity
    reasons: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True)
class _Signs:
    """What was seen in account, profile and text, each as a reason in words."""

    official_account: bool
    business: tuple[str, ...]
    personal: tuple[str, ...]


def capacity_of(event: Event, registers: Registers, presumed: str = "") -> Indicator | None:
    """Return the indicator of a post by a councillor's account; None for others. presumed: the Council's presumption.

    presumed is the setting presume_official_capacity: empty, or when it was switched on and by whom (R.3).
    """
    account = registers.accounts.get(event.account)
    if event.direction is not Direction.OUTBOUND or account is None or account.owner_kind is OwnerKind.COUNCIL_PAGE:
        return None
    text = fold(event.text or "").text
    signs = _signs(event, account, text, registers)
    kind = "official" if signs.official_account else "personal"
    reasons = [f"the account is registered as {kind}", *signs.business, *signs.personal]
    capacity = _weighed(signs)
    if presumed.strip():
        capacity, reasons = Capacity.OFFICIAL, [f"the Council presumes it: {presumed.strip()}", *reasons]
    heads = (head_of(key, registers) for key in services_in(text))
    return Indicator(capacity, tuple(reasons), tuple(dict.fromkeys(one.role for one in heads if one is not None)))


def _weighed(signs: _Signs) -> Capacity:
    """Business on an official account is official whatever the profile says; on a personal one it leaves it open."""
    if signs.official_account:
        return Capacity.UNCLEAR if signs.personal and not signs.business else Capacity.OFFICIAL
    return Capacity.UNCLEAR if signs.business else Capacity.PERSONAL


def _signs(event: Event, account: Account, text: str, registers: Registers) -> _Signs:
    bio = fold(_bio(event)).text
    own = _cue("own_views")
    personal = []
    if own.search(bio) is not None:
        personal.append("the profile says whose views it gives")
    if own.search(text) is not None or _MYSELF.search(text) is not None:
        personal.append("the post says that it speaks for the author alone")
    business = tuple(_business(event, text, bio, registers))
    return _Signs(account.owner_kind is OwnerKind.COUNCILLOR_OFFICIAL, business, tuple(personal))


def _business(event: Event, text: str, bio: str, registers: Registers) -> Iterator[str]:
    role, name = _cue("council_role"), fold(event.author.display_name or "").text if event.author is not None else ""
    if role.search(text) is not None:
        yield "the post names the role"
    elif role.search(bio) is not None or role.search(name) is not None:
        yield "the profile or name shows the role"
    services = services_in(text)
    if services:
        yield f"the post speaks of Council services ({', '.join(services)})"
    places = (fold(one).text for one in (*registers.council.wards, *registers.council.places))
    if any(re.search(rf"\b{re.escape(place)}\b", text) for place in places if place):
        yield "the post names a ward or place of the borough"


def _bio(event: Event) -> str:
    if event.profile is not None and event.profile.bio_after:
        return event.profile.bio_after
    return (event.author.bio or "") if event.author is not None else ""


_MYSELF = re.compile(
    r"\b(?:speaking|writing|posting|talking) (?:only |just |purely )?(?:for|as) (?:myself|a (?:resident|dad|mum|fan))"
    r"|\bin (?:a|my) (?:purely )?(?:personal|private) capacity\b"
)


@cache
def _cue(name: str) -> Pattern:
    lexicon = read_lexicon(SHIPPED / LEXICON_FILE)
    found = any_of(lexicon.cues[name], lexicon.words)
    if found is None:
        raise ValueError(f"lexicon.toml: the cue {name} is empty: give it entries")
    return found
