"""The retention schedule: when the time of an incident is up, and when it never is."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState, Verdict, VerdictCode
from pipeline.vocabulary.keeping import Dispute, Hold, Restriction
from pipeline.vocabulary.levels import Level
from processors.retention import SHIPPED, Months, ScheduleError, due, load_schedule, months_after
from tests.builders import NOON, a_detection, a_finding, an_incident

CLOSED = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def one(level: Level = Level.LOW, **changes: Any) -> Incident:
    return an_incident(a_detection(None, a_finding(level=level)), **changes)


def closed(level: Level = Level.LOW, code: VerdictCode = VerdictCode.CONFIRMED, **changes: Any) -> Incident:
    verdict = Verdict(code=code, level=None, reason="r", by="sam", at=CLOSED)
    return one(level, state=IncidentState.CLOSED, closed_at=CLOSED, verdict=verdict, **changes)


@pytest.mark.parametrize(
    ("incident", "rule", "at"),
    [
        (one(Level.LOW), "low", datetime(2026, 9, 9, 12, 0, tzinfo=UTC)),
        (one(Level.MODERATE), "moderate", datetime(2027, 3, 9, 12, 0, tzinfo=UTC)),
        (closed(Level.HIGH), "high", datetime(2029, 4, 1, 9, 0, tzinfo=UTC)),
        (closed(Level.CRITICAL), "critical", datetime(2029, 4, 1, 9, 0, tzinfo=UTC)),
        (closed(Level.HIGH, VerdictCode.NOT_A_FINDING), "not_a_finding", datetime(2026, 7, 1, 9, 0, tzinfo=UTC)),
        (closed(Level.LOW, complaints=("SC/1",)), "complaint", datetime(2032, 4, 1, 9, 0, tzinfo=UTC)),
        (one(kind=IncidentKind.ADVICE), "other", datetime(2026, 6, 9, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_time_of_an_incident_is_up_by_its_line(incident: Incident, rule: str, at: datetime) -> None:
    found = due(incident, load_schedule(Path("no-home")))
    assert found is not None
    assert (found.rule, found.at) == (rule, at)


HELD = Hold(reason="r", by="dpo", at=NOON, review_on=date(2026, 6, 1))
DISPUTED = Dispute(dispute_id="d", statement="s", by="dpo", at=NOON)
RESTRICTED = Restriction(reason="r", by="dpo", at=NOON)


@pytest.mark.parametrize(
    "incident",
    [
        one(Level.CRITICAL),
        one(Level.HIGH),
        one(complaints=("SC/1",)),
        one(hold=HELD),
        one(disputes=(DISPUTED,)),
        one(restriction=RESTRICTED),
    ],
)
def test_what_is_open_and_serious_or_kept_for_a_reason_is_never_due(incident: Incident) -> None:
    assert due(incident, load_schedule(Path("no-home"))) is None


def test_months_end_on_the_last_day_there_is() -> None:
    assert months_after(datetime(2026, 8, 31, tzinfo=UTC), 6) == datetime(2027, 2, 28, tzinfo=UTC)
    assert months_after(datetime(2026, 3, 31, tzinfo=UTC), -1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_after(datetime(2026, 1, 15, tzinfo=UTC), 12) == datetime(2027, 1, 15, tzinfo=UTC)


def test_a_councils_own_schedule_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    own = SHIPPED.read_text(encoding="utf-8").replace("low = 6", "low = 9")
    (tmp_path / "retention.toml").write_text(own, encoding="utf-8")
    assert load_schedule(tmp_path).months.low == 9
    assert load_schedule(tmp_path / "elsewhere").months.low == 6


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("low = 6", "low = 0", "give 1 or more"),
        ("low = 6", 'low = "six"', "low"),
        ("low = 6", "lowest = 6", "lowest"),
        ("[months]", "[months", "retention.toml"),
    ],
)
def test_a_schedule_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace(before, after)
    (tmp_path / "retention.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScheduleError, match=said):
        load_schedule(tmp_path)


def test_every_line_of_the_schedule_has_its_words() -> None:
    from dashboards.console.wording import SCHEDULE

    assert set(SCHEDULE) == set(Months.__struct_fields__)
