"""Requests of people for what is held about them (7.3.5): the clock, and the copy that is made from a search."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.console.access_requests import RequestAct, RequestRefused
from dashboards.console.audit import AuditAction
from dashboards.console.copies import copy_for
from dashboards.console.pages.results import all_found
from dashboards.console.pages.search import saved_search
from dashboards.console.purposes import Purpose
from dashboards.console.queries import read_day, read_query
from dashboards.console.sealed import KEPT
from dashboards.console.visit import Visit, see_other

LONGEST_SUBJECT = 2000


def requests(visit: Visit) -> Response:
    """Show the requests and their clocks."""
    return _page(visit)


def requests_add(visit: Visit) -> Response:
    """Add a request."""
    asked, received = visit.desk.requests, read_day(visit.form.plain(), "received", {})
    try:
        made = asked.add(visit.form.text("reference"), received, asked.today(visit.desk.zone))
    except RequestRefused as error:
        return _page(visit, error)
    visit.record(AuditAction.ACCESS_REQUEST, made.reference, ("", ""), act="add", received=str(made.received_on))
    return see_other("/requests")


def requests_act(visit: Visit) -> Response:
    """Stop a clock, let it run, add two months, or close."""
    asked, act = visit.desk.requests, visit.form.text("act")
    try:
        if act not in set(RequestAct):
            raise RequestRefused("act", "Select what to do")
        changed = asked.act(visit.form.text("reference"), RequestAct(act), asked.today(visit.desk.zone))
    except RequestRefused as error:
        return _page(visit, error)
    visit.record(AuditAction.ACCESS_REQUEST, changed.reference, ("", ""), act=act)
    return see_other("/requests")


def search_copy(visit: Visit) -> Response:
    """Make the copy for one person from what a search found, sealed; the passphrase is shown once."""
    saved, subject = saved_search(visit), visit.form.text("subject")
    if saved.purpose != Purpose.SUBJECT_ACCESS_REQUEST or not subject or len(subject) > LONGEST_SUBJECT:
        return visit.page("copy_again.html", status=422, saved=saved)
    registers, zone = visit.desk.parts.registers(), visit.desk.zone
    found = list(all_found(visit, read_query(saved.fields, registers, zone).query))
    made = copy_for(subject.splitlines(), found)
    page = visit.fragment("copy.html", copy=made)
    body = msgspec.json.format(msgspec.json.encode(made.incidents)).decode()
    name, passphrase = visit.desk.sealed.seal({"copy.html": page, "copy.json": body})
    detail = {"incidents": str(len(made.incidents)), "left_out": str(made.left_out), "sealed": name}
    visit.record(AuditAction.EXPORT, saved.search_id, (saved.purpose, ""), **detail)
    return visit.page("copy_ready.html", copy=made, name=name, passphrase=passphrase, days=KEPT.days)


def export_file(visit: Visit) -> Response:
    """Return a sealed export while it lasts."""
    name = visit.request.path_params["name"]
    content = visit.desk.sealed.read(name, visit.desk.parts.clock())
    if content is None:
        raise HTTPException(404)
    visit.record(AuditAction.EXPORT, name, (Purpose.SUBJECT_ACCESS_REQUEST.value, ""), fetched="yes")
    headers = {"content-disposition": 'attachment; filename="parapet-copy.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


def _page(visit: Visit, error: RequestRefused | None = None) -> Response:
    asked = visit.desk.requests
    return visit.page(
        "requests.html",
        status=422 if error else 200,
        errors={error.field: str(error)} if error else {},
        sent=visit.form.plain(),
        requests=asked.list(),
        today=asked.today(visit.desk.zone),
    )
