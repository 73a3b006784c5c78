"""A register with one topic, and what the leak detectors find in a post: for the tests of leaks."""

from datetime import UTC, datetime
from typing import Any

from pipeline.registers.types import Account, OwnerKind, Published, Registers
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Finding
from processors.rules.load import load_rulebook
from processors.screener import Screener
from tests.builders import ACCOUNT, NOON, PERSON, an_event, some_registers
from tests.pipeline.registers.test_confidential import a_topic

OWN = "acc-own"
RULEBOOK = load_rulebook()

SALE: dict[str, Any] = {
    "title": "Sale of a site",
    "terms_all_of": [["quarry mill"], ["preferred bidder", "heads of terms", "sold"]],
    "strong_terms": ["lark meadow holdings"],
    "code_names": ["project sandpiper"],
    "public_phrases": ["opening hours"],
    "people": ["Dr Imogen Vance-Tully"],
    "organisations": ["Brook & Sons Ltd"],
    "addresses": ["14 Weir Terrace, Testwick, TW1 2AB"],
    "sums": ["£4.2m", "30%"],
}


def registers(*published: Published, **changes: Any) -> Registers:
    base = some_registers()
    own = Account(
        id=OWN, platform="facebook", handle="CllrReed", owner_kind=OwnerKind.COUNCILLOR_OFFICIAL,
        notice_date=NOON.date(), agreement_ref="AGR-2", active_from=NOON.date(), councillor_id=PERSON,
        platform_account_id="fb:own",
    )  # fmt: skip
    accounts = {**base.accounts, OWN: own}
    return some_registers(accounts=accounts, topics=(a_topic(**(SALE | changes)),), published=published)


def leaks(text: str, held: Registers | None = None, at: datetime = NOON, **changes: Any) -> list[Finding]:
    """Return the findings about a topic in a post of the councillor's own account, unless changes say otherwise."""
    plain: dict[str, Any] = {"account": OWN, "direction": Direction.OUTBOUND, "author": "fb:own", "text": text}
    event = an_event(at=at, **(plain | changes))
    return [one for one in Screener(held or registers(), RULEBOOK).screen(event) if one.topic_ref is not None]


def by_resident(text: str, held: Registers | None = None) -> list[Finding]:
    """Return the same for a comment of the public on the Council's page."""
    return leaks(text, held, account=ACCOUNT, direction=Direction.INBOUND, author="fb:7")


def utc(*parts: int) -> datetime:
    """Return a time, UTC."""
    year, month, day, hour, minute = parts
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
