"""Letters, referrals and requests to remove: an officer reads what is prepared, acts, and records that it was done."""

from datetime import datetime, time
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.letters import filled, templates
from dashboards.console.pages.handling import LONGEST_TEXT, act_on, ask_again
from dashboards.console.pages.incident import wanted_incident
from dashboards.console.purposes import PurposeRefused, read_complaint
from dashboards.console.queries import read_day
from dashboards.console.visit import Visit
from pipeline.vocabulary.assistance import Assistance, Letter, TakedownOutcome

DUE = time(17, 0)
"""A deadline is a day: it ends at five in the afternoon, the council's time."""


def letter(visit: Visit) -> Response:
    """Show a letter to copy or print; nothing is sent."""
    found, code = wanted_incident(visit), visit.request.path_params["letter"]
    if code not in set(Letter) or visit.account is None:
        raise HTTPException(404)
    chosen, desk = Letter(code), visit.desk
    text = filled(chosen, found, desk.parts.registers(), desk.guidance, visit.account.name)
    visit.record(AuditAction.VIEW, found.reference, letter=chosen.value)
    return visit.page("letter.html", incident=found, letter=chosen, title=templates()[chosen].title, text=text)


def prompt(visit: Visit) -> Response:
    """Record that a letter was sent by the officer."""
    found, code = wanted_incident(visit), visit.form.text("letter")
    if code not in set(Letter):
        return ask_again(visit, found, "letter", "Select the letter you sent")
    return act_on(visit, found, AuditAction.PROMPT, {"letter": code}, assistance=Assistance(letter=Letter(code)))


def refer(visit: Visit) -> Response:
    """Refer an incident to the Monitoring Officer under a complaint reference."""
    found = wanted_incident(visit)
    try:
        complaint = read_complaint(visit.form.text("complaint"))
    except PurposeRefused as error:
        return ask_again(visit, found, "complaint", str(error))
    return act_on(visit, found, AuditAction.REFER, {"complaint": complaint}, complaint=complaint)


def ask_removal(visit: Visit) -> Response:
    """Record a request to remove the post."""
    found = wanted_incident(visit)
    asked_by, reason, paragraph = (visit.form.text(name) for name in ("asked_by", "removal_reason", "paragraph"))
    due = _deadline(visit)
    wrong = {
        "asked_by": not asked_by or len(asked_by) > 200,
        "removal_reason": not reason or len(reason) > LONGEST_TEXT,
        "paragraph": paragraph not in visit.desk.guidance.by_id,
        "deadline": due is None,
    }
    for field, bad in wrong.items():
        if bad:
            return ask_again(visit, found, field, _MISSING[field])
    asked: dict[str, Any] = {"asked_by": asked_by, "paragraph": paragraph, "deadline": due}
    detail = {"paragraph": paragraph}
    return act_on(visit, found, AuditAction.ASK_REMOVAL, detail, text=reason, assistance=Assistance(**asked))


def close_removal(visit: Visit) -> Response:
    """Record what became of a request to remove."""
    found, outcome = wanted_incident(visit), visit.form.text("outcome")
    if outcome not in set(TakedownOutcome):
        return ask_again(visit, found, "outcome", "Select what became of the request")
    told = Assistance(request_id=visit.form.text("request_id"), outcome=TakedownOutcome(outcome))
    return act_on(visit, found, AuditAction.CLOSE_REMOVAL, {"outcome": outcome}, assistance=told)


def _deadline(visit: Visit) -> datetime | None:
    errors: dict[str, str] = {}
    day = read_day(visit.form.plain(), "deadline", errors)
    return datetime.combine(day, DUE, visit.desk.zone) if day is not None else None


_MISSING = {
    "asked_by": "Enter who asks for the removal",
    "removal_reason": f"Enter the reason, in {LONGEST_TEXT} characters or fewer",
    "paragraph": "Select the paragraph of the Guidance",
    "deadline": "Enter the deadline as a real date, such as 27 3 2026",
}
