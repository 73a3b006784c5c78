"""On hold, disputed, restricted, deleted: what the casework step makes of each act, and what it refuses."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from pipeline.topics import INCIDENTS
from pipeline.vocabulary.activity import ActivityKind
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.keeping import KeepingMark
from tests.builders import NOON, a_detection, an_event
from tests.processors.casework.desk import Desk, an_activity

IN_MAY = KeepingMark(review_on=date(2026, 5, 9))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def opened(desk: Desk) -> Incident:
    return desk.see(an_event(1))


def act(desk: Desk, incident: Incident, kind: ActivityKind, number: int = 1, **changes: Any) -> Incident:
    desk.put(an_activity(incident, kind, number, **changes))
    return desk.incidents[incident.incident_id]


def refused(incident: Incident) -> str:
    last = incident.timeline[-1]
    assert last.code == "refused", last
    return last.detail or ""


def test_a_hold_stands_until_it_is_released_and_changes_nothing_else(desk: Desk) -> None:
    before = opened(desk)
    held = act(desk, before, ActivityKind.HOLD, text="Complaint SC/2026/014", keeping=IN_MAY)
    assert held.hold is not None
    assert (held.hold.reason, held.hold.by, held.hold.review_on) == ("Complaint SC/2026/014", "sam", date(2026, 5, 9))
    assert (held.kept_as, held.timeline[-1].code) == (("on_hold",), "held")
    same = msgspec.structs.replace(
        held, hold=None, version=before.version, timeline=before.timeline, updated_at=before.updated_at,
        applied_activities=before.applied_activities,
    )  # fmt: skip
    assert same == before
    released = act(desk, held, ActivityKind.RELEASE, 2)
    assert (released.hold, released.timeline[-1].code) == (None, "released")
    assert refused(act(desk, released, ActivityKind.RELEASE, 3)) == "it is not on hold"


@pytest.mark.parametrize(
    ("text", "mark", "said"),
    [
        ("", IN_MAY, "needs its reason"),
        ("r", None, "day of the review"),
        ("r", KeepingMark(review_on=NOON.date()), "day of the review"),
        ("r", KeepingMark(review_on=NOON.date() + timedelta(days=185)), "more than six months"),
    ],
)
def test_a_hold_wants_a_reason_and_a_review_within_six_months(
    desk: Desk, text: str, mark: KeepingMark | None, said: str
) -> None:
    after = act(desk, opened(desk), ActivityKind.HOLD, text=text, keeping=mark)
    assert said in refused(after)
    assert after.hold is None


def test_a_statement_stands_beside_the_evidence_also_when_it_is_settled(desk: Desk) -> None:
    before = opened(desk)
    disputed = act(desk, before, ActivityKind.DISPUTE, text="It was my sister who wrote it")
    assert (disputed.disputed, disputed.evidence) == (True, before.evidence)
    (made,) = disputed.disputes
    wrong = act(desk, disputed, ActivityKind.SETTLE, 2, text="so it was", keeping=KeepingMark(dispute_id="another"))
    assert "no open dispute" in refused(wrong)
    mark = KeepingMark(dispute_id=made.dispute_id)
    settled = act(desk, wrong, ActivityKind.SETTLE, 3, text="So it was", keeping=mark)
    assert settled.disputed is False
    (kept,) = settled.disputes
    assert (kept.statement, kept.outcome, kept.settled_by) == ("It was my sister who wrote it", "So it was", "sam")
    again = act(desk, settled, ActivityKind.SETTLE, 4, text="x", keeping=mark)
    assert "no open dispute" in refused(again)


@pytest.mark.parametrize(
    ("kind", "said"),
    [(ActivityKind.DISPUTE, "statement is empty"), (ActivityKind.SETTLE, "what was found"),
     (ActivityKind.RESTRICT, "needs its reason"), (ActivityKind.LIFT, "it is not restricted")],
)  # fmt: skip
def test_what_is_missing_is_said(desk: Desk, kind: ActivityKind, said: str) -> None:
    assert said in refused(act(desk, opened(desk), kind, text=" "))


def test_a_restriction_is_lifted_again(desk: Desk) -> None:
    restricted = act(desk, opened(desk), ActivityKind.RESTRICT, text="accuracy is disputed")
    assert restricted.restriction is not None
    assert restricted.kept_as == ("restricted",)
    assert refused(act(desk, restricted, ActivityKind.RESTRICT, 2, text="again")) == "it is restricted already"
    lifted = act(desk, desk.incidents[restricted.incident_id], ActivityKind.LIFT, 3)
    assert (lifted.restriction, lifted.timeline[-1].code) == (None, "lifted")


def test_what_is_deleted_leaves_a_tombstone_and_is_forgotten(desk: Desk) -> None:
    incident = opened(desk)
    delete = an_activity(incident, ActivityKind.DELETE)
    (record,) = desk.put(delete)
    assert (record.topic, record.key, record.value) == (INCIDENTS.name, incident.incident_id, None)
    assert record.routing_key == incident.concern
    assert desk.put(delete) == []
    assert desk.letters == []
    after = desk.see(an_event(2))
    assert after.incident_id != incident.incident_id
    assert list(after.event_times) == [an_event(2).event_id]


def test_a_new_incident_of_the_same_author_in_the_same_batch_stands_beside_the_tombstone(desk: Desk) -> None:
    incident = opened(desk)
    out = desk.put(an_activity(incident, ActivityKind.DELETE), a_detection(an_event(2)))
    written = [(one.key == incident.incident_id, one.value is None) for one in out if one.topic == INCIDENTS.name]
    assert written == [(True, True), (False, False)]


def test_what_is_deleted_is_not_known_after_a_restart_either(desk: Desk) -> None:
    incident = opened(desk)
    desk.put(an_activity(incident, ActivityKind.DELETE))
    desk.restart()
    desk.put(an_activity(incident, ActivityKind.NOTE, 4, text="too late"))
    assert "may have been erased" in desk.letters[-1].explanation


@pytest.mark.parametrize(
    ("kind", "said"),
    [(ActivityKind.HOLD, "on hold"), (ActivityKind.DISPUTE, "disputed"), (ActivityKind.RESTRICT, "restricted")],
)
def test_nothing_is_deleted_while_it_is_kept_for_a_reason(desk: Desk, kind: ActivityKind, said: str) -> None:
    kept = act(desk, opened(desk), kind, text="r", keeping=IN_MAY)
    after = act(desk, kept, ActivityKind.DELETE, 2)
    assert refused(after) == f"it is {said}: it is not deleted meanwhile"


def test_nothing_is_deleted_that_changed_since_the_list_was_made(desk: Desk) -> None:
    incident = opened(desk)
    act(desk, incident, ActivityKind.NOTE, 2, text="news")
    assert "has changed since the list" in refused(act(desk, incident, ActivityKind.DELETE, 3))
