"""Recording an incident by hand: what an officer saw or was sent, with a link, the text, or a screenshot."""

from collections.abc import Mapping

from starlette.responses import Response

from dashboards.console.acts import send, wait_for
from dashboards.console.audit import AuditAction
from dashboards.console.evidence_files import ScreenshotRefused
from dashboards.console.manual import Known, read_record
from dashboards.console.visit import Visit, see_other
from dashboards.console.wording import MANUAL_ACCOUNT
from pipeline.topics import PLATFORMS
from pipeline.vocabulary.categories import NO_FINDING, Category
from pipeline.vocabulary.levels import Level


def record(visit: Visit) -> Response:
    """Show the form."""
    return _form_page(visit, {}, {})


def record_post(visit: Visit) -> Response:
    """Send the record to the log, and go to the incident it opens."""
    sent, parts = visit.form.plain(), visit.desk.parts
    known = Known(parts.registers(), visit.desk.guidance, visit.desk.zone, visit.username, parts.clock())
    screenshot: str | None = None
    errors: dict[str, str] = {}
    if visit.form.file:
        try:
            screenshot = visit.desk.evidence.keep(visit.form.file)
        except ScreenshotRefused as error:
            errors["screenshot"] = str(error)
    recorded = read_record(sent, screenshot, known)
    if errors or recorded.activity is None:
        return _form_page(visit, sent, {**recorded.errors, **errors})
    activity = recorded.activity
    detail = {"category": sent["category"], "paragraph": sent["paragraph"], "level": sent["level"]}
    visit.record(AuditAction.RECORD, activity.incident_id, ("", ""), **detail)
    send(parts.log, activity)
    wait_for(parts.store, activity.incident_id, activity.activity_id)
    return see_other(f"/incidents/{activity.incident_id}?act={activity.activity_id}")


def _form_page(visit: Visit, sent: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return visit.page(
        "record.html",
        status=422 if errors else 200,
        sent=sent,
        errors=errors,
        registers=visit.desk.parts.registers(),
        manual_account=MANUAL_ACCOUNT,
        paragraphs=visit.desk.guidance.paragraph,
        categories=tuple(one for one in Category if one not in NO_FINDING),
        levels=tuple(reversed(Level)),
        platforms=PLATFORMS,
    )
