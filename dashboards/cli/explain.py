"""`parapet explain`: what the rules make of a text, in words: what was found, why, who would be told, or why
nothing.
"""

from typing import Unpack

import click

from dashboards.cli.placed import Where, placed, placing
from dashboards.cli.places import rulebook_folder
from pipeline.registers.types import Registers
from pipeline.settings import load
from pipeline.vocabulary.finding import Field, Finding, RuleState
from processors.assess import assess
from processors.reading.case import Case
from processors.routing import Decision
from processors.rules.load import load_rulebook
from processors.screener import Screener


@click.command("explain")
@click.argument("text")
@placing
def command(text: str, **where: Unpack[Where]) -> None:
    """Say in words what the rules make of TEXT: what was found, why, how serious, who would be told, or why nothing."""
    it = placed(text, where)
    screener = Screener(it.registers, load_rulebook(own=rulebook_folder(load())))
    assessed = assess(it.seen, (), screener, it.registers)
    click.echo(it.line())
    for finding in assessed.findings:
        _say(finding, it.registers)
    if assessed.findings:
        say_decision(assessed.decision)
    else:
        click.echo("Nothing was found.")
    _say_cleared(screener.case(assessed.event), {one.rule for one in assessed.findings})


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


def say_decision(decision: Decision) -> None:
    """Say how serious it is and who is told."""
    if decision.level is None:
        click.echo("Nothing counts: nobody is told.")
        return
    told = told_words(decision) or "nobody; it is logged"
    click.echo(f"Level {decision.level}. {'An alert goes to' if decision.alert else 'Told in the queue'}: {told}.")
    if decision.route is not None:
        click.echo(
            f"Advice on screen: {decision.route.replace('police_', 'ring ')}. The software never tells the police."
        )


def told_words(decision: Decision) -> str:
    """Return the roles that are told, in words."""
    return ", ".join(role.replace("_", " ") for role in decision.notify)


def _say_cleared(case: Case, found: set[str]) -> None:
    for place, match in case.matches:
        why = case.cleared_because(place, match)
        if match.rule.id not in found and why is not None:
            marked = case.reading.marked(Field(place))
            click.echo(f"Cleared: rule {match.rule.id}, words {marked.folded.words(match.start, match.end)!r}: {why}.")
