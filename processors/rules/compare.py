"""Two rulebooks over the same posts: which rules differ, and which findings and alerts that changes.

Beside the flow, for `parapet rules diff`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.registers.types import Registers
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.assess import Assessment, assess
from processors.rules.lines import Line
from processors.rules.match import Rulebook
from processors.rules.model import Rule, RuleSet
from processors.screener import Screener

UNVERSIONED = frozenset({"version", "state", "owner", "hits", "misses"})
"""Fields whose change needs no new version: what a finding means stays the same."""


@dataclass(frozen=True)
class RuleChange:
    """How one rule differs: added, removed or changed, and in which fields."""

    rule: str
    what: str
    fields: tuple[str, ...] = ()
    before: int = 0
    after: int = 0

    @property
    def unraised(self) -> bool:
        """Return whether a finding would mean something else under the same version."""
        return bool(set(self.fields) - UNVERSIONED) and self.after <= self.before


@dataclass(frozen=True)
class FindingChange:
    """One kind of finding about one person that differs for a post; None: it is not there."""

    line: str
    before: Finding | None
    after: Finding | None

    @property
    def what(self) -> str:
        """Return what happens to the finding."""
        if self.before is None:
            return "appears"
        if self.after is None:
            return "vanishes"
        return "level" if self.before.level is not self.after.level else "state"

    def either(self) -> Finding:
        """Return the finding as it is after, or as it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change has at least one side")
        return found


@dataclass(frozen=True)
class AlertChange:
    """A post that pages somebody under one of the two only; level is the one that pages."""

    line: str
    pages: bool
    level: Level | None


def rule_changes(before: RuleSet, after: RuleSet) -> list[RuleChange]:
    """Return the rules that differ, in the order of their ids."""
    first, second = {one.id: one for one in before.rules}, {one.id: one for one in after.rules}
    changes = []
    for name in sorted({*first, *second}):
        if name not in first:
            changes.append(RuleChange(name, "added", after=second[name].version))
        elif name not in second:
            changes.append(RuleChange(name, "removed", before=first[name].version))
        elif first[name] != second[name]:
            fields = _differing(first[name], second[name])
            changes.append(RuleChange(name, "changed", fields, first[name].version, second[name].version))
    set_anew = [one for one in {*before.states, *after.states} if before.state_of(one) is not after.state_of(one)]
    return changes + [RuleChange(one, "changed", ("state",), 1, 1) for one in sorted(set_anew)]


def changes_of(
    before: Rulebook, after: Rulebook, lines: Iterable[Line], registers: Registers
) -> Iterator[FindingChange | AlertChange]:
    """Yield what differs for each post, in the order of the posts."""
    first, second = Screener(registers, before), Screener(registers, after)
    for line in lines:
        one = assess(line.seen, line.history, first, registers)
        other = assess(line.seen, line.history, second, registers)
        yield from _findings(line.id, one, other)
        if one.decision.alert is not other.decision.alert:
            level = other.decision.level if other.decision.alert else one.decision.level
            yield AlertChange(line.id, other.decision.alert, level)


def _findings(line: str, one: Assessment, other: Assessment) -> Iterator[FindingChange]:
    before, after = _by_kind(one.findings), _by_kind(other.findings)
    for key in dict.fromkeys((*before, *after)):
        first, second = before.get(key), after.get(key)
        if first is None or second is None or (first.level, first.state) != (second.level, second.state):
            yield FindingChange(line, first, second)


def _by_kind(findings: Iterable[Finding]) -> dict[tuple[object, ...], Finding]:
    """Return findings by category, person and topic: one that counts before one that does not, the worst first."""
    ordered = sorted(findings, key=lambda one: (one.state is not RuleState.LIVE, -one.level.rank))
    kinds: dict[tuple[object, ...], Finding] = {}
    for one in ordered:
        kinds.setdefault((one.category, one.target, one.topic_ref), one)
    return kinds


def _differing(one: Rule, other: Rule) -> tuple[str, ...]:
    return tuple(name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name))
