"""What the rules make of a text, in words: the same for `parapet explain` and for the draft box of the console.

Beside the flow. Nothing is kept: the text is in the event, and the event goes when the caller lets go of it.
"""

from collections.abc import Iterator

from pipeline.registers.types import Registers
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.finding import Field, Finding, RuleState
from processors.assess import Assessment, assess
from processors.reading.case import Case
from processors.routing import Decision
from processors.screener import Screener


def explained(seen: Observation, screener: Screener, registers: Registers) -> tuple[Assessment, list[str]]:
    """Return what is found about an observation, and the lines that say it: what, why, who would be told, what not."""
    assessed = assess(seen, (), screener, registers)
    lines = [line for finding in assessed.findings for line in _finding(finding, registers)]
    lines += decision_lines(assessed.decision) if assessed.findings else ["Nothing was found."]
    lines += _cleared(screener.case(assessed.event), {one.rule for one in assessed.findings})
    return assessed, lines


def _finding(finding: Finding, registers: Registers) -> Iterator[str]:
    whom = f" about {registers.person_name(finding.target)}" if finding.target else ""
    yield f"{finding.category.label}{whom}: {finding.reason}{_aside(finding)}"
    if finding.quote is not None:
        yield f"  words: {finding.quote!r}"
    yield f"  paragraph {', '.join(finding.paragraphs)}; rule {finding.rule}, version {finding.rule_version}"


def _aside(finding: Finding) -> str:
    if finding.suppressed_by is not None:
        return f" (hidden by suppression {finding.suppressed_by}: it tells nobody)"
    return " (shadow rule: it tells nobody)" if finding.state is RuleState.SHADOW else ""


def decision_lines(decision: Decision) -> Iterator[str]:
    """Yield how serious it is and who is told, in words."""
    if decision.level is None:
        yield "Nothing counts: nobody is told."
        return
    told = told_words(decision) or "nobody; it is logged"
    yield f"Level {decision.level}. {'An alert goes to' if decision.alert else 'Told in the queue'}: {told}."
    if decision.route is not None:
        yield f"Advice on screen: {decision.route.replace('police_', 'ring ')}. The software never tells the police."


def told_words(decision: Decision) -> str:
    """Return the roles that are told, in words."""
    return ", ".join(role.replace("_", " ") for role in decision.notify)


def _cleared(case: Case, found: set[str]) -> Iterator[str]:
    if case.tone is not None:
        scores = ", ".join(f"{name} {score:.2f}" for name, score in case.tone.scored.named().items())
        over = ", ".join(case.tone.scored.flags) or "none"
        yield f"Tone, a signal only: {scores}; over their threshold: {over}."
    for place, match in case.matches:
        why = case.cleared_because(place, match)
        if match.rule.id not in found and why is not None:
            words = case.reading.marked(Field(place)).folded.words(match.start, match.end)
            yield f"Cleared: rule {match.rule.id}, words {words!r}: {why}."
