"""Retention (7.3.3): what is due by the schedule, what is on hold, and the deletion that a person decides.

The log of deletions is the audit log: reference, line of the schedule and time, nothing else.
"""

from datetime import timedelta

from starlette.responses import Response

from dashboards.console.acts import looked_for
from dashboards.console.audit import AuditAction
from dashboards.console.pages.handling import send_act
from dashboards.console.purposes import Purpose
from dashboards.console.retention import DueIncident, retained, screenshots_held
from dashboards.console.visit import Visit, see_other
from processors.retention import Schedule, ScheduleError, load_schedule

SHOWN = 200
"""Incidents that are listed, and deleted by one act, at most."""
_UNUSED_FOR = timedelta(days=1)


def retention(visit: Visit) -> Response:
    """Show the schedule, what is due, and what is kept for another reason."""
    return _page(visit)


def retention_delete(visit: Visit) -> Response:
    """Delete what was listed as due and is due still."""
    if visit.form.text("looked_through") != "yes":
        return _page(visit, {"looked_through": "Confirm that you looked through the list"})
    listed = dict(zip(visit.form.all("incident"), visit.form.all("version"), strict=False))
    chosen = [one for one in _due(visit) if listed.get(one.incident.incident_id) == str(one.incident.version)]
    for one in chosen:
        why = (Purpose.RETENTION_REVIEW.value, "")
        visit.record(AuditAction.DELETE, one.incident.reference, why, rule=one.due.rule)
        send_act(visit, one.incident, AuditAction.DELETE, f"retention:{visit.form.text('form_token')}")
    store = visit.desk.parts.store
    looked_for(lambda: all(store.get(one.incident.incident_id) is None for one in chosen) or None)
    _forget_screenshots(visit)
    return see_other(f"/retention?deleted={len(chosen)}")


def _due(visit: Visit) -> tuple[DueIncident, ...]:
    parts, schedule = visit.desk.parts, _schedule(visit)[0]
    return retained(parts.store, schedule, parts.clock()).now_due[:SHOWN] if schedule is not None else ()


def _schedule(visit: Visit) -> tuple[Schedule | None, str]:
    """Return the schedule as it stands, or what is wrong with the Council's own: then nothing is due."""
    try:
        return load_schedule(visit.desk.parts.settings.home), ""
    except ScheduleError as error:
        return None, str(error)


def _forget_screenshots(visit: Visit) -> None:
    """Remove the screenshots that no incident holds any more; a form that is being filled in may hold a new one."""
    held = screenshots_held(visit.desk.parts.store)
    if held is not None:
        visit.desk.evidence.remove_others(held, visit.desk.parts.clock() - _UNUSED_FOR)


def _page(visit: Visit, errors: dict[str, str] | None = None) -> Response:
    parts, (schedule, problem) = visit.desk.parts, _schedule(visit)
    if schedule is None:
        return visit.page("retention_fault.html", problem=problem)
    found = retained(parts.store, schedule, parts.clock())
    deleted = visit.request.query_params.get("deleted", "")
    return visit.page(
        "retention.html",
        status=422 if errors else 200,
        errors=errors or {},
        schedule=schedule,
        found=found,
        listed=found.now_due[:SHOWN],
        soon=found.soon_due[:SHOWN],
        deleted=int(deleted) if deleted.isdecimal() and len(deleted) < 6 else None,
        registers=parts.registers(),
    )
