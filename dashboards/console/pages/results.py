"""What is done with search results: gathered under a complaint, or exported as a CSV file."""

from collections.abc import Iterator

import msgspec
from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.pages.handling import send_act
from dashboards.console.pages.search import saved_search
from dashboards.console.permissions import may_see
from dashboards.console.purposes import PurposeRefused, read_complaint
from dashboards.console.queries import audit_detail, read_query
from dashboards.console.sheet import make_sheet
from dashboards.console.visit import Visit, see_other
from pipeline.store.interface import Query
from pipeline.vocabulary.incident import Incident

MOST_EXPORTED = 5000
_PAGE = 200


def search_gather(visit: Visit) -> Response:
    """Put the chosen incidents under a complaint."""
    saved = saved_search(visit)
    try:
        complaint = read_complaint(visit.form.text("complaint") or saved.complaint or "")
    except PurposeRefused as error:
        return visit.page("gather_again.html", status=422, saved=saved, message=str(error))
    chosen = [visit.desk.parts.store.get(one) for one in dict.fromkeys(visit.form.all("incident"))]
    found = [one for one in chosen if one is not None and may_see(visit.held, one)]
    if not found:
        message = "Select the incidents to gather under the complaint"
        return visit.page("gather_again.html", status=422, saved=saved, message=message)
    for incident in found:
        visit.record(AuditAction.GATHER, incident.reference, (saved.purpose, complaint))
        send_act(visit, incident, AuditAction.GATHER, f"{saved.search_id}:{complaint}", complaint=complaint)
    return see_other(f"/search/{saved.search_id}?gathered={len(found)}")


def search_export(visit: Visit) -> Response:
    """Return the incidents of a search as a CSV file, without words or names of authors."""
    saved = saved_search(visit)
    registers, zone = visit.desk.parts.registers(), visit.desk.zone
    query = read_query(saved.fields, registers, zone).query
    incidents = list(all_found(visit, query))
    visit.record(
        AuditAction.EXPORT,
        saved.search_id,
        (saved.purpose, saved.complaint or ""),
        **{**audit_detail(query), "rows": str(len(incidents))},
    )
    name = f"parapet-incidents-{visit.desk.parts.clock().astimezone(zone):%Y-%m-%d-%H%M}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(make_sheet(incidents, registers, zone), media_type="text/csv; charset=utf-8", headers=headers)


def all_found(visit: Visit, query: Query) -> Iterator[Incident]:
    """Yield every incident of a query that the visitor may find, MOST_EXPORTED at most."""
    query = msgspec.structs.replace(query, restricted=visit.sees_restricted)
    after, count = None, 0
    while count < MOST_EXPORTED:
        page = visit.desk.parts.store.search(msgspec.structs.replace(query, limit=_PAGE, after=after))
        yield from (hit.incident for hit in page.hits)
        count, after = count + len(page.hits), page.next_cursor
        if after is None:
            return
