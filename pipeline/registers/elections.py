"""The pre-election period, from the calendar register: dates that change who is told, and no level.

Read by routing (on the time of the post) and by the console (on the clock). An entry of kind `pre_election_period`
gives the dates; where a polling day (`election`) has none that covers it, the period is the five weeks before it, about
as long as from the last day for the notice of election, until the polls close.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.registers.types import CalendarEntry, Registers

PERIOD, POLLING_DAY = "pre_election_period", "election"
BEFORE_POLLING_DAY = timedelta(weeks=5)


@dataclass(frozen=True)
class PreElection:
    """One period: from `starts_at` up to, not including, `ends_at`. title and place are those of the entry."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


def pre_election(registers: Registers, at: datetime) -> PreElection | None:
    """Return the period that a time falls in, or None; of several the one that ends first."""
    running = [one for one in _periods(registers.calendar) if one.starts_at <= at < one.ends_at]
    return min(running, key=lambda one: (one.ends_at, one.title), default=None)


def _periods(calendar: tuple[CalendarEntry, ...]) -> Iterator[PreElection]:
    given = [_period(one, one.starts_at) for one in calendar if one.kind == PERIOD]
    yield from given
    for one in calendar:
        if one.kind == POLLING_DAY and not any(held.starts_at <= one.starts_at < held.ends_at for held in given):
            yield _period(one, one.starts_at - BEFORE_POLLING_DAY)


def _period(entry: CalendarEntry, starts_at: datetime) -> PreElection:
    return PreElection(entry.title, entry.place, starts_at, end_of(entry))


def end_of(entry: CalendarEntry) -> datetime:
    """Return when an entry ends: as given, else after its minutes."""
    return entry.ends_at or entry.starts_at + timedelta(minutes=entry.minutes)
