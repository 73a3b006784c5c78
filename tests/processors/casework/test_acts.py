"""What people do: applied, or refused with a reason on the timeline; the same act twice changes nothing."""

from datetime import timedelta

import msgspec
import pytest

from pipeline import ids
from pipeline.vocabulary.activity import Activity, ActivityKind, ManualRecord
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState, VerdictCode
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetterReason
from tests.builders import NOON, PERSON, an_event
from tests.processors.casework.desk import Desk, a_verdict, an_activity, at_level, incidents_of

ACK, NOTE, GATHER, VERDICT = ActivityKind.ACKNOWLEDGE, ActivityKind.NOTE, ActivityKind.GATHER, ActivityKind.VERDICT
HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    return desk.see(an_event(1), at_level(Level.HIGH))


def act(desk: Desk, activity: Activity) -> Incident:
    return incidents_of(desk.put(activity))[-1]


def refusal(incident: Incident) -> str | None:
    """Return why the last act was refused, or None where it was applied."""
    last = incident.timeline[-1]
    return last.detail if last.code == "refused" else None


def test_acknowledge(desk: Desk, incident: Incident) -> None:
    after = act(desk, an_activity(incident, ACK))
    assert (after.state, after.acknowledged_by, after.acknowledged_at) == (
        IncidentState.ACKNOWLEDGED,
        "sam",
        NOON + timedelta(hours=1, minutes=1),
    )
    assert (after.version, after.timeline[-1].code, after.timeline[-1].activity_id) == (2, "acknowledged", "act-1")


@pytest.mark.parametrize(
    ("code", "level", "state", "stands"),
    [
        (VerdictCode.CONFIRMED, None, IncidentState.CLOSED, Level.HIGH),
        (VerdictCode.CONFIRMED, Level.CRITICAL, IncidentState.CLOSED, Level.CRITICAL),
        (VerdictCode.NOT_A_FINDING, None, IncidentState.CLOSED, Level.HIGH),
        (VerdictCode.LEVEL_CHANGED, Level.LOW, IncidentState.ACKNOWLEDGED, Level.LOW),
        (VerdictCode.LEVEL_CHANGED, Level.CRITICAL, IncidentState.ACKNOWLEDGED, Level.CRITICAL),
    ],
)
def test_verdicts(
    desk: Desk, incident: Incident, code: VerdictCode, level: Level | None, state: IncidentState, stands: Level
) -> None:
    after = act(desk, a_verdict(incident, code, level))
    assert (after.state, after.level, after.machine_level) == (state, stands, Level.HIGH)
    assert after.verdict is not None
    assert (after.verdict.code, after.verdict.reason, after.verdict.by) == (code, "looked at it", "sam")
    assert (after.closed_at is not None) is (state is IncidentState.CLOSED)
    assert after.acknowledged_by == "sam"


def test_a_verdict_keeps_who_acknowledged_first(desk: Desk, incident: Incident) -> None:
    mine = act(desk, an_activity(incident, ACK, by="kim"))
    after = act(desk, a_verdict(mine, VerdictCode.CONFIRMED, number=2))
    assert after.acknowledged_by == "kim"


def test_a_closed_incident_can_be_judged_again(desk: Desk, incident: Incident) -> None:
    closed = act(desk, a_verdict(incident, VerdictCode.NOT_A_FINDING))
    after = act(desk, a_verdict(closed, VerdictCode.LEVEL_CHANGED, Level.MODERATE, number=2))
    assert (after.state, after.closed_at, after.level) == (IncidentState.ACKNOWLEDGED, None, Level.MODERATE)


def test_notes_and_complaints(desk: Desk, incident: Incident) -> None:
    act(desk, an_activity(incident, NOTE, 1, text=" rang the councillor "))
    act(desk, an_activity(incident, GATHER, 2, complaint="SC/2026/014"))
    after = act(desk, an_activity(incident, GATHER, 3, complaint="SC/2026/003"))
    assert [(one.note_id, one.text) for one in after.notes] == [("act-1", "rang the councillor")]
    assert after.complaints == ("SC/2026/003", "SC/2026/014")
    assert "rang" not in repr(after.timeline)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kind": VERDICT}, "no verdict"),
        ({"kind": VERDICT, "verdict": VerdictCode.NOT_A_FINDING}, "reason is required"),
        ({"kind": VERDICT, "verdict": VerdictCode.NOT_A_FINDING, "text": "  "}, "reason is required"),
        ({"kind": VERDICT, "verdict": VerdictCode.LEVEL_CHANGED, "text": "x"}, "no level"),
        ({"kind": NOTE, "text": " "}, "empty"),
        ({"kind": GATHER}, "no complaint reference"),
        ({"kind": ActivityKind.RECORD}, "recorded already"),
    ],
)
def test_refused_for_what_is_missing(desk: Desk, incident: Incident, changes: dict[str, object], word: str) -> None:
    after = act(desk, msgspec.structs.replace(an_activity(incident, ACK), **changes))
    assert word in (refusal(after) or "")
    assert after.version == incident.version + 1
    assert (after.state, after.verdict, after.notes) == (incident.state, None, ())
    assert after.timeline[-1].activity_id == "act-1"


def test_no_reason_is_needed_to_clear_what_is_low(desk: Desk) -> None:
    low = desk.see(an_event(1), at_level(Level.LOW))
    assert act(desk, a_verdict(low, VerdictCode.NOT_A_FINDING, text=None)).state is IncidentState.CLOSED


def test_lowering_first_is_no_way_round_the_reason(desk: Desk, incident: Incident) -> None:
    lowered = act(desk, a_verdict(incident, VerdictCode.LEVEL_CHANGED, Level.LOW))
    after = act(desk, a_verdict(lowered, VerdictCode.NOT_A_FINDING, number=2, text=None))
    assert "reason is required" in (refusal(after) or "")


@pytest.mark.parametrize("kind", [ACK, VERDICT])
def test_stale_after_somebody_elses_act(desk: Desk, incident: Incident, kind: ActivityKind) -> None:
    act(desk, an_activity(incident, ACK, 1, by="kim"))
    stale = an_activity(incident, kind, 2, verdict=VerdictCode.CONFIRMED)
    assert "acknowledged by somebody else" in (refusal(act(desk, stale)) or "")
    newer = act(desk, a_verdict(incidents_of(desk.records)[-1], VerdictCode.CONFIRMED, number=3))
    assert refusal(newer) is None


def test_stale_after_a_rise_in_level(desk: Desk, incident: Incident) -> None:
    desk.see(an_event(2, at=NOON + HOUR), at_level(Level.CRITICAL))
    assert "level rose" in (refusal(act(desk, an_activity(incident, ACK))) or "")


@pytest.mark.parametrize("kind", [ACK, VERDICT, NOTE, GATHER])
def test_an_added_event_at_the_same_level_is_not_in_the_way(desk: Desk, incident: Incident, kind: ActivityKind) -> None:
    desk.see(an_event(2, at=NOON + HOUR), at_level(Level.HIGH))
    after = act(
        desk, an_activity(incident, kind, text="why", complaint="SC/2026/014", verdict=VerdictCode.NOT_A_FINDING)
    )
    assert refusal(after) is None


@pytest.mark.parametrize("kind", [NOTE, GATHER])
def test_notes_and_complaints_are_never_stale(desk: Desk, incident: Incident, kind: ActivityKind) -> None:
    act(desk, a_verdict(incident, VerdictCode.CONFIRMED, by="kim"))
    assert refusal(act(desk, an_activity(incident, kind, 2, text="why", complaint="SC/2026/014"))) is None


def test_ones_own_earlier_act_is_not_stale(desk: Desk, incident: Incident) -> None:
    act(desk, an_activity(incident, ACK, 1))
    assert refusal(act(desk, a_verdict(incident, VerdictCode.CONFIRMED, number=2))) is None


def test_acknowledging_twice(desk: Desk, incident: Incident) -> None:
    first = act(desk, an_activity(incident, ACK, 1, by="kim"))
    assert refusal(act(desk, an_activity(first, ACK, 2, by="kim"))) == "it was acknowledged already, by you"
    assert refusal(act(desk, an_activity(first, ACK, 3, by="sam"))) == "it was acknowledged already, by kim"


def test_acknowledging_what_is_closed(desk: Desk, incident: Incident) -> None:
    closed = act(desk, a_verdict(incident, VerdictCode.CONFIRMED))
    assert "closed" in (refusal(act(desk, an_activity(closed, ACK, 2))) or "")


@pytest.mark.parametrize("again", [ACK, NOTE])
def test_the_same_activity_twice_changes_nothing(desk: Desk, incident: Incident, again: ActivityKind) -> None:
    activity = an_activity(incident, again, text="once")
    act(desk, activity)
    assert desk.put(activity) == []
    desk.restart()
    assert desk.put(activity, activity) == []


def test_a_refused_activity_stays_refused_when_it_comes_again(desk: Desk, incident: Incident) -> None:
    activity = an_activity(incident, NOTE, text="")
    act(desk, activity)
    assert desk.put(activity) == []


def by_hand(level: Level = Level.HIGH, person: str | None = PERSON, **changes: object) -> Activity:
    event = an_event(50, "manual:1")
    concern = ids.concern_of(person, None, event.account)
    record = ManualRecord(event=event, person=person, category=Category.ABUSE, paragraph="6.1", level=level)
    plain: dict[str, object] = {
        "activity_id": "hand-1",
        "incident_id": ids.incident_id(concern, "manual:1", event.event_id),
        "concern": concern,
        "kind": ActivityKind.RECORD,
        "by": "sam",
        "at": NOON + HOUR,
        "seen_version": 0,
        "record": record,
    }
    return Activity(**(plain | changes))  # type: ignore[arg-type]


def test_an_incident_recorded_by_hand(desk: Desk) -> None:
    incident = act(desk, by_hand())
    assert (incident.kind, incident.level, incident.person) == (IncidentKind.MANUAL, Level.HIGH, PERSON)
    assert (incident.opened_at, incident.timeline[0].by, incident.timeline[0].activity_id) == (
        NOON + HOUR,
        "sam",
        "hand-1",
    )
    assert (incident.categories, incident.paragraphs) == ((Category.ABUSE,), ("6.1",))
    assert len(desk.alerts) == 2
    assert desk.put(by_hand()) == []


def test_an_incident_recorded_by_hand_gathers_what_the_machine_sees(desk: Desk) -> None:
    act(desk, by_hand(Level.LOW))
    incident = desk.see(an_event(51, "manual:1", at=NOON + HOUR))
    assert (incident.kind, len(incident.evidence)) == (IncidentKind.MANUAL, 2)


@pytest.mark.parametrize(
    ("activity", "word"),
    [
        (by_hand(record=None), "record is missing"),
        (by_hand(concern="person:cllr-other"), "concern does not name"),
        (by_hand(kind=ACK), "incident_id is of no incident"),
        (by_hand(at=NOON.replace(tzinfo=None)), "at has no zone"),
    ],
)
def test_what_no_incident_can_show_is_a_dead_letter(desk: Desk, activity: Activity, word: str) -> None:
    desk.put(activity)
    (letter,) = desk.letters
    assert letter.reason is DeadLetterReason.BAD_FIELD
    assert word in letter.explanation
    assert desk.incidents == {}
