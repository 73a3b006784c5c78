"""A text put somewhere: the options that say on whose page, by whom and in answer to whom, and the post they make.

Beside the flow, for the commands that judge words given on the command line (`explain`, `rules try`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import click

from dashboards.cli.places import registers_folder
from pipeline.ids import digest
from pipeline.registers.load import load_registers
from pipeline.registers.types import Account, OwnerKind, Registers
from pipeline.settings import load
from pipeline.vocabulary.event import Action, Author, Direction, Observation, Quoted
from processors.rules.examples import sample_registers

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Where(TypedDict):
    """The options of `placing`, as click gives them."""

    folder: Path | None
    account: str | None
    author: str
    reply_to: str | None


@dataclass(frozen=True)
class Placed:
    """A text as it would be seen on an account, with the registers it is judged by."""

    registers: Registers
    account: Account
    seen: Observation

    def line(self) -> str:
        """Return where it stands, in words."""
        side = "written by it" if self.seen.direction is Direction.OUTBOUND else "from the public"
        return f"On {self.account.display_name or self.account.handle} ({self.account.platform}), {side}."


def placing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where a text stands."""
    options = (
        click.option("--registers", "folder", type=_FOLDER, help="Folder of registers; otherwise this installation's."),
        click.option("--account", help="Id of the account it stands on; otherwise the first council page."),
        click.option(
            "--author", default="somebody", show_default=True, help="Handle of the author; an account's own: outbound."
        ),
        click.option("--reply-to", help="Handle of the person answered."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def placed(text: str, where: Where) -> Placed:
    """Return a text where the options put it. Raises BadParameter for an account that is in no register."""
    registers = registers_for(where["folder"])
    account = _account(registers, where["account"])
    author, reply_to = where["author"], where["reply_to"]
    outbound = author.lower() in {account.handle.lower(), (account.platform_account_id or "").lower()}
    now = datetime.now(UTC)
    known = account.platform_account_id or account.id
    seen = Observation(
        platform=account.platform,
        object_id=f"{account.platform}:comment:{digest(text)[:8]}",
        object_type="comment",
        action=Action.CREATE,
        account=account.id,
        observed_at=now,
        posted_at=now,
        direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
        text=text,
        author=Author(id=known if outbound else f"explain:{author}", handle=author),
        in_reply_to=Quoted(text="", author_handle=reply_to) if reply_to else None,
    )
    return Placed(registers, account, seen)


def registers_for(folder: Path | None) -> Registers:
    """Return the registers of a folder, else of this installation, else of the rules' own example borough."""
    if folder is not None:
        return load_registers(folder)
    home = registers_folder(load())
    if home.is_dir():
        return load_registers(home)
    click.echo("No registers here yet: explained for the rules' own example borough (Cllr Robin Fenwick).")
    return sample_registers()


def _account(registers: Registers, name: str | None) -> Account:
    if name is not None:
        if name not in registers.accounts:
            raise click.BadParameter(f"{name!r} is not in accounts.json: give one of {', '.join(registers.accounts)}")
        return registers.accounts[name]
    pages = [one for one in registers.accounts.values() if one.owner_kind is OwnerKind.COUNCIL_PAGE]
    if not pages:
        raise click.BadParameter("no council page is registered: give --account")
    return pages[0]
