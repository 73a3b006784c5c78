"""Check a draft (5.3): a box for a text that is not posted yet. It is screened in memory and not stored.

The audit log says that a draft was checked, never what it said. `Send for advice` is the one way in which it is kept.
"""

from starlette.responses import Response

from dashboards.console.acts import send
from dashboards.console.audit import AuditAction
from dashboards.console.drafts import LONGEST, Draft, accounts_to_post_from, advice_on
from dashboards.console.visit import Visit, see_other


def draft(visit: Visit) -> Response:
    """Show the empty box."""
    return _page(visit)


def draft_check(visit: Visit) -> Response:
    """Say what the rules make of the draft; it goes back into the box and nowhere else."""
    found, error = _read(visit)
    if found is None:
        return _page(visit, error)
    lines = visit.desk.drafts.check(found, visit.desk.parts.registers())
    visit.record(AuditAction.DRAFT)
    return _page(visit, lines=lines)


def draft_advice(visit: Visit) -> Response:
    """Send the draft for advice: from here on it is kept, and a person answers."""
    found, error = _read(visit)
    if found is None:
        return _page(visit, error)
    activity = advice_on(found, visit.username, visit.form.text("form_token"))
    visit.record(AuditAction.ADVICE, activity.incident_id)
    send(visit.desk.parts.log, activity)
    return see_other("/draft?sent=1")


def _read(visit: Visit) -> tuple[Draft | None, tuple[str, str]]:
    text, chosen = visit.form.text("draft"), visit.form.text("account")
    account = visit.desk.parts.registers().accounts.get(chosen)
    if not text or len(text) > LONGEST:
        return None, ("draft", f"Enter the draft, in {LONGEST} characters or fewer")
    if account is None:
        return None, ("account", "Select the account you would post from")
    return Draft(text, account, visit.desk.parts.clock()), ("", "")


def _page(visit: Visit, error: tuple[str, str] = ("", ""), lines: list[str] | None = None) -> Response:
    field, message = error
    return visit.page(
        "draft.html",
        status=422 if field else 200,
        errors={field: message} if field else {},
        sent=visit.form.plain(),
        lines=lines,
        was_sent=visit.request.query_params.get("sent") == "1",
        registers=visit.desk.parts.registers(),
        accounts=accounts_to_post_from(visit.desk.parts.registers()),
    )
