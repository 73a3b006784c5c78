"""The pre-election period: as the calendar gives it, or the weeks before a polling day; calendars that cannot be."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboards.demo import REGISTERS
from pipeline.registers.elections import pre_election
from pipeline.registers.load import RegisterError, load_registers
from pipeline.registers.types import CalendarEntry
from tests.builders import some_registers

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
POLL = datetime(2026, 5, 7, 7, tzinfo=LONDON)
POLLING_DAY = CalendarEntry(id="poll", kind="election", title="Polling day", starts_at=POLL, minutes=900)
PERIOD = CalendarEntry(
    id="pre",
    kind="pre_election_period",
    title="Borough elections",
    starts_at=datetime(2026, 3, 23, tzinfo=LONDON),
    ends_at=datetime(2026, 5, 7, 22, tzinfo=LONDON),
)


def title(at: datetime, *calendar: CalendarEntry) -> str | None:
    found = pre_election(some_registers(calendar=calendar), at)
    return found.title if found is not None else None


@pytest.mark.parametrize(
    ("at", "within"),
    [
        (PERIOD.starts_at - timedelta(seconds=1), False),
        (PERIOD.starts_at, True),
        (POLL + timedelta(hours=14, minutes=59), True),
        (POLL + timedelta(hours=15), False),
    ],
    ids=["just before", "first moment", "last minute of the poll", "polls closed"],
)
def test_the_dates_are_those_of_the_entry(at: datetime, within: bool) -> None:
    assert title(at, PERIOD, POLLING_DAY) == ("Borough elections" if within else None)


def test_a_polling_day_alone_has_five_weeks_before_it() -> None:
    assert title(POLL - 34 * DAY, POLLING_DAY) == "Polling day"
    assert title(POLL - 36 * DAY, POLLING_DAY) is None
    assert title(POLL + timedelta(hours=16), POLLING_DAY) is None


def test_other_meetings_are_no_election() -> None:
    cabinet = CalendarEntry(id="cab", kind="cabinet", title="Cabinet", starts_at=POLL, minutes=900)
    assert title(POLL + timedelta(hours=1), cabinet) is None
    assert title(POLL) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts_at": "2026-05-07T07:00:00"}, "a time has no offset"),
        ({"minutes": 0}, "it ends before it begins"),
        ({"ends_at": "2026-05-01T07:00:00+01:00"}, "it ends before it begins"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    copytree(REGISTERS, tmp_path, dirs_exist_ok=True)
    entry = {"id": "poll", "kind": "election", "title": "Poll", "starts_at": POLL.isoformat(), "minutes": 900}
    (tmp_path / "calendar.json").write_text(json.dumps([entry | change]), encoding="utf-8")
    with pytest.raises(RegisterError, match=said):
        load_registers(tmp_path)
