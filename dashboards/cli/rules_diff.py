"""`parapet rules diff`: two rulebooks over a file of posts: which rules differ, and what that changes."""

import json
from collections import Counter
from pathlib import Path

import click
import msgspec

from dashboards.cli.placed import registers_for
from dashboards.cli.rulebooks import rules_in
from pipeline.registers.types import Registers
from pipeline.vocabulary.finding import Finding, RuleState
from processors.evaluate import score
from processors.example_lines import screened_lines
from processors.rules.compare import AlertChange, FindingChange, RuleChange, changes_of, rule_changes
from processors.rules.lines import LineError, read_lines
from processors.rules.load import compiled
from processors.rules.match import Rulebook
from processors.screener import Screener

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--input", "source", type=_FILE, help="JSONL of posts: labelled examples, or observations. A line each.")
@click.option("--registers", "folder", type=_FOLDER, help="Folder of registers; otherwise this installation's.")
def command(before: str, after: str, source: Path | None, folder: Path | None) -> None:
    """Compare rulebook A with rulebook B: folders of rules, or 'shipped'. Which rules differ; and over a file of posts,
    which findings appear, vanish or change level, and which posts page somebody that did not, or no longer do.

    A folder without a whole lexicon.toml is read as a council's own rules on top of those that ship.
    """
    first, second = rules_in(before), rules_in(after)
    changes = rule_changes(first, second)
    for change in changes:
        click.echo(rule_line(change))
    click.echo(f"{len(changes)} rules differ.")
    if source is None:
        return
    registers = registers_for(folder)
    try:
        _posts(source, registers, compiled(first), compiled(second))
    except LineError as error:
        raise click.ClickException(str(error)) from error


def rule_line(change: RuleChange) -> str:
    """Return how a rule differs, in a line."""
    if change.what != "changed":
        return f"rule {change.rule}: {change.what}, version {change.after or change.before}"
    version = f"version {change.before} to {change.after}" if change.before != change.after else "same version"
    unraised = ": raise it, for its findings mean something else now" if change.unraised else ""
    return f"rule {change.rule}: {', '.join(change.fields)} changed, {version}{unraised}"


def _posts(source: Path, registers: Registers, first: Rulebook, second: Rulebook) -> None:
    counts: Counter[str] = Counter()
    lines = list(read_lines(source))
    for change in changes_of(first, second, lines, registers):
        if isinstance(change, AlertChange):
            counts["pages" if change.pages else "no longer"] += 1
            click.echo(f"{change.line}: {'now pages' if change.pages else 'no longer pages'} somebody: {change.level}")
        else:
            counts[change.what] += 1
            click.echo(f"{change.line}: {_finding_line(change, registers)}")
    click.echo(
        f"{len(lines)} posts: {counts['appears']} findings appear, {counts['vanishes']} vanish, "
        f"{counts['level']} change level, {counts['state']} change state; "
        f"{counts['pages']} posts page somebody now, {counts['no longer']} no longer."
    )
    _scores(source, registers, (("A", first), ("B", second)))


def _finding_line(change: FindingChange, registers: Registers) -> str:
    one = change.either()
    whom = f" about {registers.person_name(one.target)}" if one.target else ""
    if change.before is not None and change.after is not None:
        return f"{change.what}: {one.category.label}{whom}: {_side(change.before)}, then {_side(change.after)}"
    return f"{change.what}: {one.category.label}{whom}: {_side(one)}"


def _side(one: Finding) -> str:
    state = "" if one.state is RuleState.LIVE else f", {'hidden' if one.suppressed_by else one.state}"
    return f"{one.level} ({one.rule}{state})"


def _scores(source: Path, registers: Registers, sides: tuple[tuple[str, Rulebook], ...]) -> None:
    """Where the lines are labelled, say how well each rulebook does on them."""
    lines = [line for line in source.read_bytes().splitlines() if line.strip()]
    examples = [json.loads(line) for line in lines]
    if not all("expected" in one for one in examples):
        return
    for name, rulebook in sides:
        outputs = screened_lines(lines, Screener(registers, rulebook), registers)
        plain = [json.loads(msgspec.json.encode(one)) for one in outputs]
        click.echo(f"{name}: {score(examples, plain).line()}")
