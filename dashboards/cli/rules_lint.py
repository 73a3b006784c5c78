"""`parapet rules lint`: faults and smells of a rulebook, some of them measured on ordinary talk."""

from pathlib import Path

import click

from dashboards.cli.places import registers_folder
from dashboards.cli.rulebooks import rulebook_option, rules_in
from pipeline.registers.load import load_registers
from pipeline.settings import load
from processors.reading.terms import ordinary_talk
from processors.rules.lint import lint
from processors.rules.lint.smell import Subject
from processors.rules.load import RulebookError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("lint")
@rulebook_option
@click.option("--base", metavar="FOLDER", help="The rulebook before the change, or 'shipped': are versions raised?")
@click.option("--talk", type=_FILE, help="Text file of ordinary posts, a line each; otherwise the lines that ship.")
@click.option("--own", is_flag=True, help="Say only what concerns the council's own rules and words.")
def command(chosen: str | None, base: str | None, talk: Path | None, own: bool) -> None:
    """Look for faults and smells: patterns that match nothing, everything or too much of ordinary talk, alternatives
    that nothing reaches, versions that were not raised, words that nobody uses, rules that add nothing, and more.

    Faults are surely wrong, and the exit code is 1; notes are to be looked at.
    """
    try:
        rules = rules_in(chosen)
        subject = Subject(
            rules=rules,
            base=rules_in(base) if base is not None else None,
            talk=tuple(talk.read_text(encoding="utf-8").splitlines()) if talk is not None else ordinary_talk(),
            registers=load_registers(folder) if (folder := registers_folder(load())).is_dir() else None,
        )
        said = [one for one in lint(subject) if not own or one.rule is None or one.rule in rules.own]
    except RulebookError as error:
        for problem in error.problems:
            click.echo(f"FAULT  {problem}")
        raise SystemExit(1) from error
    for one in said:
        click.echo(f"{'FAULT' if one.fault else 'note '}  {one}")
    faults = sum(one.fault for one in said)
    click.echo(f"{len(rules.rules)} rules: {faults} faults, {len(said) - faults} notes.")
    raise SystemExit(1 if faults else 0)
