"""One request as a page sees it: who asks, what they sent, and how to answer, record and redirect."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboards.console.accounts import UserAccount
from dashboards.console.audit import Act, AuditAction
from dashboards.console.parts import Desk
from dashboards.console.permissions import Permission, Reader, route_allows
from dashboards.console.sessions import Session
from pipeline.registers.elections import pre_election

NAVIGATION = (
    ("home", "/", "Live"),
    ("search", "/search", "Search"),
    ("not_screened", "/not-screened", "Not screened"),
    ("record", "/record", "Record an incident"),
    ("draft", "/draft", "Check a draft"),
    ("rules", "/rules", "Rules on trial"),
    ("topics", "/topics", "Topics"),
    ("retention", "/retention", "Retention"),
    ("requests", "/requests", "Subject access"),
    ("audit", "/audit", "Audit log"),
    ("accounts", "/accounts", "Accounts"),
)


@dataclass(frozen=True)
class Form:
    """What was sent: texts by name, and at most one file."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: bytes = b""

    def text(self, name: str) -> str:
        """Return a field's text without the spaces around it; empty where it was not sent."""
        return self.texts.get(name, ("",))[0].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value sent under one name."""
        return self.texts.get(name, ())

    def plain(self) -> dict[str, str]:
        """Return the first text of every field, by name."""
        return {name: self.text(name) for name in self.texts}


@dataclass(frozen=True)
class Visit:
    """One request that the gate let through."""

    desk: Desk
    request: Request
    route: str
    account: UserAccount | None = None
    session: Session | None = None
    form: Form = field(default_factory=Form)

    @property
    def held(self) -> frozenset[Permission]:
        """Return what the visitor may do."""
        return self.account.held if self.account is not None else frozenset()

    @property
    def reader(self) -> Reader:
        """Return the visitor as one who asks to read, with the topics as they stand."""
        topics = {topic.ref: topic for topic in self.desk.parts.registers().topics}
        roles = frozenset(role.value for role in self.account.roles) if self.account is not None else frozenset()
        return Reader(self.held, roles, self.username, topics)

    @property
    def username(self) -> str:
        """Return who asks; empty where nobody is signed in."""
        return self.account.username if self.account is not None else ""

    def must_session(self) -> Session:
        """Return the session of a route that asks for one."""
        if self.session is None:
            raise LookupError(f"route {self.route} is open to all and has no session")
        return self.session

    def may(self, permission: Permission) -> bool:
        """Say whether the visitor holds a permission."""
        return permission in self.held

    @property
    def sees_restricted(self) -> bool:
        """Say whether restricted incidents are shown and found."""
        return self.may(Permission.KEEP_RECORDS)

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Return a page made from a template. Everything in the context is escaped."""
        return HTMLResponse(self.fragment(template, **context), status_code=status)

    def fragment(self, template: str, **context: Any) -> str:
        """Return the HTML that a template makes."""
        registers, now = self.desk.parts.registers(), self.desk.parts.clock()
        shared = {
            "visit": self,
            "council": registers.council,
            "council_name": self.desk.council_name,
            "zone": self.desk.zone,
            "now": now,
            "pre_election": pre_election(registers, now) if self.account is not None else None,
            "navigation": self._navigation(),
            "form_token": secrets.token_urlsafe(9),
        }
        return self.desk.templates.get_template(template).render(shared | context)

    def record(self, action: AuditAction, on: str = "", why: tuple[str, str] = ("", ""), **detail: str) -> None:
        """Write an entry to the audit log. why is a purpose and a complaint reference; detail holds codes only."""
        purpose, complaint = why
        self.desk.parts.audit.record(
            Act(
                action=action,
                user=self.username,
                object=on,
                purpose=purpose,
                complaint=complaint,
                detail={name: value for name, value in detail.items() if value},
            )
        )

    def _navigation(self) -> list[dict[str, object]]:
        if self.account is None or self.account.must_change:
            return []
        here = self.request.url.path
        return [
            {"href": path, "text": words, "current": here == path, "active": path != "/" and here.startswith(path)}
            for route, path, words in NAVIGATION
            if route_allows(route, self.held) and not (route == "home" and not route_allows("live_parts", self.held))
        ]


def see_other(path: str) -> RedirectResponse:
    """Return a redirect after a POST."""
    return RedirectResponse(path, status_code=303)


def local_path(wanted: str) -> str:
    """Return a path of this site, and nothing that leads away from it."""
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\\" not in wanted and wanted.isprintable():
        return wanted
    return "/"


def sign_in_path(request: Request) -> str:
    """Return where to sign in, coming back to the page that was asked for."""
    wanted = request.url.path if request.method == "GET" else "/"
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted)}"


def set_cookie(response: Response, name: str, value: str, secure: bool, seconds: int) -> None:
    """Set a cookie that no script reads and no other site's form sends; seconds 0 takes it away.

    Lax, not strict: a duty officer who follows the link of an alert e-mail is still signed in.
    """
    response.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
