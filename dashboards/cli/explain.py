"""`parapet explain`: what the rules make of a text, in words: what was found, why, who would be told, or why
nothing.
"""

from datetime import UTC, datetime
from pathlib import Path

import click

from dashboards.cli.places import registers_folder, rulebook_folder
from pipeline.ids import digest
from pipeline.registers.load import load_registers
from pipeline.registers.types import Account, OwnerKind, Registers
from pipeline.settings import load
from pipeline.vocabulary.event import Action, Author, Direction, Observation, Quoted
from pipeline.vocabulary.finding import Field, Finding, RuleState
from processors.assess import Assessment, assess
from processors.reading.case import Case
from processors.rules.examples import sample_registers
from processors.rules.load import load_rulebook
from processors.screener import Screener

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("explain")
@click.argument("text")
@click.option("--registers", "folder", type=_FOLDER, help="Folder of registers; otherwise this installation's.")
@click.option("--account", help="Id of the account it stands on; otherwise the first council page.")
@click.option(
    "--author", default="somebody", show_default=True, help="Handle of the author; an account's own: outbound."
)
@click.option("--reply-to", help="Handle of the person answered.")
def command(text: str, folder: Path | None, account: str | None, author: str, reply_to: str | None) -> None:
    """Say in words what the rules make of TEXT: what was found, why, how serious, who would be told, or why nothing."""
    registers = _registers(folder)
    place = _account(registers, account)
    outbound = author.lower() in {place.handle.lower(), (place.platform_account_id or "").lower()}
    now = datetime.now(UTC)
    seen = Observation(
        platform=place.platform,
        object_id=f"{place.platform}:comment:{digest(text)[:8]}",
        object_type="comment",
        action=Action.CREATE,
        account=place.id,
        observed_at=now,
        posted_at=now,
        direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
        text=text,
        author=Author(id=(place.platform_account_id or place.id) if outbound else f"explain:{author}", handle=author),
        in_reply_to=Quoted(text="", author_handle=reply_to) if reply_to else None,
    )
    screener = Screener(registers, load_rulebook(own=rulebook_folder(load())))
    assessed = assess(seen, (), screener, registers)
    side = "written by it" if outbound else "from the public"
    click.echo(f"On {place.display_name or place.handle} ({place.platform}), {side}.")
    for finding in assessed.findings:
        _say(finding, registers)
    if assessed.findings:
        _say_decision(assessed)
    else:
        click.echo("Nothing was found.")
    _say_cleared(screener.case(assessed.event), {one.rule for one in assessed.findings})


def _registers(folder: Path | None) -> Registers:
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


def _say(finding: Finding, registers: Registers) -> None:
    whom = f" about {registers.person_name(finding.target)}" if finding.target else ""
    click.echo(f"{finding.category.label}{whom}: {finding.reason}{_aside(finding)}")
    if finding.quote is not None:
        click.echo(f"  words: {finding.quote!r}")
    click.echo(f"  paragraph {', '.join(finding.paragraphs)}; rule {finding.rule}, version {finding.rule_version}")


def _aside(finding: Finding) -> str:
    if finding.suppressed_by is not None:
        return f" (hidden by suppression {finding.suppressed_by}: it tells nobody)"
    return " (shadow rule: it tells nobody)" if finding.state is RuleState.SHADOW else ""


def _say_decision(assessed: Assessment) -> None:
    decision = assessed.decision
    told = ", ".join(role.replace("_", " ") for role in decision.notify) or "nobody; it is logged"
    click.echo(f"Level {decision.level}. {'An alert goes to' if decision.alert else 'Told in the queue'}: {told}.")
    if decision.route is not None:
        click.echo(
            f"Advice on screen: {decision.route.replace('police_', 'ring ')}. The software never tells the police."
        )


def _say_cleared(case: Case, found: set[str]) -> None:
    for place, match in case.matches:
        why = case.cleared_because(place, match)
        if match.rule.id not in found and why is not None:
            marked = case.reading.marked(Field(place))
            click.echo(f"Cleared: rule {match.rule.id}, words {marked.folded.words(match.start, match.end)!r}: {why}.")
