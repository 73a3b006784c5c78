"""`parapet users`: who may sign in to the console. Every change goes into the audit log, as from the command line.

Beside the flow. A new or reset account gets a one-time password, shown once here and changed at the first sign-in.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from dashboards.cli.places import utc_now
from dashboards.console.accounts import AccountError, Accounts, UserAccount
from dashboards.console.audit import Act, Audit, AuditAction
from dashboards.console.database import FILE
from dashboards.console.permissions import ConsoleRole
from pipeline.settings import load


@click.group(name="users")
def command() -> None:
    """List, add, reset, disable and enable the console's users."""


@command.command(name="list")
def list_users() -> None:
    """List every user with roles, state and last sign-in."""
    with users() as (accounts, _):
        rows = accounts.list()
    if not rows:
        click.echo("Nobody can sign in yet: parapet users add NAME --role admin")
    for row in rows:
        state = "disabled" if row.disabled else "must change the password" if row.must_change else "active"
        click.echo(f"{row.username}  {row.name}  [{', '.join(row.roles)}]  {state}  last sign-in: {_day(row)}")


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name as colleagues know it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in ConsoleRole]),
    help="May be given twice.",
)
def add(username: str, name: str, roles: tuple[str, ...]) -> None:
    """Add a user and print a one-time password."""
    add_user(load().home, username, name, roles)


@command.command()
@click.argument("username")
def reset(username: str) -> None:
    """Give a user a new one-time password and end the sessions."""
    with users() as (accounts, audit):
        password = accounts.reset(username)
        _note(audit, AuditAction.ACCOUNT_RESET, username)
    _print_password(username, password)


@command.command()
@click.argument("username")
def disable(username: str) -> None:
    """Keep a user out and end the sessions; the record of what they did stays."""
    with users() as (accounts, audit):
        accounts.disable(username)
        _note(audit, AuditAction.ACCOUNT_DISABLED, username)
    click.echo(f"{username} can no longer sign in.")


@command.command()
@click.argument("username")
def enable(username: str) -> None:
    """Let a disabled user sign in again."""
    with users() as (accounts, audit):
        accounts.set_disabled(username, disabled=False)
        _note(audit, AuditAction.ACCOUNT_ENABLED, username)
    click.echo(f"{username} can sign in again.")


def add_user(home: Path, username: str, name: str, roles: tuple[str, ...]) -> None:
    """Add a user to an installation and print the one-time password. Raises click.UsageError."""
    with users(home) as (accounts, audit):
        password = accounts.invite(username, name, roles)
        _note(audit, AuditAction.ACCOUNT_ADDED, username)
    _print_password(username, password)


@contextmanager
def users(home: Path | None = None) -> Iterator[tuple[Accounts, Audit]]:
    """Open the accounts and the audit log of an installation; what cannot be done becomes a usage error."""
    path = (home or load().home) / FILE
    accounts, audit = Accounts(path), Audit(path, utc_now)
    try:
        yield accounts, audit
    except AccountError as error:
        raise click.UsageError(str(error)) from error
    finally:
        audit.close()
        accounts.close()


def _note(audit: Audit, action: AuditAction, username: str) -> None:
    audit.record(Act(action=action, user=f"command line ({getpass.getuser()})", object=username))


def _print_password(username: str, password: str) -> None:
    click.echo(f"Sign in as {username} with the one-time password {password}")
    click.echo("It is good for 72 hours, and is changed at the first sign-in. It is not shown again.")


def _day(row: UserAccount) -> str:
    at = row.last_sign_in_at
    return "never" if at is None else datetime.fromtimestamp(at, UTC).strftime("%d %B %Y")
