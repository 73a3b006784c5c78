"""Oversight: the audit log and its chain, and the accounts of the console."""

from starlette.responses import Response

from dashboards.console.accounts import AccountError
from dashboards.console.audit import AuditAction
from dashboards.console.permissions import PERMISSIONS, ConsoleRole
from dashboards.console.visit import Visit, see_other

ENTRIES_SHOWN = 50


def audit(visit: Visit) -> Response:
    """Show the audit log, newest first, and whether its chain is whole. Reading it is an entry too."""
    asked = visit.request.query_params
    before = asked.get("before", "")
    narrowed = {name: asked.get(name, "").strip() for name in ("user", "action", "object", "complaint")}
    log = visit.desk.parts.audit
    visit.record(AuditAction.AUDIT_READ, "audit", narrowed_by=" ".join(name for name, one in narrowed.items() if one))
    entries = log.entries(int(before) if before.isdecimal() and len(before) < 18 else None, ENTRIES_SHOWN, **narrowed)
    return visit.page(
        "audit.html",
        entries=entries,
        check=log.verify(),
        narrowed=narrowed,
        actions=tuple(AuditAction),
        older=entries[-1].seq if len(entries) == ENTRIES_SHOWN else None,
    )


def accounts(visit: Visit) -> Response:
    """Show the accounts."""
    return _accounts_page(visit)


def accounts_add(visit: Visit) -> Response:
    """Add an account and show its one-time password, once."""
    username = visit.form.text("username").lower()
    try:
        password = visit.desk.parts.accounts.invite(username, visit.form.text("name"), visit.form.all("role"))
    except AccountError as error:
        return _accounts_page(visit, error=str(error), status=422)
    visit.record(AuditAction.ACCOUNT_ADDED, username, ("", ""), roles=" ".join(visit.form.all("role")))
    return visit.page("one_time.html", username=username, password=password, added=True)


def accounts_reset(visit: Visit) -> Response:
    """Reset a password and show the one-time password, once."""
    username = visit.request.path_params["username"]
    try:
        password = visit.desk.parts.accounts.reset(username)
    except AccountError as error:
        return _accounts_page(visit, error=str(error), status=422)
    visit.record(AuditAction.ACCOUNT_RESET, username)
    return visit.page("one_time.html", username=username, password=password, added=False)


def accounts_disable(visit: Visit) -> Response:
    """Disable an account and end its sessions."""
    return _set_disabled(visit, disabled=True)


def accounts_enable(visit: Visit) -> Response:
    """Enable an account again."""
    return _set_disabled(visit, disabled=False)


def _set_disabled(visit: Visit, disabled: bool) -> Response:
    username = visit.request.path_params["username"]
    try:
        visit.desk.parts.accounts.set_disabled(username, disabled)
    except AccountError as error:
        return _accounts_page(visit, error=str(error), status=422)
    visit.record(AuditAction.ACCOUNT_DISABLED if disabled else AuditAction.ACCOUNT_ENABLED, username)
    return see_other("/accounts")


def _accounts_page(visit: Visit, error: str = "", status: int = 200) -> Response:
    return visit.page(
        "accounts.html",
        status,
        accounts=visit.desk.parts.accounts.list(),
        roles=tuple(ConsoleRole),
        granted={role: sorted(PERMISSIONS[role]) for role in ConsoleRole},
        error=error,
        sent=visit.form.plain(),
    )
