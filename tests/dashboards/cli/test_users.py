"""`parapet users`: accounts from the command line, each change in the audit log."""

from contextlib import closing
from pathlib import Path

import pytest

from dashboards.cli.places import utc_now
from dashboards.console.accounts import Accounts, SignIn
from dashboards.console.audit import Audit, AuditAction
from dashboards.console.database import FILE
from tests.dashboards.cli.conftest import Run


def password_in(output: str) -> str:
    return output.partition("one-time password ")[2].split()[0]


def signs_in(home: Path, username: str, password: str) -> SignIn:
    with closing(Accounts(home / FILE)) as accounts:
        return accounts.sign_in(username, password, "127.0.0.1")


def acts(home: Path) -> list[tuple[AuditAction, str]]:
    with closing(Audit(home / FILE, utc_now)) as audit:
        assert audit.verify().whole
        return [(entry.act.action, entry.act.object) for entry in reversed(audit.entries())]


def test_a_new_user_signs_in_with_the_password_shown(installed: Path, run: Run) -> None:
    done = run("users", "add", "anna", "--name", "Anna Orchard", "--role", "communications_officer")
    assert done.exit_code == 0, done.output
    assert signs_in(installed, "anna", password_in(done.output)) is SignIn.DONE
    assert "anna  Anna Orchard  [communications_officer]" in run("users", "list").output


def test_reset_disable_and_enable(installed: Path, run: Run) -> None:
    first = password_in(run("users", "add", "anna", "--name", "Anna", "--role", "auditor").output)
    second = password_in(run("users", "reset", "anna").output)
    assert (signs_in(installed, "anna", first), signs_in(installed, "anna", second)) == (SignIn.WRONG, SignIn.DONE)
    assert run("users", "disable", "anna").exit_code == 0
    assert signs_in(installed, "anna", second) is SignIn.WRONG
    assert "disabled" in run("users", "list").output
    assert run("users", "enable", "anna").exit_code == 0
    assert signs_in(installed, "anna", second) is SignIn.DONE


def test_every_change_is_in_the_audit_log(installed: Path, run: Run) -> None:
    run("users", "add", "anna", "--name", "Anna", "--role", "auditor")
    run("users", "reset", "anna")
    run("users", "disable", "anna")
    run("users", "enable", "anna")
    assert acts(installed) == [
        (AuditAction.ACCOUNT_ADDED, "boss"),
        (AuditAction.ACCOUNT_ADDED, "anna"),
        (AuditAction.ACCOUNT_RESET, "anna"),
        (AuditAction.ACCOUNT_DISABLED, "anna"),
        (AuditAction.ACCOUNT_ENABLED, "anna"),
    ]


FAULTS = [
    (("users", "add", "boss", "--name", "B", "--role", "admin"), "is taken"),
    (("users", "add", "Ann A", "--name", "B", "--role", "admin"), "lower-case"),
    (("users", "add", "ann", "--name", "B", "--role", "king"), "is not one of"),
    (("users", "reset", "nobody"), "There is no account 'nobody'"),
    (("users", "disable", "boss"), "is the last admin"),
]


@pytest.mark.parametrize(("words", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_cannot_be_done_is_said_in_a_line(installed: Path, words: tuple[str, ...], said: str, run: Run) -> None:
    done = run(*words)
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert acts(installed) == [(AuditAction.ACCOUNT_ADDED, "boss")]
