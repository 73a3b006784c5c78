"""Sign-in, sign-out and the account's own page."""

import secrets

from starlette.responses import Response

from dashboards.console.accounts import AccountError, SignIn
from dashboards.console.audit import Act, AuditAction
from dashboards.console.gate import FORM_COOKIE, SESSION_COOKIE, cookie_name
from dashboards.console.passwords import PasswordRefused
from dashboards.console.sessions import SESSION_SECONDS
from dashboards.console.visit import Visit, local_path, see_other, set_cookie

_SAID = {
    SignIn.WRONG: "Username or password is not right",
    SignIn.LIMITED: "Too many tries: wait 15 minutes, or ask an admin to reset your password",
    SignIn.EXPIRED: "This one-time password has run out: ask an admin for a new one",
}


def sign_in(visit: Visit) -> Response:
    """Show the sign-in form."""
    return _form_page(visit)


def sign_in_post(visit: Visit) -> Response:
    """Sign in, or say why not; which of username and password was wrong is not said."""
    username = visit.form.text("username").lower()
    address = visit.request.client.host if visit.request.client else ""
    accounts = visit.desk.parts.accounts
    result = accounts.sign_in(username, "".join(visit.form.all("password")[:1]), address)
    known = username if accounts.get(username) is not None else "(unknown)"
    if result is not SignIn.DONE:
        _record(visit, Act(action=AuditAction.SIGN_IN_FAILED, user=known, detail={"reason": result.value}))
        return _form_page(visit, error=_SAID[result], username=username, status=403)
    _record(visit, Act(action=AuditAction.SIGN_IN, user=known))
    if visit.session is not None:
        visit.desk.sessions.end(visit.session)
    response = see_other(local_path(visit.form.text("next") or "/"))
    _keep_session(visit, response, visit.desk.sessions.start(username))
    return response


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.desk.sessions.end(visit.must_session())
    visit.record(AuditAction.SIGN_OUT, visit.username)
    response = see_other("/sign-in?signed-out=yes")
    set_cookie(response, cookie_name(visit.desk, SESSION_COOKIE), "", visit.desk.secure, 0)
    return response


def account(visit: Visit) -> Response:
    """Show who is signed in and what they may do."""
    return visit.page("account.html")


def password(visit: Visit) -> Response:
    """Show the form that changes the password."""
    return visit.page("password.html")


def password_post(visit: Visit) -> Response:
    """Change the password, end every session of the account and begin a new one."""
    old, new, again = ("".join(visit.form.all(name)[:1]) for name in ("old", "new", "again"))
    try:
        if new != again:
            raise PasswordRefused("The two new passwords are not the same: type the new one twice")
        visit.desk.parts.accounts.change_password(visit.username, old, new)
    except AccountError as error:
        return visit.page("password.html", status=422, errors={"old": str(error)})
    except PasswordRefused as error:
        return visit.page("password.html", status=422, errors={"new": str(error)})
    visit.record(AuditAction.PASSWORD_CHANGED, visit.username)
    response = see_other("/account?changed=yes")
    _keep_session(visit, response, visit.desk.sessions.start(visit.username))
    return response


def _form_page(visit: Visit, error: str = "", username: str = "", status: int = 200) -> Response:
    name = cookie_name(visit.desk, FORM_COOKIE)
    token = visit.request.cookies.get(name) or secrets.token_urlsafe(24)
    wanted = local_path(visit.form.text("next") or visit.request.query_params.get("next", "/"))
    response = visit.page("sign_in.html", status, error=error, username=username, next=wanted, token=token)
    set_cookie(response, name, token, visit.desk.secure, 3600)
    return response


def _record(visit: Visit, act: Act) -> None:
    """Write an entry about somebody whom the session does not name yet."""
    visit.desk.parts.audit.record(act)


def _keep_session(visit: Visit, response: Response, token: str) -> None:
    set_cookie(response, cookie_name(visit.desk, SESSION_COOKIE), token, visit.desk.secure, SESSION_SECONDS)
