"""When the time of an incident is up (7.3.3): the schedule, and what it says of one incident. Pure but for the reading.

Beside the flow. Nothing is deleted by it: the console lists what is due, and a person decides (`ActivityKind.DELETE`).
"""

import calendar
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from pipeline.vocabulary.incident import Incident, IncidentKind, VerdictCode
from pipeline.vocabulary.levels import ALERTING

SHIPPED = Path(__file__).with_name("retention.toml")
OWN_FILE = "retention.toml"
_COUNTED = frozenset({IncidentKind.AUTHOR, IncidentKind.PILE_ON, IncidentKind.MANUAL})


class ScheduleError(ValueError):
    """A schedule that cannot be used; the message names the field and the cure."""


class Months(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many months each is kept."""

    complaint: int
    critical: int
    high: int
    moderate: int
    low: int
    not_a_finding: int
    other: int


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A retention schedule."""

    version: str
    months: Months

    @property
    def shortest(self) -> int:
        """Return the fewest months that anything is kept."""
        return min(int(getattr(self.months, name)) for name in Months.__struct_fields__)


@dataclass(frozen=True)
class Due:
    """When the time of an incident is up, and by which line of the schedule."""

    rule: str
    at: datetime


def load_schedule(home: Path) -> Schedule:
    """Return the schedule of a home, or the one that ships. Raises ScheduleError."""
    own = home / OWN_FILE
    path = own if own.exists() else SHIPPED
    try:
        schedule = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Schedule)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScheduleError(f"{path.name}: {error}: write version and every line of [months] as a number") from error
    if schedule.shortest < 1:
        raise ScheduleError(f"{path.name}: months: give 1 or more in every line")
    return schedule


def due(incident: Incident, schedule: Schedule) -> Due | None:
    """Return when an incident may be deleted; None while it is on hold, disputed or restricted, or open and serious."""
    if incident.kept_as:
        return None
    rule, since = _rule(incident)
    return Due(rule, months_after(since, getattr(schedule.months, rule))) if since is not None else None


def _rule(incident: Incident) -> tuple[str, datetime | None]:
    verdict = incident.verdict
    if incident.complaints:
        return "complaint", incident.closed_at
    if incident.kind not in _COUNTED:
        return "other", incident.last_posted_at
    if verdict is not None and verdict.code is VerdictCode.NOT_A_FINDING:
        return "not_a_finding", verdict.at
    if incident.level in ALERTING:
        return incident.level.value, incident.closed_at
    return incident.level.value, incident.last_posted_at


def months_after(at: datetime, months: int) -> datetime:
    """Return the same time so many months on (or back), on the last day of a month that has no such day."""
    years, month = divmod(at.month - 1 + months, 12)
    year = at.year + years
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)
