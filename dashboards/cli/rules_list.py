"""`parapet rules list`: every rule with its state, version and what it rests on."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

import click

from dashboards.cli.rulebooks import rulebook_option, rules_in, table
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import RuleState
from pipeline.vocabulary.levels import Level
from processors.rules.built_in import BUILT_IN
from processors.rules.model import Rule, RuleSet

HEADS = ("rule", "state", "version", "category", "paragraphs", "level", "owner", "effective from", "file")


class Wanted(TypedDict):
    """Which rules are asked for; None: any."""

    state: str | None
    category: str | None
    paragraph: str | None
    level: str | None
    owner: str | None
    own: bool


@click.command("list")
@rulebook_option
@click.option("--state", type=click.Choice([one.value for one in RuleState]), help="Only rules in this state.")
@click.option("--category", type=click.Choice([one.value for one in Category]), help="Only rules of this category.")
@click.option("--paragraph", help="Only rules that rest on this paragraph of the Guidance.")
@click.option("--level", type=click.Choice([one.value for one in Level]), help="Only rules that give this level.")
@click.option("--owner", help="Only rules that this role answers for.")
@click.option("--own", is_flag=True, help="Only the council's own rules.")
def command(chosen: str | None, **wanted: Unpack[Wanted]) -> None:
    """List the rules: id, state, version, category, paragraphs, level, owner, since when, and in which file."""
    rules = rules_in(chosen)
    shown = [one for one in rules.rules if is_wanted(one, rules, wanted)]
    rows = [_row(one, rules) for one in shown]
    if not any(wanted[name] for name in ("category", "paragraph", "level", "owner", "own")):
        rows += [_built_in(name, rules) for name in BUILT_IN if wanted["state"] in {None, rules.state_of(name)}]
    click.echo(table(HEADS, rows))
    click.echo(f"{len(rows)} rules, version {rules.version}.")


def is_wanted(rule: Rule, rules: RuleSet, wanted: Wanted) -> bool:
    """Return whether a rule is among those asked for."""
    asked: Iterable[tuple[str | None, Iterable[str]]] = (
        (wanted["state"], (rule.state,)),
        (wanted["category"], (rule.category, *filter(None, (rule.category_outbound,)))),
        (wanted["paragraph"], (*rule.paragraphs, *rule.paragraphs_outbound)),
        (wanted["level"], (rule.level, *filter(None, (rule.level_outbound,)))),
        (wanted["owner"], (rule.owner,)),
    )
    return all(one is None or one in held for one, held in asked) and (not wanted["own"] or rule.id in rules.own)


def _row(rule: Rule, rules: RuleSet) -> tuple[str, ...]:
    return (
        rule.id, rule.state, str(rule.version), rule.category, ", ".join(rule.paragraphs), rule.level, rule.owner,
        rule.effective_from.isoformat(), rules.files[rule.id],
    )  # fmt: skip


def _built_in(name: str, rules: RuleSet) -> tuple[str, ...]:
    return name, rules.state_of(name), "1", BUILT_IN[name], "", "", "", "", "built in"
