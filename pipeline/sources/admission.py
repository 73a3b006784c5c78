"""Who may be listened to: the one gate between the source registry and everything collected.

First in the flow, before anything is written: the file source and the webhook ask it, and reconcile asks again as the
last gate, for a register may have changed while an observation stood in the log. What is refused here leaves no text.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.dead_letters import Refusal
from pipeline.registers.types import Account, Registers
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.operations import DeadLetterReason as Reason

WITHOUT_TEXT = frozenset({Reason.UNKNOWN_ACCOUNT, Reason.ENDED_ACCOUNT, Reason.NOT_A_SOURCE, Reason.BAD_JSON})
"""Reasons whose dead letters hold no payload: it may not be collected, or nobody can tell whose it is."""

_SAFE_ID = re.compile(r"[A-Za-z0-9._:@-]{1,64}")


def admit(seen: Observation, registers: Registers, now: datetime) -> Refusal | None:
    """Return why an observation may not be collected at `now` (aware), or None where it may.

    Its account must be a source both on the day it was seen and today, by the council's calendar: what was seen before
    the notice, or stands in the log when the agreement ends, is refused alike.
    """
    account = registers.accounts.get(seen.account)
    if account is None:
        return Refusal(
            Reason.UNKNOWN_ACCOUNT,
            f"account {_safe(seen.account)}is not in accounts.json: register it with owner, notice date and agreement, "
            "or stop sending it",
        )
    zone = ZoneInfo(registers.council.timezone)
    days = sorted({seen.observed_at.astimezone(zone).date(), now.astimezone(zone).date()})
    refused = _no_source(account, days[0]) or _ended(account, days[-1])
    if refused is None and seen.platform != account.platform:
        return Refusal(
            Reason.BAD_FIELD,
            f"platform is not that of account {account.id} in accounts.json: correct platform or account",
        )
    return refused


def _no_source(account: Account, first: date) -> Refusal | None:
    where = f"account {account.id} is no source"
    if not account.agreement_ref.strip():
        return Refusal(Reason.NOT_A_SOURCE, f"{where}: agreement_ref is empty in accounts.json: enter the agreement")
    if account.notice_date > first:
        return Refusal(Reason.NOT_A_SOURCE, f"{where} before its notice_date in accounts.json: send nothing older")
    if account.active_from > first:
        return Refusal(Reason.NOT_A_SOURCE, f"{where} before active_from in accounts.json: send nothing older")
    return None


def _ended(account: Account, last: date) -> Refusal | None:
    if account.active_until is None or account.active_until >= last:
        return None
    return Refusal(
        Reason.ENDED_ACCOUNT,
        f"account {account.id} has ended (active_until in accounts.json): stop sending it, or renew the agreement",
    )


def _safe(identity: str) -> str:
    """Return an id to show, with a space, or nothing where somebody put words in its place."""
    return f"{identity} " if _SAFE_ID.fullmatch(identity) else ""
