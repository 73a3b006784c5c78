"""The rulebook in use: finds which rules' words stand in a text, all of them in one linear pass.

Built by `processors.rules.load`, read by the screener. re2's filter looks for the words that the patterns cannot do
without, so most posts stop after one pass, whatever the number of rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import re2

from pipeline.vocabulary.finding import RuleState
from processors.rules.model import Lexicon, Rule
from processors.rules.patterns import Pattern, PatternError, any_of, compile_pattern, options, spell_out


@dataclass(frozen=True)
class Match:
    """A rule's words in a text: start and end count characters of the text that was read."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True)
class Checks:
    """What stands beside a rule's patterns: unless clears the text, near the sentence, needs must stand in the text."""

    unless: Pattern | None
    near: Pattern | None
    needs: Pattern | None


class Rulebook:
    """Rules that run, with their lexicon. version is of the rules, lexicon_version of the words."""

    def __init__(self, rules: Sequence[Rule], lexicon: Lexicon, version: str) -> None:
        """Compile the rules that are not off.

        Raises:
            PatternError: naming the pattern that cannot be used.
        """
        self.rules = tuple(rule for rule in rules if rule.state is not RuleState.OFF)
        self.lexicon = lexicon
        self.version = version
        self.lexicon_version = lexicon.version
        self.checks = {rule.id: _checks(rule, lexicon) for rule in self.rules}
        compiled = {name: any_of(entries, lexicon.words) for name, entries in lexicon.cues.items()}
        self._cues = {name: pattern for name, pattern in compiled.items() if pattern is not None}
        self._filter = re2.Filter()
        for rule in self.rules:
            _add(self._filter, rule, lexicon)
        if self.rules:
            self._filter.Compile()
        self._compiled: list[Pattern] = [self._filter.re(index) for index in range(len(self.rules))]

    def match(self, text: str) -> Iterator[Match]:
        """Yield every match of every rule in a folded text, rule by rule."""
        for index in self._filter.Match(text) or ():
            rule = self.rules[index]
            for found in self._compiled[index].finditer(text):
                yield Match(rule, found.start(), found.end())

    def without(self, failing: Iterable[str]) -> "Rulebook":
        """Return this rulebook without some rules: those that fail their own examples."""
        dropped = set(failing)
        return Rulebook([rule for rule in self.rules if rule.id not in dropped], self.lexicon, self.version)

    def cue(self, name: str) -> Pattern:
        """Return the compiled cue `name` of the lexicon. KeyError where the lexicon has none."""
        return self._cues[name]


def _add(words: re2.Filter, rule: Rule, lexicon: Lexicon) -> None:
    spelled = "|".join(f"(?:{spell_out(one, lexicon.words)})" for one in rule.patterns)
    try:
        words.Add(spelled, options())
    except re2.error as error:
        for one in rule.patterns:
            compile_pattern(spell_out(one, lexicon.words))
        raise PatternError(f"the patterns together: {error}") from error


def _checks(rule: Rule, lexicon: Lexicon) -> Checks:
    return Checks(
        unless=any_of(rule.unless, lexicon.words),
        near=any_of(rule.near, lexicon.words),
        needs=any_of(rule.needs, lexicon.words),
    )
