"""`parapet rules report | shadow`: what each rule costs and finds, and what shadow rules and suppressions kept back."""

from contextlib import closing
from pathlib import Path

import click

from dashboards.cli.bootstrap import open_log
from dashboards.cli.placed import registers_for
from dashboards.cli.rulebooks import rulebook_option, rules_in, table
from pipeline.registers.types import Registers
from pipeline.settings import load
from processors.rules.lines import LineError, read_lines
from processors.rules.measure import measured, remarks
from processors.rules.model import RuleSet
from processors.rules.seen import Instead, Seen, Use

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("report")
@rulebook_option
@click.option("--input", "source", type=_FILE, help="JSONL of posts to measure on; otherwise what was screened here.")
@click.option("--registers", "folder", type=_FOLDER, help="Folder of registers; otherwise this installation's.")
def report(chosen: str | None, source: Path | None, folder: Path | None) -> None:
    """Say of each rule how much it finds, and which are slow, too common or silent.

    Over a file, also the time that the rule's own patterns take, measured apart. Otherwise from the findings of the
    last 14 days, which the log holds.
    """
    rules, registers = rules_in(chosen), registers_for(folder)
    if source is None:
        _from_log(rules, registers)
        return
    try:
        lines = list(read_lines(source))
    except LineError as error:
        raise click.ClickException(str(error)) from error
    of = measured(rules, lines, registers)
    said = remarks(of, len(lines))
    rows = [
        (one.rule, f"{one.microseconds:.1f}", str(one.matches), str(one.findings), "; ".join(said.get(one.rule, ())))
        for one in of
    ]
    click.echo(table(("rule", "microseconds a post", "words stand", "findings", "to look at"), rows))
    click.echo(f"{len(lines)} posts.")


@click.command("shadow")
@click.option("--registers", "folder", type=_FOLDER, help="Folder of registers; otherwise this installation's.")
@click.option("--newest", type=click.IntRange(min=0), default=10, show_default=True, help="So many findings are shown.")
def shadow(folder: Path | None, newest: int) -> None:
    """Show what shadow rules found in what was screened, what suppressions hid, and who would have been told.

    Read from the findings of the last 14 days. No words of a post are shown.
    """
    registers = registers_for(folder)
    seen = seen_here(registers)
    for title, uses in (("shadow rule", seen.shadow), ("suppression", seen.hidden)):
        heads = (title, "findings", "would have paged", "levels", "last")
        click.echo(table(heads, [use_row(name, use) for name, use in sorted(uses.items())]) if uses else f"No {title}.")
    for one in list(seen.newest)[::-1][:newest]:
        click.echo(instead_line(one, registers))


def seen_here(registers: Registers) -> Seen:
    """Return what this installation's log says. Raises LogUnavailable."""
    with closing(open_log(load())) as log:
        seen = Seen(log)
        seen.read(registers)
    return seen


def use_row(name: str, use: Use) -> tuple[str, ...]:
    """Return what a rule or a suppression did, as cells."""
    levels = ", ".join(f"{level} {count}" for level, count in sorted(use.levels.items(), key=lambda one: one[0].rank))
    return name, str(use.findings), str(use.would_page), levels, f"{use.last:%Y-%m-%d %H:%M}" if use.last else ""


def instead_line(one: Instead, registers: Registers) -> str:
    """Return what one finding that does not count would have done, without its words."""
    finding = one.finding
    why = f"hidden by {finding.suppressed_by}" if finding.suppressed_by else "shadow"
    whom = f" about {registers.person_name(finding.target)}" if finding.target else ""
    told = ", ".join(role.replace("_", " ") for role in one.would_tell) or "nobody"
    pages = "would have paged" if one.would_page else "would have paged nobody, told"
    what = f"{finding.rule} ({why}): {finding.level} {finding.category}{whom}"
    return f"{one.at:%Y-%m-%d %H:%M} {one.account}: {what}: {pages} {told}"


def _from_log(rules: RuleSet, registers: Registers) -> None:
    seen = seen_here(registers)
    total = sum(one.findings for one in (*seen.live.values(), *seen.shadow.values()))
    rows = []
    for name in (*(one.id for one in rules.rules), *sorted({*seen.live, *seen.shadow} - set(rules.files))):
        live, trial = seen.live.get(name, Use()), seen.shadow.get(name, Use())
        count = live.findings + trial.findings
        remark = "silent" if not count else f"too common: {count / total:.0%} of findings" if seen.common(count) else ""
        rows.append((name, rules.state_of(name), *use_row(name, live if live.findings else trial)[1:], remark))
    click.echo(table(("rule", "state", "findings", "pages", "levels", "last", "to look at"), rows))
    click.echo(f"{total} findings in the log.")
