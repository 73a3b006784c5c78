"""How an incident is kept: on hold, disputed, restricted. Decided by those who answer for data protection."""

from datetime import date

from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.pages.handling import LONGEST_TEXT, act_on, ask_again
from dashboards.console.pages.incident import wanted_incident
from dashboards.console.queries import read_day
from dashboards.console.visit import Visit
from pipeline.vocabulary.keeping import KeepingMark

_WANTED = {
    AuditAction.HOLD: f"Enter the reason of the hold, in {LONGEST_TEXT} characters or fewer",
    AuditAction.RELEASE: "",
    AuditAction.DISPUTE: f"Enter what is said to be wrong, in {LONGEST_TEXT} characters or fewer",
    AuditAction.SETTLE: f"Enter what was found, in {LONGEST_TEXT} characters or fewer",
    AuditAction.RESTRICT: f"Enter the reason of the restriction, in {LONGEST_TEXT} characters or fewer",
    AuditAction.LIFT: "",
}
"""The acts of keeping, each with what to say where its words are missing; empty: it has none."""


def keep(visit: Visit) -> Response:
    """Hold, release, dispute, settle, restrict or lift, as the form says."""
    found, asked, text = wanted_incident(visit), visit.form.text("act"), visit.form.text("keeping_text")
    action = next((one for one in _WANTED if one.value == asked), None)
    if action is None:
        return ask_again(visit, found, "keeping", "Select what to do")
    if _WANTED[action] and (not text or len(text) > LONGEST_TEXT):
        return ask_again(visit, found, "keeping", _WANTED[action])
    review = _review_day(visit) if action is AuditAction.HOLD else None
    if action is AuditAction.HOLD and review is None:
        return ask_again(visit, found, "keeping", "Enter the day of the review as a real date, such as 27 3 2026")
    mark = KeepingMark(review_on=review, dispute_id=visit.form.text("dispute_id"))
    detail = {"review_on": review.isoformat()} if review is not None else {}
    return act_on(visit, found, action, detail, text=text, keeping=mark)


def _review_day(visit: Visit) -> date | None:
    return read_day(visit.form.plain(), "review", {})
