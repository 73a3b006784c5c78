"""Pages that need no sign-in: health for probes, the council's colours, the accessibility statement."""

from starlette.responses import JSONResponse, Response

from dashboards.console.style import stylesheet
from dashboards.console.visit import Visit
from pipeline.store.interface import StoreUnavailable


def health(visit: Visit) -> Response:
    """Say whether the console, its store and its log answer: 200 or 503, and nothing else about the service.

    A classifier that is offline is said and is no fault of the service: rules go on.
    """
    try:
        visit.desk.parts.store.count_dead_letters()
        store = "ok"
    except StoreUnavailable:
        store = "unavailable"
    log = "ok" if visit.desk.feed.healthy else "unavailable"
    model = "ok" if visit.desk.parts.model() is None else "model offline"
    well = store == log == "ok"
    return JSONResponse(
        {"status": "ok" if well else "unavailable", "store": store, "log": log, "model": model},
        status_code=200 if well else 503,
    )


def council_css(visit: Visit) -> Response:
    """Return the council's colours as a style sheet."""
    return Response(stylesheet(visit.desk.parts.settings), media_type="text/css")


def accessibility(visit: Visit) -> Response:
    """Show the accessibility statement."""
    return visit.page("accessibility.html")
