"""The rulebook in use: finds which rules' words stand in a text, in time that hardly grows with the rules there are.

Built by `processors.rules.load`, read by the screener. See `processors.rules.finder` for how.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.vocabulary.finding import RuleState
from processors.reading.tone import Tone
from processors.rules.finder import Finder, matches_of
from processors.rules.model import Lexicon, Rule
from processors.rules.patterns import Found, Later, Pattern, any_of, stands

GATES = ("claims_identity", "asks_comment", "personal_hint")
"""Cues that detectors ask of every post: looked for together, once."""
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
    """What stands beside a rule's patterns: unless clears the text, near the sentence, needs must stand in the text,
    each of beside close by.
    """

    unless: Later | None
    near: Later | None
    needs: Later | None
    beside: tuple[Later, ...] = ()

    def every(self) -> Iterator[Later]:
        """Yield all of them."""
        yield from (one for one in (self.unless, self.near, self.needs, *self.beside) if one is not None)


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
        self._gates = tuple(name for name in GATES if name in self._cues)
        asked = [*(rule.patterns for rule in self.rules), *(lexicon.cues[name] for name in self._gates)]
        self._finder = Finder(asked, lexicon.words)
        self._asking = frozenset(owner for owner, rule in enumerate(self.rules) if rule.score is not None)

    def compile(self, rules: Container[str], *, cues: bool) -> None:
        """Compile every pattern of some rules now, by id, and every cue; others each when a text first needs it.

        Raises:
            PatternError: naming the pattern that cannot be used.
        """
        self._finder.compile({number for number, rule in enumerate(self.rules) if rule.id in rules})
        beside = [one for rule, checks in self.checks.items() if rule in rules for one in checks.every()]
        for one in (*beside, *(self._cues.values() if cues else ())):
            _ = one.compiled

    def unheard(self, tone: Tone | None) -> frozenset[int]:
        """Return, for `scan`, the rules that ask for a score which is not reached; all of them where none is there."""
        if tone is None:
            return self._asking
        return frozenset(owner for owner in self._asking if not _reached(tone, self.rules[owner]))

    def scan(self, text: str, without: Container[int] = ()) -> tuple[list[Match], frozenset[str]]:
        """Return every match of every rule in a folded text, rule by rule, and which of GATES stand in it.

        without: the numbers of rules that are left out.
        """
        matches: list[Match] = []
        gates: list[str] = []
        encoded = text.encode()
        for owner, patterns in self._finder.called_up(text, without).items():
            standing = [one for one in patterns if stands(one, encoded)]
            if not standing:
                continue
            if owner >= len(self.rules):
                gates.append(self._gates[owner - len(self.rules)])
                continue
            rule = self.rules[owner]
            matches += [Match(rule, one.start(), one.end()) for one in _ends(list(matches_of(standing, text)))]
        return matches, frozenset(gates) if gates else _NONE

    def without(self, failing: Iterable[str]) -> "Rulebook":
        """Return this rulebook without some rules: those that fail their own examples."""
        dropped = set(failing)
        kept = [rule for rule in self.rules if rule.id not in dropped]
        return Rulebook(kept, self.lexicon, self.version, self.built_in)

    def cue(self, name: str) -> Pattern:
        """Return the compiled cue `name` of the lexicon. KeyError where the lexicon has none."""
        return self._cues[name]


def _reached(tone: Tone, rule: Rule) -> bool:
    return rule.score is None or tone.reaches(rule.score.label, rule.score.least)


def _ends(found: list[Found]) -> list[Found]:
    """Return the first and last matches where a rule's words stand very often in one window."""
    return found if len(found) <= 2 * MANY else found[:MANY] + found[-MANY:]


def _checks(rule: Rule, lexicon: Lexicon) -> Checks:
    return Checks(
        unless=any_of(rule.unless, lexicon.words),
        near=any_of(rule.near, lexicon.words),
        needs=any_of(rule.needs, lexicon.words),
        beside=tuple(one for group in rule.beside if (one := any_of(group, lexicon.words)) is not None),
    )
