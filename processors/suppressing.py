"""Suppressions: findings that an officer judged to be none are hidden, each with the suppression that hid it.

Between the detectors and the merging of findings, called by the screener; `freed` is called by correlate. A hidden
finding becomes one that counts for nothing and says by whom it is hidden: it is written with the others, pages nobody
and opens nothing. Pure: the moment is given.

Decided here:

- A critical finding about a person is never hidden, whatever a suppression says, nor is the test of the chain. What
  history raises to critical comes out of hiding (`freed`).
- A phrase hides only findings whose own words it overlaps, so that a threat beside a harmless phrase stands.
- When words are hidden, the text is judged again without them: of several words for one person a detector may keep
  only the worst, and what it left out for a hidden one counts.
- A suppression that has expired, by the time of the event or by the clock, does nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from pipeline.registers.suppressions import Suppression
from pipeline.text.fold import fold
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case
from processors.rules.match import Match
from processors.rules.patterns import Pattern, compile_pattern

Detect = Callable[[Case], list[Finding]]

_BETWEEN = r"[^a-z0-9]+"
_EDGE = "(?:^|$|[^a-z0-9])"


@dataclass(frozen=True)
class Prepared:
    """A suppression with its phrases compiled."""

    suppression: Suppression
    phrases: tuple[Pattern, ...]

    @classmethod
    def of(cls, suppression: Suppression) -> "Prepared":
        """Return it ready to use."""
        return cls(suppression, tuple(_compiled(one) for one in suppression.phrases))

    def hides(self, finding: Finding, case: Case) -> bool:
        """Return whether it names this finding of this event, or names everything."""
        one = self.suppression
        if one.accounts and case.reading.event.account not in one.accounts:
            return False
        if one.rules and finding.rule not in one.rules:
            return False
        if one.categories and finding.category not in one.categories:
            return False
        return not one.phrases or any(_overlaps(phrase, finding, case) for phrase in self.phrases)


def prepared(suppressions: Iterable[Suppression]) -> tuple[Prepared, ...]:
    """Return suppressions ready to use."""
    return tuple(Prepared.of(one) for one in suppressions)


def in_force(suppressions: Sequence[Prepared], moment: datetime) -> list[Prepared]:
    """Return the suppressions that have not expired."""
    return [one for one in suppressions if moment < one.suppression.expires_at]


def protected(finding: Finding) -> bool:
    """Return whether nothing may hide a finding: it is critical and about a person, or tests the chain."""
    return (finding.level is Level.CRITICAL and finding.target is not None) or finding.category is Category.CHAIN_TEST


def hidden(finding: Finding) -> bool:
    """Return whether a suppression hides a finding."""
    return finding.suppressed_by is not None


def sifted(case: Case, suppressions: Sequence[Prepared], detect: Detect) -> list[Finding]:
    """Return what detectors find in a case, with what suppressions hide marked as such."""
    away: dict[tuple[object, ...], Finding] = {}
    while True:
        found = [_hidden_by(one, suppressions, case) for one in detect(case)]
        gone = [one for one in found if hidden(one)]
        away |= {(one.rule, one.category, one.target, one.field, one.span, one.topic_ref): one for one in gone}
        rest = _without(case, gone)
        if len(rest.matches) == len(case.matches):
            return [one for one in found if not hidden(one)] + list(away.values())
        case = rest


def freed(finding: Finding) -> Finding:
    """Return a hidden finding as one that counts, because it has become critical; others are returned as they are."""
    if not hidden(finding) or not protected(finding):
        return finding
    reason = f"{finding.reason}; suppression {finding.suppressed_by} cannot hide what is critical"
    return msgspec.structs.replace(finding, state=RuleState.LIVE, suppressed_by=None, reason=reason)


def _hidden_by(finding: Finding, suppressions: Sequence[Prepared], case: Case) -> Finding:
    if finding.state is not RuleState.LIVE or protected(finding):
        return finding
    for one in suppressions:
        if one.hides(finding, case):
            return msgspec.structs.replace(finding, state=RuleState.SHADOW, suppressed_by=one.suppression.ref)
    return finding


def _without(case: Case, gone: Sequence[Finding]) -> Case:
    """Return the case without the matches that hidden findings rest on."""
    if not gone:
        return case
    places = {(one.rule, one.field, one.span) for one in gone}
    return replace(case, matches=tuple(one for one in case.matches if _place(case, *one) not in places))


def _place(case: Case, field: Field, match: Match) -> tuple[str, Field, tuple[int, int]]:
    return match.rule.id, field, case.reading.marked(field).folded.span(match.start, match.end)


def _overlaps(phrase: Pattern, finding: Finding, case: Case) -> bool:
    if finding.field is None or finding.span is None:
        return False
    folded = case.reading.folded(finding.field)
    first, last = finding.span
    for one in phrase.finditer(folded.text):
        start, end = folded.span(one.start(1), one.end(1))
        if start < last and first < end:
            return True
    return False


def _compiled(phrase: str) -> Pattern:
    words = re.findall(r"[a-z0-9]+", fold(phrase).text)
    return compile_pattern(f"{_EDGE}({_BETWEEN.join(words)}){_EDGE}")
