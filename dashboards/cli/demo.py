"""The demo's home folder: the example borough, one person who may see everything, and a fresh day once one is over.

Before the flow, for `parapet run --demo`. Only a folder made here is ever cleared, and only its log and store.
"""

import os
import secrets
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click

from dashboards.cli.bootstrap import open_log
from dashboards.cli.feeding import is_read
from dashboards.cli.homes import example_files, write_registers
from dashboards.cli.places import LOG_FILE, REGISTERS_FOLDER, STORE_FILE, utc_now
from dashboards.cli.users import users
from dashboards.console.permissions import ConsoleRole
from dashboards.demo import DAY, FEED
from pipeline.settings import Settings

SIGN_IN = "demo-sign-in.txt"
"""Marks a folder as the demo's, and holds the password, so that it is the same at every start."""

USER = "ellen"
ROLES = (ConsoleRole.MONITORING_OFFICER, ConsoleRole.COMMUNICATIONS_LEAD, ConsoleRole.ADMIN)


def prepare(settings: Settings) -> str:
    """Make the demo's home, or freshen it where its day is over, and return the sign-in in words.

    Raises:
        click.UsageError: the folder holds an installation that is not the demo's.
    """
    home = settings.home
    mark = home / SIGN_IN
    if not mark.exists():
        if (home / REGISTERS_FOLDER).exists():
            raise click.UsageError(f"{home} holds an installation: give the demo a folder of its own with --home")
        _begin(home)
    elif _is_over(settings):
        click.echo("The example day was over: a fresh one begins.")
        for name in (LOG_FILE, STORE_FILE):
            for path in home.glob(name + "*"):
                path.unlink()
        write_registers(home, example_files(_days()))
    return f"sign in as {USER} with the password {mark.read_text(encoding='utf-8').strip()}"


def _begin(home: Path) -> None:
    write_registers(home, example_files(_days()))
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    with users(home) as (accounts, _):
        accounts.add(USER, "Ellen Ford", ROLES, password)
    descriptor = os.open(home / SIGN_IN, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password + "\n")


def _is_over(settings: Settings) -> bool:
    if not (settings.home / LOG_FILE).exists():
        return False
    with closing(open_log(settings)) as log:
        return is_read(log, FEED)


def _days() -> timedelta:
    """Return the whole days from the example's day to today, for the embargoes and meetings of its registers."""
    return utc_now().date() - DAY
