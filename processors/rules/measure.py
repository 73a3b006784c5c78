"""What each rule costs and finds over some posts: the time its patterns take, matches, findings; slow, common, silent.

Beside the flow, for `parapet rules report --input`. Measured apart from screening, which does not time its rules: there
one pass serves all of them.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.registers.types import Registers
from pipeline.vocabulary.finding import Finding
from processors.assess import assess
from processors.rules.lines import Line
from processors.rules.load import compiled
from processors.rules.model import Rule, RuleSet
from processors.rules.patterns import Pattern, any_of
from processors.screener import Screener

SLOW = 8.0
"""So many times the median of all rules is slow, if it is also more than SLOW_MICROSECONDS a post."""
SLOW_MICROSECONDS = 50.0
COMMON = 0.02
"""Findings in more than this share of posts are too common."""
FEWEST = 100
"""Of fewer posts nothing is said about what is common or silent."""


@dataclass(frozen=True)
class Measured:
    """One rule over the posts: microseconds a post, texts in which its words stand, posts in which it finds."""

    rule: str
    microseconds: float
    matches: int
    findings: int


def measured(
    rules: RuleSet, lines: Sequence[Line], registers: Registers, clock: Callable[[], float] = time.perf_counter
) -> list[Measured]:
    """Return each rule that is not off, in the order of the rulebook; clock gives seconds."""
    rulebook = compiled(rules)
    screener = Screener(registers, rulebook)
    assessed = [assess(one.seen, one.history, screener, registers) for one in lines]
    texts = [screener.case(one.event).reading for one in assessed]
    read = [reading.marked(field).text for reading in texts for field in reading.own_fields()]
    return [_one(rule, rules, read, [one.findings for one in assessed], clock) for rule in rulebook.rules]


def _one(
    rule: Rule, rules: RuleSet, texts: Sequence[str], found: Iterable[Sequence[Finding]], clock: Callable[[], float]
) -> Measured:
    pattern = any_of(rule.patterns, rules.lexicon.words)
    findings = sum(any(one.rule == rule.id for one in each) for each in found)
    if pattern is None or not texts:
        return Measured(rule.id, 0.0, 0, findings)
    _matches(pattern, texts[:1])
    began = clock()
    matches = _matches(pattern, texts)
    return Measured(rule.id, (clock() - began) * 1e6 / len(texts), matches, findings)


def _matches(pattern: Pattern, texts: Iterable[str]) -> int:
    return sum(pattern.search(text) is not None for text in texts)


def remarks(of: Sequence[Measured], posts: int) -> dict[str, list[str]]:
    """Return what is to be said of each rule of which something is: slow, too common, silent."""
    usual = median(one.microseconds for one in of) if of else 0.0
    said: dict[str, list[str]] = {}
    for one in of:
        told = []
        if one.microseconds > max(SLOW * usual, SLOW_MICROSECONDS):
            told.append(f"slow: {one.microseconds / max(usual, 0.001):.0f} times the median")
        if posts >= FEWEST:
            told += common_or_silent(one.findings, posts)
        if told:
            said[one.rule] = told
    return said


def common_or_silent(findings: int, posts: int) -> list[str]:
    """Return whether a rule finds too much or nothing in so many posts."""
    if findings > COMMON * posts:
        return [f"too common: {findings / posts:.1%} of posts"]
    return ["silent"] if not findings else []
