"""A text tried on every rule, those in shadow and those that are off among them: what each says, and what it would do.

Beside the flow, for `parapet rules try`. Nothing is written, and nobody told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from pipeline.registers.types import Registers
from pipeline.vocabulary.event import Event, Observation
from pipeline.vocabulary.finding import Field, Finding, RuleState
from processors.assess import assess
from processors.reading.case import Case
from processors.routing import Decision, decide
from processors.rules.load import compiled
from processors.rules.match import Match
from processors.rules.model import RuleSet
from processors.screener import Listening, Screener


@dataclass(frozen=True)
class Said:
    """What one rule says of a text in which its words stand, or why it is cleared: then there is no finding.

    decision is what its finding would lead to if it were live and alone; hidden_by is the suppression that hides it.
    """

    rule: str
    version: int
    state: RuleState
    words: str
    why: str
    finding: Finding | None = None
    decision: Decision | None = None
    hidden_by: str | None = None


@dataclass(frozen=True)
class Trial:
    """What all rules say of a text, the ones that find first; decision is what happens; silent rules have no words."""

    said: tuple[Said, ...]
    decision: Decision
    silent: int


def trial(rules: RuleSet, registers: Registers, seen: Observation, tone: Listening | None = None) -> Trial:
    """Return what every rule says of a text; tone is the classifier's part, for rules that ask for a score."""
    screener = Screener(registers, compiled(rules.all_running()), tone=tone)
    assessed = assess(seen, (), screener, registers)
    event = assessed.event
    case = screener.case(event, unheard=True)
    hidden = {(one.rule, one.span): one.suppressed_by for one in screener.screen(event) if one.suppressed_by}
    places = {match.rule.id: (field, match) for field, match in reversed(case.matches)}
    said = [
        _said(rules, registers, event, one, hidden.get((one.rule, one.span)))
        for one in _findings(screener, event, places)
    ]
    found = {one.rule for one in said}
    said += [_cleared(rules, case, field, match) for field, match in places.values() if match.rule.id not in found]
    silent = sum(rule.id not in places for rule in rules.rules)
    return Trial(tuple(said), decide(assessed.findings, event, registers), silent)


def _findings(screener: Screener, event: Event, matched: Iterable[str]) -> list[Finding]:
    """Return the worst finding of each rule by itself, and of each that is built in, the most serious first."""
    worst: dict[str, Finding] = {}
    alone = [finding for rule in matched for finding in screener.alone(event, rule)]
    for one in sorted((*alone, *screener.every(event)), key=lambda one: -one.level.rank):
        worst.setdefault(one.rule, one)
    return list(worst.values())


def _said(rules: RuleSet, registers: Registers, event: Event, one: Finding, hidden_by: str | None) -> Said:
    live = msgspec.structs.replace(one, state=RuleState.LIVE)
    state, decision = rules.state_of(one.rule), decide([live], event, registers)
    return Said(one.rule, one.rule_version, state, one.quote or "", one.reason, one, decision, hidden_by)


def _cleared(rules: RuleSet, case: Case, field: Field, match: Match) -> Said:
    rule, words = match.rule, case.reading.marked(field).folded.words(match.start, match.end)
    why = case.cleared_because(field, match) or f"the detector of its kind ({rule.detector}) clears it"
    return Said(rule.id, rule.version, rules.state_of(rule.id), words, why)
