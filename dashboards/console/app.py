"""The console as one ASGI application: the visible list of its routes, its error pages, and its beginning and end.

Last in the flow: it reads the store, follows incidents.v1 for the live page, and writes incident.activity.v1. Built by
the composition root from ConsoleParts; `dashboards.console.serve` runs it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler

from dashboards.console.gate import Page, guarded, visit_of
from dashboards.console.pages import (
    access,
    assisting,
    draft,
    handling,
    incident,
    keeping,
    live,
    not_screened,
    oversight,
    public,
    record,
    requests,
    results,
    retention,
    rules,
    search,
    topics,
)
from dashboards.console.parts import ConsoleParts, Desk, make_desk
from dashboards.console.protection import Protection, known_hosts, only_tls
from dashboards.console.style import council_colour
from dashboards.console.templating import HERE, make_templates
from dashboards.console.visit import Form


@dataclass(frozen=True)
class Listed:
    """One route: its name in the permission table, its method and path, and its page."""

    name: str
    method: str
    path: str
    page: Page


PAGES: tuple[Listed, ...] = (
    Listed("health", "GET", "/health", public.health),
    Listed("council_css", "GET", "/council.css", public.council_css),
    Listed("accessibility", "GET", "/accessibility", public.accessibility),
    Listed("sign_in", "GET", "/sign-in", access.sign_in),
    Listed("sign_in_post", "POST", "/sign-in", access.sign_in_post),
    Listed("sign_out", "POST", "/sign-out", access.sign_out),
    Listed("account", "GET", "/account", access.account),
    Listed("password", "GET", "/account/password", access.password),
    Listed("password_post", "POST", "/account/password", access.password_post),
    Listed("home", "GET", "/", live.home),
    Listed("live_parts", "GET", "/live/parts", live.live_parts),
    Listed("live_feed", "GET", "/live/feed", live.live_feed),
    Listed("incident", "GET", "/incidents/{incident}", incident.incident),
    Listed("incident_print", "GET", "/incidents/{incident}/print", incident.incident_print),
    Listed("reveal", "POST", "/incidents/{incident}/words", incident.reveal),
    Listed("print_words", "POST", "/incidents/{incident}/print", incident.print_words),
    Listed("screenshot", "GET", "/incidents/{incident}/screenshots/{name}", incident.screenshot),
    Listed("acknowledge", "POST", "/incidents/{incident}/acknowledge", handling.acknowledge),
    Listed("verdict", "POST", "/incidents/{incident}/verdict", handling.verdict),
    Listed("note", "POST", "/incidents/{incident}/note", handling.note),
    Listed("gather", "POST", "/incidents/{incident}/gather", handling.gather),
    Listed("letter", "GET", "/incidents/{incident}/letters/{letter}", assisting.letter),
    Listed("prompt", "POST", "/incidents/{incident}/prompt", assisting.prompt),
    Listed("refer", "POST", "/incidents/{incident}/refer", assisting.refer),
    Listed("ask_removal", "POST", "/incidents/{incident}/removal", assisting.ask_removal),
    Listed("close_removal", "POST", "/incidents/{incident}/removal/outcome", assisting.close_removal),
    Listed("keep", "POST", "/incidents/{incident}/keeping", keeping.keep),
    Listed("retention", "GET", "/retention", retention.retention),
    Listed("retention_delete", "POST", "/retention/delete", retention.retention_delete),
    Listed("search", "GET", "/search", search.search),
    Listed("search_purpose", "POST", "/search/purpose", search.search_purpose),
    Listed("search_post", "POST", "/search", search.search_post),
    Listed("search_results", "GET", "/search/{search}", search.search_results),
    Listed("search_gather", "POST", "/search/{search}/gather", results.search_gather),
    Listed("search_export", "POST", "/search/{search}/export", results.search_export),
    Listed("search_copy", "POST", "/search/{search}/copy", requests.search_copy),
    Listed("export_file", "GET", "/exports/{name}", requests.export_file),
    Listed("requests", "GET", "/requests", requests.requests),
    Listed("requests_add", "POST", "/requests", requests.requests_add),
    Listed("requests_act", "POST", "/requests/act", requests.requests_act),
    Listed("draft", "GET", "/draft", draft.draft),
    Listed("draft_check", "POST", "/draft", draft.draft_check),
    Listed("draft_advice", "POST", "/draft/advice", draft.draft_advice),
    Listed("not_screened", "GET", "/not-screened", not_screened.not_screened),
    Listed("not_screened_post", "GET", "/not-screened/{letter}", not_screened.not_screened_post),
    Listed("not_screened_words", "POST", "/not-screened/{letter}/words", not_screened.not_screened_words),
    Listed("not_screened_looked_at", "POST", "/not-screened/{letter}/looked-at", not_screened.not_screened_looked_at),
    Listed("not_screened_record", "POST", "/not-screened/{letter}/record", not_screened.not_screened_record),
    Listed("record", "GET", "/record", record.record),
    Listed("record_post", "POST", "/record", record.record_post),
    Listed("rules", "GET", "/rules", rules.rules),
    Listed("topics", "GET", "/topics", topics.topics),
    Listed("topics_try", "POST", "/topics/try", topics.topics_try),
    Listed("topics_document", "POST", "/topics/document", topics.topics_document),
    Listed("audit", "GET", "/audit", oversight.audit),
    Listed("accounts", "GET", "/accounts", oversight.accounts),
    Listed("accounts_add", "POST", "/accounts", oversight.accounts_add),
    Listed("accounts_reset", "POST", "/accounts/{username}/reset", oversight.accounts_reset),
    Listed("accounts_disable", "POST", "/accounts/{username}/disable", oversight.accounts_disable),
    Listed("accounts_enable", "POST", "/accounts/{username}/enable", oversight.accounts_enable),
)


def build_app(parts: ConsoleParts) -> Starlette:
    """Return the application. `app.state.desk.feed.close` ends its streams; the lifespan does so too.

    Raises:
        SettingError: the council's colour is not one.
        NotBuilt: the style sheet is missing.
        ValueError: the home folder's guidance.toml cannot be read.
    """
    council_colour(parts.settings)
    desk = make_desk(parts, make_templates())
    routes: list[BaseRoute] = [
        Route(one.path, guarded(desk, one.name, one.page), methods=[one.method], name=one.name) for one in PAGES
    ]
    routes.append(Mount("/static", StaticFiles(directory=HERE / "static"), name="static"))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        desk.feed.start()
        try:
            yield
        finally:
            await run_in_threadpool(desk.feed.close)

    protection = Middleware(Protection, hosts=known_hosts(parts.settings), only_tls=only_tls(parts.settings))
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[protection],
        exception_handlers={HTTPException: _error_page(desk), Exception: _error_page(desk)},
    )
    app.state.desk = desk
    return app


def _error_page(desk: Desk) -> ExceptionHandler:
    """Return the handler that answers in plain words; what went wrong with us is in the server's own log."""

    async def page(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        template = _ERROR_PAGES.get(status, "failed.html" if status >= 500 else "bad_request.html")
        visit = await run_in_threadpool(visit_of, desk, request, "error", Form())
        return await run_in_threadpool(visit.page, template, status)

    return page


_ERROR_PAGES = {404: "not_found.html", 405: "not_found.html"}
