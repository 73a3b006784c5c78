"""Search: asks what it is for first, keeps what was asked out of addresses, and says why each incident matched."""

from collections.abc import Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.permissions import holds_leak
from dashboards.console.purposes import Purpose, PurposeRefused, read_purpose
from dashboards.console.queries import MATCHED, Asked, audit_detail, kept_fields, read_query
from dashboards.console.sessions import SavedSearch
from dashboards.console.visit import Visit, see_other
from pipeline.store.interface import Hit, Page
from pipeline.topics import PLATFORMS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level

BROAD = 200
"""More hits than this and the page asks to narrow the search."""

_PLACES = {
    "text": "what was written",
    "alt_text": "an image's description",
    "ocr_text": "words in an image",
    "shared": "the post that was shared",
    "in_reply_to": "the post that was answered",
    "thread_title": "the title of the thread",
    "profile": "a profile",
    "link": "a link",
    "author": "the author's name",
    "note": "a note",
    "verdict": "the reason of a verdict",
    "reference": "a reference",
}


def search(visit: Visit) -> Response:
    """Ask for a purpose, or show the form where one was given in this session."""
    if visit.must_session().purpose is None or visit.request.query_params.get("purpose") == "change":
        return visit.page("purpose.html", purposes=tuple(Purpose))
    return form_page(visit, {})


def search_purpose(visit: Visit) -> Response:
    """Keep the purpose for this session's searches."""
    try:
        purpose, complaint = read_purpose(visit.form.text("purpose"), visit.form.text("complaint"))
    except PurposeRefused as error:
        context = {"purposes": tuple(Purpose), "errors": {error.field: str(error)}, "sent": visit.form.plain()}
        return visit.page("purpose.html", status=422, **context)
    visit.desk.sessions.set_purpose(visit.must_session(), purpose, complaint or None)
    visit.record(AuditAction.PURPOSE, "search", (purpose, complaint))
    return see_other("/search")


def search_post(visit: Visit) -> Response:
    """Keep what was asked for, and go to its results."""
    session, fields = visit.must_session(), kept_fields(visit.form.plain())
    if session.purpose is None:
        return see_other("/search")
    asked = read_query(fields, visit.desk.parts.registers(), visit.desk.zone)
    if asked.errors:
        return form_page(visit, fields, asked.errors)
    return see_other(f"/search/{visit.desk.sessions.save_search(session, fields)}")


def search_results(visit: Visit) -> Response:
    """Show one page of results, and why each matched."""
    saved = saved_search(visit)
    asked = read_query(saved.fields, visit.desk.parts.registers(), visit.desk.zone)
    page = find(visit, saved, asked, visit.request.query_params.get("after"))
    if isinstance(page, Response):
        return page
    return visit.page(
        "results.html",
        saved=saved,
        asked=asked,
        page=page,
        why={hit.incident.incident_id: why(visit, hit) for hit in page.hits},
        broad=page.total > BROAD or (not asked.is_narrow and page.total > 0),
        registers=visit.desk.parts.registers(),
        label=Purpose(saved.purpose).label,
        gathered=visit.request.query_params.get("gathered", ""),
    )


def find(visit: Visit, saved: SavedSearch, asked: Asked, after: str | None) -> Page | Response:
    """Search and record it; a search the store will not take comes back as the form with the reason."""
    query = msgspec.structs.replace(asked.query, after=after or None, restricted=visit.sees_restricted)
    try:
        page = visit.desk.parts.store.search(query)
    except ValueError as error:
        return form_page(visit, saved.fields, {"text": str(error)})
    detail = audit_detail(query) | {"hits": str(page.total)} | ({"page": "next"} if after else {})
    visit.record(AuditAction.SEARCH, saved.search_id, (saved.purpose, saved.complaint or ""), **detail)
    return page


def saved_search(visit: Visit) -> SavedSearch:
    """Return the search that the address names. Raises HTTPException 404 for another session's."""
    saved = visit.desk.sessions.find_search(visit.must_session(), visit.request.path_params["search"])
    if saved is None:
        raise HTTPException(404)
    return saved


def form_page(visit: Visit, sent: Mapping[str, str], errors: Mapping[str, str] | None = None) -> Response:
    """Return the search form."""
    session = visit.must_session()
    return visit.page(
        "search.html",
        status=422 if errors else 200,
        sent=sent,
        errors=errors or {},
        registers=visit.desk.parts.registers(),
        paragraphs=tuple(one for one in visit.desk.guidance.paragraph if one.mode != "info"),
        categories=tuple(one for one in Category if one is not Category.CHAIN_TEST),
        levels=tuple(reversed(Level)),
        states=tuple(IncidentState),
        platforms=PLATFORMS,
        label=Purpose(session.purpose).label if session.purpose else "",
        complaint=session.complaint,
    )


def why(visit: Visit, hit: Hit) -> list[str]:
    """Return why an incident matched, in words. For confidential business where the words stand is not said."""
    reasons = list(dict.fromkeys(MATCHED[name] for name in hit.matched_filters if name in MATCHED))
    if hit.matched_terms and (not holds_leak(hit.incident) or visit.reader.may_read_words(hit.incident)):
        places = ", ".join(_PLACES.get(place, place) for place in hit.matched_in)
        reasons.append(f"your words, in {places}" if places else "your words")
    elif hit.matched_terms:
        reasons.append("your words")
    return reasons
