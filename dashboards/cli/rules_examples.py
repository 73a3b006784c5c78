"""`parapet rules test`: every rule's hits and misses, those in shadow and off as well, and a labelled file."""

import json
from pathlib import Path

import click
import msgspec

from dashboards.cli.placed import registers_for
from dashboards.cli.rulebooks import rulebook_option, rules_in
from pipeline.registers.types import Registers
from processors.evaluate import score
from processors.example_lines import screened_lines
from processors.rules.examples import failures
from processors.rules.load import compiled
from processors.rules.model import RuleSet
from processors.screener import Screener

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("test")
@rulebook_option
@click.option("--rule", "only", multiple=True, help="Only this rule; may be given again.")
@click.option("--labelled", type=_FILE, help="Also a JSONL file of labelled examples (see docs/rule-authors).")
@click.option("--registers", "folder", type=_FOLDER, help="Registers for the labelled file; else this installation's.")
def command(chosen: str | None, only: tuple[str, ...], labelled: Path | None, folder: Path | None) -> None:
    """Run every rule's hits and misses, and say which fail. Exit code 1 where one does.

    Rules in shadow and off are run as well: they are to hold before they count.
    """
    rules = rules_in(chosen)
    unknown = sorted(set(only) - set(rules.files))
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no rule: `parapet rules list` names them all")
    tested = [one for one in rules.rules if not only or one.id in only]
    wrong = failures(compiled(rules.all_running()), {one.id for one in tested})
    for one in wrong:
        click.echo(f"FAILS  {rules.files[one.rule]}: {one}")
    count = sum(len(one.hits) + len(one.misses) for one in tested)
    click.echo(f"{len(tested)} rules, {count} examples: {len(wrong)} fail." if wrong else
               f"{len(tested)} rules, {count} examples: all as written.")  # fmt: skip
    faults = _labelled(rules, labelled, registers_for(folder)) if labelled is not None else 0
    raise SystemExit(1 if wrong or faults else 0)


def _labelled(rules: RuleSet, labelled: Path, registers: Registers) -> int:
    """Score the rules as they stand on labelled lines, say what is wrong, and return how many are."""
    lines = labelled.read_bytes().splitlines()
    outputs = screened_lines(lines, Screener(registers, compiled(rules)), registers)
    plain = [json.loads(msgspec.json.encode(one)) for one in outputs]
    unreadable = [f"{one['error']}" for one in plain if "error" in one]
    scores = score([json.loads(line) for line in lines if line.strip()], plain)
    for fault in (*unreadable, *scores.faults):
        click.echo(f"FAILS  {labelled.name}: {fault}")
    click.echo(f"{labelled.name}: {scores.line()}")
    return len(unreadable) + len(scores.faults)
