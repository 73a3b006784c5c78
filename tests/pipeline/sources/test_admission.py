"""The gate: only what the source registry names, on the day it was seen and today."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from pipeline.registers.types import Registers
from pipeline.sources.admission import admit
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.operations import DeadLetterReason as Reason
from tests.builders import ACCOUNT, NOON, an_event, some_registers


def registers(**changes: Any) -> Registers:
    plain = some_registers()
    account = msgspec.structs.replace(plain.accounts[ACCOUNT], **changes)
    return msgspec.structs.replace(plain, accounts={ACCOUNT: account})


def seen(**changes: Any) -> Observation:
    return an_event(**changes)


DAY = NOON.date()


@pytest.mark.parametrize(
    ("account", "changes", "now", "reason"),
    [
        ({}, {}, NOON, None),
        ({}, {"account": "acc-other"}, NOON, Reason.UNKNOWN_ACCOUNT),
        ({}, {"account": ""}, NOON, Reason.UNKNOWN_ACCOUNT),
        ({"active_until": DAY}, {}, NOON, None),
        ({"active_until": DAY - timedelta(days=1)}, {}, NOON, Reason.ENDED_ACCOUNT),
        ({"active_until": DAY}, {}, NOON + timedelta(days=1), Reason.ENDED_ACCOUNT),
        ({"active_until": DAY}, {"observed_at": NOON + timedelta(days=1)}, NOON, Reason.ENDED_ACCOUNT),
        ({"notice_date": DAY + timedelta(days=1)}, {}, NOON, Reason.NOT_A_SOURCE),
        ({"notice_date": DAY + timedelta(days=1)}, {}, NOON + timedelta(days=1), Reason.NOT_A_SOURCE),
        ({"active_from": DAY + timedelta(days=1)}, {}, NOON, Reason.NOT_A_SOURCE),
        ({"active_from": DAY}, {}, NOON, None),
        ({"agreement_ref": "  "}, {}, NOON, Reason.NOT_A_SOURCE),
        ({}, {"platform": "x"}, NOON, Reason.BAD_FIELD),
    ],
)
def test_gate(account: dict[str, Any], changes: dict[str, Any], now: datetime, reason: Reason | None) -> None:
    refused = admit(seen(**changes), registers(**account), now)
    assert (refused and refused.reason) == reason


def test_days_are_the_councils_days() -> None:
    late_evening_utc = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    ended = registers(active_until=date(2026, 6, 30))
    refused = admit(seen(observed_at=late_evening_utc), ended, late_evening_utc)
    assert refused is not None, "in London it is the first of July"


@pytest.mark.parametrize(
    ("account", "shown"), [("acc-new", True), ("I will find out where you live", False), ("x" * 100, False)]
)
def test_an_explanation_shows_an_id_and_never_words(account: str, shown: bool) -> None:
    refused = admit(seen(account=account), some_registers(), NOON)
    assert refused is not None
    assert (account in refused.explanation) is shown
    assert "accounts.json" in refused.explanation
