"""Letters, referrals and requests to remove, as the casework step applies them: what is refused, and what changes."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pipeline.vocabulary.activity import ActivityKind
from pipeline.vocabulary.assistance import Assistance, Letter, TakedownOutcome
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Direction
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, a_detection, a_finding, an_event
from tests.processors.casework.desk import Desk, an_activity

LATER = NOON + timedelta(days=2)
ASKED = Assistance(asked_by="Head of Communications", paragraph="5.2.11", deadline=LATER)


def opened(desk: Desk, direction: Direction = Direction.OUTBOUND, **changes: Any) -> Incident:
    finding = a_finding(Category.OFFENSIVE_LANGUAGE, Level.MODERATE)
    desk.put(a_detection(an_event(1, direction=direction, **changes), finding))
    return next(iter(desk.incidents.values()))


def act(desk: Desk, incident: Incident, kind: ActivityKind, number: int = 1, **changes: Any) -> Incident:
    desk.put(an_activity(incident, kind, number, **changes))
    return desk.incidents[incident.incident_id]


def refused(incident: Incident) -> str | None:
    last = incident.timeline[-1]
    return last.detail if last.code == "refused" else None


def test_a_letter_is_recorded_and_is_part_of_no_complaint() -> None:
    desk = Desk()
    before = opened(desk)
    after = act(desk, before, ActivityKind.PROMPT, assistance=Assistance(letter=Letter.OWN_VIEWS))
    assert [(one.letter, one.by) for one in after.prompts] == [(Letter.OWN_VIEWS, "sam")]
    assert (after.complaints, after.level, after.state, after.referral) == ((), before.level, before.state, None)
    assert (after.timeline[-1].code, after.timeline[-1].detail) == ("prompted", "own_views")
    assert desk.alerts == []


def test_a_letter_is_not_for_what_a_resident_wrote() -> None:
    desk = Desk()
    incident = opened(desk, Direction.INBOUND)
    after = act(desk, incident, ActivityKind.PROMPT, assistance=Assistance(letter=Letter.SAFETY))
    assert after.prompts == ()
    assert "a resident wrote this" in (refused(after) or "")


def test_a_referral_has_its_complaint_reference_once() -> None:
    desk = Desk()
    after = act(desk, opened(desk), ActivityKind.REFER, complaint="SC/2026/014")
    assert after.referral is not None
    assert (after.referral.complaint, after.complaints) == ("SC/2026/014", ("SC/2026/014",))
    again = act(desk, after, ActivityKind.REFER, 2, complaint="SC/2026/015")
    assert again.referral == after.referral
    assert refused(again) == "it was referred already, under SC/2026/014"


@pytest.mark.parametrize(
    ("category", "complaint", "reason"),
    [
        (Category.ABUSE, "SC/2026/014", "only what a councillor's account wrote"),
        (Category.MISUSE_REPORT, "", "no complaint reference"),
        (Category.MISUSE_REPORT, "SC/2026/014", None),
    ],
)
def test_a_report_of_misuse_is_referred_and_other_inbound_is_not(
    category: Category, complaint: str, reason: str | None
) -> None:
    desk = Desk()
    desk.put(a_detection(an_event(1), a_finding(category)))
    after = act(desk, next(iter(desk.incidents.values())), ActivityKind.REFER, complaint=complaint)
    assert (refused(after) is None) is (reason is None)
    assert reason is None or reason in (refused(after) or "")


def test_a_request_to_remove_and_what_became_of_it() -> None:
    desk = Desk()
    incident = opened(desk)
    asked = act(desk, incident, ActivityKind.ASK_REMOVAL, assistance=ASKED, text="names a tenant")
    (request,) = asked.takedowns
    event = incident.evidence[0].event
    assert (request.asked_by, request.recorded_by, request.reason) == (
        "Head of Communications",
        "sam",
        "names a tenant",
    )
    assert (request.paragraph, request.deadline, request.outcome) == ("5.2.11", LATER, None)
    assert (request.event_id, request.content_hash) == (event.event_id, event.content_hash)
    told = Assistance(request_id=request.request_id, outcome=TakedownOutcome.REFUSED)
    closed = act(desk, asked, ActivityKind.CLOSE_REMOVAL, 2, assistance=told, by="kim")
    assert (closed.takedowns[0].outcome, closed.takedowns[0].outcome_by) == (TakedownOutcome.REFUSED, "kim")
    assert closed.evidence == incident.evidence
    desk.restart()
    assert refused(act(desk, closed, ActivityKind.CLOSE_REMOVAL, 3, assistance=told)) is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"assistance": msgspec.structs.replace(ASKED, asked_by=" ")}, "who asks"),
        ({"text": ""}, "who asks and the reason"),
        ({"assistance": msgspec.structs.replace(ASKED, paragraph="99")}, "no paragraph"),
        ({"assistance": msgspec.structs.replace(ASKED, deadline=None)}, "the deadline is missing"),
        ({"assistance": msgspec.structs.replace(ASKED, deadline=NOON)}, "has passed"),
        ({"assistance": None}, "who asks"),
    ],
    ids=["nobody asks", "no reason", "no paragraph", "no deadline", "passed", "empty"],
)
def test_a_request_that_lacks_something_is_refused(changes: dict[str, Any], said: str) -> None:
    desk = Desk()
    plain: dict[str, Any] = {"assistance": ASKED, "text": "names a tenant"}
    after = act(desk, opened(desk), ActivityKind.ASK_REMOVAL, **(plain | changes))
    assert after.takedowns == ()
    assert said in (refused(after) or "")


@pytest.mark.parametrize("changes", [{"text": None}, {"text": "gone", "action": Action.DELETE}])
def test_without_captured_evidence_the_request_is_blocked(changes: dict[str, Any]) -> None:
    desk = Desk()
    after = act(desk, opened(desk, **changes), ActivityKind.ASK_REMOVAL, assistance=ASKED, text="names a tenant")
    assert after.takedowns == ()
    assert "the evidence is not captured" in (refused(after) or "")


def test_two_open_requests_are_one_too_many() -> None:
    desk = Desk()
    asked = act(desk, opened(desk), ActivityKind.ASK_REMOVAL, assistance=ASKED, text="names a tenant")
    again = act(desk, asked, ActivityKind.ASK_REMOVAL, 2, assistance=ASKED, text="still there")
    assert len(again.takedowns) == 1
    assert "open already" in (refused(again) or "")
