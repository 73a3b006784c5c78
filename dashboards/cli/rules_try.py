"""`parapet rules try`: what each rule says of a text, those in shadow and off as well, and what it would lead to."""

from typing import Unpack

import click

from dashboards.cli.placed import Where, placed, placing
from dashboards.cli.rulebooks import rulebook_option, rules_in
from dashboards.cli.toned import listening_to
from pipeline.registers.types import Registers
from pipeline.vocabulary.finding import RuleState
from processors.explaining import decision_lines, told_words
from processors.rules.trial import Said, trial


@click.command("try")
@click.argument("text")
@placing
@rulebook_option
def command(text: str, chosen: str | None, **where: Unpack[Where]) -> None:
    """Say what each rule makes of TEXT, whether it is live, in shadow or off, and what a finding would lead to.

    Rules whose words do not stand in the text are only counted.
    """
    rules = rules_in(chosen)
    it = placed(text, where)
    tone = listening_to(None) if any(rule.score is not None for rule in rules.rules) else None
    tried = trial(rules, it.registers, it.seen, tone)
    click.echo(it.line())
    for one in tried.said:
        _say(one, it.registers)
    click.echo(f"{tried.silent} rules have no words in it.")
    for line in decision_lines(tried.decision):
        click.echo(line)


def _say(said: Said, registers: Registers) -> None:
    head = f"{said.state:6} {said.rule}, version {said.version}"
    if said.finding is None or said.decision is None:
        click.echo(f"{head}: cleared: {said.words!r}: {said.why}")
        return
    finding, would = said.finding, "" if said.state is RuleState.LIVE and not said.hidden_by else "would be "
    whom = f" about {registers.person_name(finding.target)}" if finding.target else ""
    words = f" in {said.words!r}" if said.words else ""
    click.echo(f"{head}: {would}{finding.category.label}{whom}{words}: {said.why}")
    told = told_words(said.decision) or "nobody"
    pages = "pages somebody" if said.decision.alert else "pages nobody"
    if said.hidden_by:
        as_it_is = f"hidden by suppression {said.hidden_by}; otherwise"
    else:
        as_it_is = "by itself" if said.state is RuleState.LIVE else "tells nobody; if it were live"
    click.echo(f"       {as_it_is}: level {finding.level}, {pages}, tells {told}")
