"""What officers do about an incident: acknowledge, verdict, note, gather. Each is sent as an act, then looked for."""

from typing import Any

from starlette.responses import Response

from dashboards.console.acts import activity_id, send, wait_for
from dashboards.console.audit import AuditAction
from dashboards.console.pages.incident import wanted_incident
from dashboards.console.purposes import PurposeRefused, read_complaint
from dashboards.console.visit import Visit, see_other
from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.incident import Incident, VerdictCode
from pipeline.vocabulary.levels import Level

LONGEST_TEXT = 5000


def acknowledge(visit: Visit) -> Response:
    """Take an incident on."""
    return act_on(visit, wanted_incident(visit), AuditAction.ACKNOWLEDGE)


def verdict(visit: Visit) -> Response:
    """Give a verdict, with its reason."""
    found = wanted_incident(visit)
    code, level, reason = (visit.form.text(name) for name in ("verdict", "level", "reason"))
    if code not in set(VerdictCode):
        return ask_again(visit, found, "verdict", "Select a verdict")
    if code == VerdictCode.LEVEL_CHANGED and level not in set(Level):
        return ask_again(visit, found, "level", "Select the level it should have")
    if not reason or len(reason) > LONGEST_TEXT:
        return ask_again(visit, found, "reason", f"Enter the reason, in {LONGEST_TEXT} characters or fewer")
    changed = Level(level) if code == VerdictCode.LEVEL_CHANGED else None
    detail = {"verdict": code} | ({"level": changed.value} if changed else {})
    return act_on(visit, found, AuditAction.VERDICT, detail, verdict=VerdictCode(code), level=changed, text=reason)


def note(visit: Visit) -> Response:
    """Add a note."""
    found, text = wanted_incident(visit), visit.form.text("note")
    if not text or len(text) > LONGEST_TEXT:
        return ask_again(visit, found, "note", f"Enter the note, in {LONGEST_TEXT} characters or fewer")
    return act_on(visit, found, AuditAction.NOTE, text=text)


def gather(visit: Visit) -> Response:
    """Put an incident under a complaint."""
    found = wanted_incident(visit)
    try:
        complaint = read_complaint(visit.form.text("complaint"))
    except PurposeRefused as error:
        return ask_again(visit, found, "complaint", str(error))
    return act_on(visit, found, AuditAction.GATHER, {"complaint": complaint}, complaint=complaint)


def send_act(visit: Visit, found: Incident, action: AuditAction, token: str, **content: Any) -> str:
    """Put one act on the log; return its id. Raises LogUnavailable: nothing was done."""
    activity = Activity(
        activity_id=activity_id(found.incident_id, visit.username, token),
        incident_id=found.incident_id,
        concern=found.concern,
        kind=ActivityKind(action.value),
        by=visit.username,
        at=visit.desk.parts.clock(),
        seen_version=_seen(visit, found),
        **content,
    )
    send(visit.desk.parts.log, activity)
    return activity.activity_id


def act_on(
    visit: Visit, found: Incident, action: AuditAction, detail: dict[str, str] | None = None, **content: Any
) -> Response:
    """Record an act in the audit log, send it, wait a moment for it, and go back to the incident."""
    token = f"{action.value}:{visit.form.text('form_token')}"
    visit.record(action, found.reference, ("", ""), **(detail or {}))
    sent = send_act(visit, found, action, token, **content)
    wait_for(visit.desk.parts.store, found.incident_id, sent)
    return see_other(f"/incidents/{found.reference}?act={sent}")


def _seen(visit: Visit, found: Incident) -> int:
    """Return the version on the person's screen; a list that does not carry it acts on what stands now."""
    seen = visit.form.text("seen_version")
    return int(seen) if seen.isdigit() and len(seen) < 10 else found.version


def ask_again(visit: Visit, found: Incident, field: str, message: str) -> Response:
    """Return the page that says what is missing of an act."""
    context = {"incident": found, "field": field, "message": message, "sent": visit.form.plain()}
    return visit.page("act_again.html", status=422, **context)
