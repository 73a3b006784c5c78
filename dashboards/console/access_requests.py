"""Requests of people for what is held about them (7.3.5), with the clock of one calendar month.

Beside the flow, in console.db. A request has a reference and dates and no name: whom it is about stands in the
Council's own case file. The clock stops while identity or a clarification is awaited, and two months can be added.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dashboards.console.database import ConsoleDatabase
from processors.retention import months_after

_REFERENCE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9/._-]{2,39}")
_MONTHS, _MONTHS_EXTENDED = 1, 3


class RequestRefused(ValueError):
    """What cannot be done. field is the form's field, the message says what to enter."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class RequestAct(StrEnum):
    """What is done to a request."""

    PAUSE = "pause"
    GO_ON = "go_on"
    EXTEND = "extend"
    CLOSE = "close"

    @property
    def label(self) -> str:
        """Return the words people read."""
        words = {"pause": "Stop the clock", "go_on": "Let the clock run", "extend": "Add two months", "close": "Close"}
        return words[self.value]


@dataclass(frozen=True)
class AccessRequest:
    """One request. paused_days counts the pauses that have ended; days are the Council's."""

    reference: str
    received_on: date
    extended: bool = False
    paused_on: date | None = None
    paused_days: int = 0
    closed_on: date | None = None

    def due_on(self, today: date) -> date:
        """Return the day by which it must be answered, as it stands today."""
        start = datetime.combine(self.received_on, datetime.min.time())
        plain = months_after(start, _MONTHS_EXTENDED if self.extended else _MONTHS).date()
        running = (today - self.paused_on).days if self.paused_on is not None else 0
        return plain + timedelta(days=self.paused_days + running)

    @property
    def acts(self) -> tuple[RequestAct, ...]:
        """Return what can be done to it now."""
        if self.closed_on is not None:
            return ()
        clock = RequestAct.PAUSE if self.paused_on is None else RequestAct.GO_ON
        return (clock, *(() if self.extended else (RequestAct.EXTEND,)), RequestAct.CLOSE)


class AccessRequests:
    """The requests in one console.db."""

    def __init__(self, database: ConsoleDatabase, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def today(self, zone: ZoneInfo) -> date:
        """Return the day it is at the Council."""
        return self._clock().astimezone(zone).date()

    def add(self, reference: str, received_on: date | None, today: date) -> AccessRequest:
        """Add a request. Raises RequestRefused."""
        named = reference.strip().upper()
        if not _REFERENCE.fullmatch(named):
            raise RequestRefused("reference", "Enter the reference of the request, such as SAR/2026/003")
        if received_on is None or received_on > today:
            raise RequestRefused("received", "Enter the day it was received, as a real date that is not in the future")
        if self.get(named) is not None:
            raise RequestRefused("reference", f"{named} is there already")
        made = AccessRequest(named, received_on)
        self._write(made)
        return made

    def act(self, reference: str, act: RequestAct, today: date) -> AccessRequest:
        """Stop the clock, let it run, extend or close. Raises RequestRefused."""
        found = self.get(reference)
        if found is None or act not in found.acts:
            raise RequestRefused("act", "That cannot be done to this request now: load the page again")
        changed = _acted(found, act, today)
        self._write(changed)
        return changed

    def get(self, reference: str) -> AccessRequest | None:
        """Return one request."""
        return next((one for one in self.list() if one.reference == reference), None)

    def list(self) -> list[AccessRequest]:
        """Return all requests, the oldest first."""
        rows = self._database.rows("SELECT * FROM access_requests ORDER BY received_on, reference")
        return [
            AccessRequest(
                row["reference"],
                date.fromisoformat(row["received_on"]),
                bool(row["extended"]),
                date.fromisoformat(row["paused_on"]) if row["paused_on"] else None,
                row["paused_days"],
                date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
            )
            for row in rows
        ]

    def _write(self, one: AccessRequest) -> None:
        values = (one.reference, str(one.received_on), int(one.extended), _day(one.paused_on), one.paused_days)
        with self._database.transaction() as change:
            change.execute(
                "INSERT OR REPLACE INTO access_requests VALUES (?, ?, ?, ?, ?, ?)", (*values, _day(one.closed_on))
            )


def _acted(one: AccessRequest, act: RequestAct, today: date) -> AccessRequest:
    if one.paused_on is not None and act in {RequestAct.GO_ON, RequestAct.CLOSE}:
        one = replace(one, paused_on=None, paused_days=one.paused_days + (today - one.paused_on).days)
    match act:
        case RequestAct.PAUSE:
            return replace(one, paused_on=today)
        case RequestAct.GO_ON:
            return one
        case RequestAct.EXTEND:
            return replace(one, extended=True)
        case RequestAct.CLOSE:
            return replace(one, closed_on=today)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
