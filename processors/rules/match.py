"""The rulebook in use: finds which rules' words stand in a text, all of them in one linear pass.

Built by `processors.rules.load`, read by the screener. One automaton (a re2 set) says which rules match at all, so most
posts stop after one pass, whatever the number of rules: 2 to 5 microseconds a post once it is warm, where re2's filter,
whose patterns run one by one, took 200.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import re2

from pipeline.vocabulary.finding import RuleState
from processors.rules.model import Lexicon, Rule
from processors.rules.patterns import Found, Pattern, PatternError, any_of, compile_pattern, options, spell_out

SET_MEMORY = 1 << 27
"""Most bytes the automaton of all rules may take; its states are made when a text first needs them."""


GATES = ("claims_identity", "asks_comment", "personal_hint")
"""Cues that detectors ask of every post: looked for in the same pass as the rules."""
_NONE: frozenset[str] = frozenset()
MANY = 8
"""So many matches of one rule are judged at each end of a window."""


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

    def __init__(
        self,
        rules: Sequence[Rule],
        lexicon: Lexicon,
        version: str,
        built_in: Mapping[str, RuleState] | None = None,
    ) -> None:
        """Compile the rules that are not off; built_in says which rules of `processors.rules.built_in` are not live.

        Raises:
            PatternError: naming the pattern that cannot be used.
        """
        self.built_in = {name: state for name, state in (built_in or {}).items() if state is not RuleState.LIVE}
        self.rules = tuple(rule for rule in rules if rule.state is not RuleState.OFF)
        self.shadowing = any(rule.state is RuleState.SHADOW for rule in self.rules)
        self.lexicon = lexicon
        self.version = version
        self.lexicon_version = lexicon.version
        self.checks = {rule.id: _checks(rule, lexicon) for rule in self.rules}
        compiled = {name: any_of(entries, lexicon.words) for name, entries in lexicon.cues.items()}
        self._cues = {name: pattern for name, pattern in compiled.items() if pattern is not None}
        self._compiled: list[Pattern] = [_compiled(rule, lexicon) for rule in self.rules]
        gates = [self._cues[name].pattern for name in GATES if name in self._cues]
        self._any = _one_pass([*(one.pattern for one in self._compiled), *gates])
        self._gates = tuple(name for name in GATES if name in self._cues)

    def scan(self, text: str) -> tuple[list[Match], frozenset[str]]:
        """Return every match of every rule in a folded text, rule by rule, and which of GATES stand in it."""
        rules, gates = self._matching(text)
        matches = [
            Match(self.rules[index], found.start(), found.end())
            for index in rules
            for found in _ends(list(self._compiled[index].finditer(text)))
        ]
        return matches, gates

    def _matching(self, text: str) -> tuple[Sequence[int], frozenset[str]]:
        """Return which rules and gates match. A set that ran out of memory says that nothing does: then all are
        tried.
        """
        found = sorted(self._any.Match(text) or ())
        many = len(self.rules)
        if not found or found[-1] != many + len(self._gates):
            return range(many), frozenset(self._gates)
        if len(found) == 1:
            return (), _NONE
        gates = frozenset(self._gates[index - many] for index in found[:-1] if index >= many)
        return [index for index in found if index < many], gates

    def without(self, failing: Iterable[str]) -> "Rulebook":
        """Return this rulebook without some rules: those that fail their own examples."""
        dropped = set(failing)
        kept = [rule for rule in self.rules if rule.id not in dropped]
        return Rulebook(kept, self.lexicon, self.version, self.built_in)

    def cue(self, name: str) -> Pattern:
        """Return the compiled cue `name` of the lexicon. KeyError where the lexicon has none."""
        return self._cues[name]


def _ends(found: list[Found]) -> list[Found]:
    """Return the first and last matches where a rule's words stand very often in one window."""
    return found if len(found) <= 2 * MANY else found[:MANY] + found[-MANY:]


def _compiled(rule: Rule, lexicon: Lexicon) -> Pattern:
    try:
        return compile_pattern("|".join(f"(?:{spell_out(one, lexicon.words)})" for one in rule.patterns))
    except PatternError as error:
        for one in rule.patterns:
            compile_pattern(spell_out(one, lexicon.words))
        raise PatternError(f"the patterns together: {error}") from error


def _one_pass(patterns: Sequence[str]) -> re2.Set:
    """Return a set of all patterns and, last, an empty one that every text matches: its absence betrays a failure."""
    made = re2.Set.SearchSet(options(SET_MEMORY))
    for one in (*patterns, ""):
        made.Add(one)
    made.Compile()
    return made


def _checks(rule: Rule, lexicon: Lexicon) -> Checks:
    return Checks(
        unless=any_of(rule.unless, lexicon.words),
        near=any_of(rule.near, lexicon.words),
        needs=any_of(rule.needs, lexicon.words),
    )
