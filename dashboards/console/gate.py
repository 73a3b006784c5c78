"""The gate: every request passes session, permission, origin and form token here before a page sees it.

Pages are plain functions of a Visit, run in a thread, since stores and logs block.
"""

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.parts import Desk
from dashboards.console.permissions import ROUTES, Access, route_allows
from dashboards.console.visit import Form, Visit, see_other, sign_in_path
from pipeline.log.interface import LogUnavailable
from pipeline.store.interface import StoreUnavailable

Page = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

SESSION_COOKIE = "parapet_session"
FORM_COOKIE = "parapet_form"
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a form field
WHILE_PASSWORD_MUST_CHANGE = frozenset({"password", "password_post", "sign_out"})


def cookie_name(desk: Desk, name: str) -> str:
    """Return a cookie's name; over TLS with the prefix that binds it to this host."""
    return f"__Host-{name}" if desk.secure else name


def guarded(desk: Desk, route: str, page: Page) -> Endpoint:
    """Return the endpoint of a route: its page behind the gate. KeyError for a route not in the permission table."""
    ROUTES[route]

    async def endpoint(request: Request) -> Response:
        form = await _form(request)
        return await run_in_threadpool(_answer, Visit(desk, request, route, form=form), page)

    return endpoint


def visit_of(desk: Desk, request: Request, route: str, form: Form) -> Visit:
    """Return the visit with the account and session that the cookie stands for, if any."""
    token = request.cookies.get(cookie_name(desk, SESSION_COOKIE), "")
    session = desk.sessions.find(token) if token else None
    account = desk.parts.accounts.get(session.username) if session is not None else None
    if session is None or account is None or account.disabled:
        return Visit(desk, request, route, form=form)
    return Visit(desk, request, route, account, session, form)


def _answer(asked: Visit, page: Page) -> Response:
    visit = visit_of(asked.desk, asked.request, asked.route, asked.form)
    try:
        return _refusal(visit) or page(visit)
    except StoreUnavailable:
        return unavailable(visit, "search")
    except LogUnavailable:
        return unavailable(visit, "log")


def unavailable(visit: Visit, what: str) -> Response:
    """Return the page that says the store or the log is away."""
    return visit.page("unavailable.html", status=503, what=what)


def _refusal(visit: Visit) -> Response | None:
    if ROUTES[visit.route] is not Access.PUBLIC and visit.account is None:
        return see_other(sign_in_path(visit.request))
    if visit.request.method == "POST" and not (_own_origin(visit) and _own_form(visit)):
        return visit.page("refused_form.html", status=403)
    if visit.account is not None and visit.account.must_change and visit.route not in WHILE_PASSWORD_MUST_CHANGE:
        return None if ROUTES[visit.route] is Access.PUBLIC else see_other("/account/password")
    if not route_allows(visit.route, visit.held if visit.account is not None else None):
        visit.record(AuditAction.REFUSED, visit.route)
        return visit.page("forbidden.html", status=403)
    return None


def _own_origin(visit: Visit) -> bool:
    """Say whether a form was sent from a page of this very site: browsers name the origin of every POST."""
    origin = visit.request.headers.get("origin") or visit.request.headers.get("referer", "")
    return bool(origin) and urlsplit(origin).netloc == visit.request.headers.get("host", "")


def _own_form(visit: Visit) -> bool:
    wanted = visit.session.csrf if visit.session is not None else visit.request.cookies.get(_form_cookie(visit), "")
    return bool(wanted) and secrets.compare_digest(visit.form.text(TOKEN_FIELD).encode(), wanted.encode())


def _form_cookie(visit: Visit) -> str:
    return cookie_name(visit.desk, FORM_COOKIE)


async def _form(request: Request) -> Form:
    if request.method != "POST":
        return Form()
    texts: dict[str, tuple[str, ...]] = {}
    content = b""
    async with request.form(max_files=1, max_fields=500) as sent:
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
            else:
                texts[name] = (*texts.get(name, ()), value)
    if any("\x00" in text for values in texts.values() for text in values):
        raise HTTPException(400)
    return Form(texts, content)
