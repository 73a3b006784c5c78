"""`parapet init`: set up a home folder, step by step or from options alone; what is there already is kept.

Before the flow: registers from CSV or the example borough, who is told, secrets, the first admin, and a test alert.
"""

from dataclasses import dataclass
from pathlib import Path

import click

from dashboards.cli.homes import (
    check_names,
    example_files,
    read_registers,
    with_recipients,
    write_registers,
    write_settings,
)
from dashboards.cli.places import ENV_FILE, REGISTERS_FOLDER
from dashboards.cli.trial import tell_trial
from dashboards.cli.users import add_user, users
from dashboards.console.permissions import ConsoleRole
from pipeline.registers.tables import registers_of, templates
from pipeline.registers.types import Recipient, Registers
from pipeline.settings import load
from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.levels import Role

TEMPLATE_ROWS = 2
_FIRST_TOLD = (Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER)


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    registers: Path | None
    example: bool
    admin: str | None
    admin_name: str | None
    recipients: tuple[str, ...]


@click.command(name="init")
@click.option(
    "--registers", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of CSV registers."
)
@click.option("--example", is_flag=True, help="Use the built-in example borough.")
@click.option("--templates", type=click.Path(file_okay=False, path_type=Path), help="Only write CSV templates there.")
@click.option("--admin", help="User name of the first admin; asked for if not given.")
@click.option("--admin-name", help="The admin's name as colleagues know it.")
@click.option(
    "--recipient", "recipients", multiple=True, metavar="ROLE=ADDRESS", help="Who is told by e-mail. Repeatable."
)
@click.option("--set", "chosen", multiple=True, metavar="NAME=VALUE", help="A setting, such as smtp_host=mail.example.")
def command(templates: Path | None, chosen: tuple[str, ...], **options: object) -> None:
    """Set up a home folder: registers, who is told, secrets, the first admin, a test alert."""
    if templates is not None:
        write_templates(templates)
        return
    wanted = Wanted(**options)  # type: ignore[arg-type]
    pairs = {name.strip().lower(): value.strip() for name, value in map(_pair, chosen)}
    home = load().home
    check_names(pairs)
    registers = set_registers(home, wanted)
    write_settings(home, pairs)
    click.echo(f"Settings and secrets: {home / ENV_FILE}")
    set_admin(home, wanted)
    tell_trial(registers, load())
    click.echo(f"Done. Next: parapet check --home {home}, then parapet run --home {home}")


def write_templates(folder: Path) -> None:
    """Write a CSV file for each register, with two rows of the example borough to be replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in templates(example_files(), TEMPLATE_ROWS).items():
        path = folder / f"{name}.csv"
        if path.exists():
            raise click.UsageError(f"{path} is there already: choose an empty folder")
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))
    click.echo("Replace the rows, then: parapet init --registers " + str(folder))


def set_registers(home: Path, wanted: Wanted) -> Registers:
    """Put the registers asked for into the home, with who is told, or keep those there. Raises RegisterError."""
    folder = home / REGISTERS_FOLDER
    there = folder.is_dir() and any(folder.glob("*.json"))
    if there and (wanted.registers or wanted.example):
        raise click.UsageError(f"{folder} holds registers already: edit those, or choose another --home")
    if there:
        files = read_registers(folder)
    elif wanted.registers:
        files = registers_of(wanted.registers)
    elif wanted.example:
        files = example_files()
    else:
        raise click.UsageError("say which registers: --registers FOLDER of CSV files (see --templates), or --example")
    extra = [_recipient(one) for one in wanted.recipients]
    if not extra and files.get("recipients", b"[]").strip() in {b"[]", b""}:
        extra = [_asked(role) for role in _FIRST_TOLD]
    loaded = write_registers(home, with_recipients(files, extra))
    told = (
        f"{len(loaded.councillors)} councillors, {len(loaded.accounts)} accounts, {len(loaded.recipients)} recipients"
    )
    click.echo(f"Registers of {loaded.council.name}: {told}, in {folder}")
    return loaded


def set_admin(home: Path, wanted: Wanted) -> None:
    """Add the first admin, unless somebody can sign in already; prints the one-time password."""
    with users(home) as (accounts, _):
        if accounts.list() and wanted.admin is None:
            return
    name = wanted.admin or click.prompt("User name of the first admin")
    shown = wanted.admin_name or click.prompt("Name of the admin, as colleagues know it", default=name)
    add_user(home, name, shown, (ConsoleRole.ADMIN, ConsoleRole.COMMUNICATIONS_LEAD))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise click.UsageError(f"{text!r}: write NAME=VALUE")
    return name, value


def _recipient(text: str) -> Recipient:
    role, address = _pair(text)
    if role.strip() not in set(Role):
        raise click.UsageError(f"--recipient {role}: the roles are {', '.join(Role)}")
    return _mail_to(Role(role.strip()), address.strip())


def _asked(role: Role) -> Recipient:
    return _mail_to(role, click.prompt(f"E-mail address that alerts for the {role.replace('_', ' ')} go to"))


def _mail_to(role: Role, address: str) -> Recipient:
    return Recipient(id=f"rec-{role.replace('_', '-')}", role=role, channel=Channel.EMAIL, address=address)
