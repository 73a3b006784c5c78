"""The incident page: without its words until somebody asks for them, with a reason that goes into the audit log."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.console.acts import outcome
from dashboards.console.audit import AuditAction
from dashboards.console.case import Sources, find_incident, make_case
from dashboards.console.permissions import Permission, holds_leak, may_see
from dashboards.console.purposes import Purpose, PurposeRefused, read_purpose
from dashboards.console.visit import Visit
from pipeline.vocabulary.incident import Incident


def incident(visit: Visit) -> Response:
    """Show an incident with its words hidden, and what became of an act where one was just sent."""
    activity = visit.request.query_params.get("act", "")
    try:
        found = wanted_incident(visit)
    except HTTPException:
        if activity:
            return visit.page("on_its_way.html")
        raise
    visit.record(AuditAction.VIEW, found.reference)
    return show(visit, found, activity=activity)


def reveal(visit: Visit) -> Response:
    """Show an incident with its words, once a purpose is given."""
    found = wanted_incident(visit)
    refusal = _take_purpose(visit, found, AuditAction.REVEAL)
    return refusal or show(visit, found, revealed=True)


def incident_print(visit: Visit) -> Response:
    """Show an incident for printing, without its words."""
    found = wanted_incident(visit)
    visit.record(AuditAction.PRINT, found.reference, words="no")
    return show(visit, found, template="incident_print.html")


def print_words(visit: Visit) -> Response:
    """Show an incident for printing, with its words, once a purpose is given."""
    found = wanted_incident(visit)
    refusal = _take_purpose(visit, found, AuditAction.PRINT, words="yes")
    return refusal or show(visit, found, revealed=True, template="incident_print.html")


def screenshot(visit: Visit) -> Response:
    """Return a screenshot of an incident to whoever may read its words."""
    found = wanted_incident(visit)
    if not visit.reader.may_read_words(found):
        visit.record(AuditAction.REFUSED, found.reference, wanted="screenshot")
        return visit.page("forbidden.html", status=403)
    name = visit.request.path_params["name"]
    urls = {one.url for piece in found.evidence for one in piece.event.attachments}
    kept = visit.desk.evidence.read(name) if f"evidence:{name}" in urls else None
    if kept is None:
        raise HTTPException(404)
    visit.record(AuditAction.SCREENSHOT, found.reference, sha256=name)
    return Response(kept.content, media_type=kept.media_type, headers={"content-disposition": "inline"})


def wanted_incident(visit: Visit) -> Incident:
    """Return the incident that the address names. Raises HTTPException 404 where it is none the visitor may see."""
    found = find_incident(visit.desk.parts.store, visit.request.path_params["incident"])
    if found is None or not may_see(visit.held, found):
        raise HTTPException(404)
    return found


def show(
    visit: Visit, found: Incident, revealed: bool = False, activity: str = "", template: str = "incident.html"
) -> Response:
    """Return the page of an incident."""
    parts = visit.desk.parts
    names = {account.username: account.name for account in parts.accounts.list()}
    sources = Sources(
        parts.store,
        parts.registers(),
        visit.desk.guidance,
        names,
        parts.settings.text("presume_official_capacity"),
        visit.sees_restricted,
    )
    return visit.page(
        template,
        case=make_case(sources, found, revealed),
        registers=parts.registers(),
        outcome=outcome(found, activity) if activity else None,
        purposes=tuple(Purpose),
        usual_purpose=(visit.session.purpose if visit.session else None) or Purpose.SAFETY_INCIDENT,
        complaint=(visit.session.complaint if visit.session else None) or "",
        may_read=visit.reader.may_read_words(found),
        is_leak=holds_leak(found),
        topics={ref: one for ref, one in visit.reader.topics.items() if visit.reader.may_read_words(found)},
        may_handle=visit.may(Permission.HANDLE),
    )


def _take_purpose(visit: Visit, found: Incident, action: AuditAction, **detail: str) -> Response | None:
    """Record a reading of the words before it happens; return the refusal where there is one."""
    if not visit.reader.may_read_words(found):
        visit.record(AuditAction.REFUSED, found.reference, wanted=action.value)
        return visit.page("forbidden.html", status=403)
    try:
        why = read_purpose(visit.form.text("purpose"), visit.form.text("complaint"))
    except PurposeRefused as error:
        return visit.page("purpose_again.html", status=422, incident=found, error=error, action=action.value)
    visit.record(action, found.reference, why, **detail)
    return None
