"""When each registered source was last heard, and whether it fell silent: the live page's table of sources. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dashboards.console.wording import MANUAL_ACCOUNT, ROLES
from pipeline.registers.types import Account, Registers
from pipeline.settings import Settings
from pipeline.vocabulary.operations import SourceStatus


class Hearing(StrEnum):
    """Whether a source is heard; each has its word and its colour."""

    RECEIVING = "receiving"
    QUIET = "quiet"
    SILENT = "silent"
    NEVER = "never"

    @property
    def label(self) -> str:
        """Return the word people read."""
        return "Not heard yet" if self is Hearing.NEVER else self.value.capitalize()

    @property
    def tag(self) -> str:
        """Return the class of its tag."""
        colours = {Hearing.RECEIVING: "green", Hearing.QUIET: "yellow", Hearing.SILENT: "red", Hearing.NEVER: "grey"}
        return f"govuk-tag--{colours[self]}"


@dataclass(frozen=True)
class SourceLine:
    """One row of the table. last is None for a source never heard."""

    account: Account
    hearing: Hearing
    last: datetime | None
    silent_for: timedelta | None


def source_lines(
    registers: Registers, statuses: Iterable[SourceStatus], settings: Settings, now: datetime
) -> list[SourceLine]:
    """Return a line for each account whose agreement runs, the longest silent first."""
    heard = {status.account: status.last_received_at for status in statuses}
    lines = [
        _line(one, heard.get(one.id), settings, now) for one in registers.accounts.values() if _runs(one, now.date())
    ]
    return sorted(lines, key=lambda line: (line.last is not None, line.last or now, line.account.id))


def source_name(registers: Registers, account: str) -> str:
    """Return the words for an account on screen; its id if it is not in the register."""
    if account == MANUAL_ACCOUNT:
        return "Recorded by hand, not on a registered account"
    found = registers.accounts.get(account)
    if found is None:
        return account
    return found.display_name or found.handle


def recipient_name(registers: Registers, recipient: str) -> str:
    """Return the words for a recipient of alerts on screen, never the address; its id if it is not in the register."""
    found = next((one for one in registers.recipients if one.id == recipient), None)
    return (found.name or ROLES[found.role]) if found is not None else recipient


def _line(account: Account, last: datetime | None, settings: Settings, now: datetime) -> SourceLine:
    if last is None:
        return SourceLine(account, Hearing.NEVER, None, None)
    silence = now - last
    hearing = Hearing.RECEIVING
    if silence >= timedelta(minutes=settings.number("silence_red_minutes")):
        hearing = Hearing.SILENT
    elif silence >= timedelta(minutes=settings.number("silence_amber_minutes")):
        hearing = Hearing.QUIET
    return SourceLine(account, hearing, last, silence)


def _runs(account: Account, today: date) -> bool:
    return account.active_from <= today and (account.active_until is None or today <= account.active_until)
