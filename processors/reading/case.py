"""What every detector gets: the reading of one event, the rules whose words it holds, the registers, past contacts.

Made by the screener. `judged` puts the common tests to a match: whom it means, whether somebody else's words are
told, whether the rule's own `unless`, `near` and `needs` clear it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pipeline.registers.types import Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Field, Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.contacts import Contacts
from processors.reading.audience import Aimed, agreed_about, aimed, names_a_body, speaks_to
from processors.reading.context import Context
from processors.reading.names import Marked
from processors.reading.phrases import Token
from processors.reading.reading import Reading
from processors.reading.sense import Cues, denied, sentence, told_by_others
from processors.reading.tone import Tone
from processors.rules.match import Checks, Match
from processors.rules.model import Aim, Rule, Score

BESIDE = 200
"""So many characters before and after a sentence belong to those next to it."""
_AGREED = frozenset({Category.THREAT_INCITEMENT, Category.THREAT_VEILED})
"""What, in answer to a resident and about nobody, is about whom the resident named: agreement with a threat."""


def _nobody(_text: str) -> None:
    """Hear nothing: no classifier runs."""


@dataclass(frozen=True)
class Judged:
    """A match that holds: whom it means, and the words of its sentence as bounds in the marked text."""

    match: Match
    field: Field
    marked: Marked
    aimed: Aimed
    sentence: tuple[int, int]

    @property
    def rule(self) -> Rule:
        """Return the rule that matched."""
        return self.match.rule

    def words(self) -> str:
        """Return the original words that matched."""
        return self.marked.folded.words(self.match.start, self.match.end)


@dataclass(frozen=True)
class Case:
    """One event before the detectors."""

    reading: Reading
    context: Context
    matches: tuple[tuple[Field, Match], ...] = ()
    gates: frozenset[str] = frozenset()
    """Which of the rulebook's GATES stand in the author's own words."""
    contacts: Contacts | None = None
    again: Callable[[Event], list[Finding]] | None = None
    """Screens another event with the same registers and rules: what is shared, read as if the public wrote it."""
    memory: dict[tuple[str, int], str] = field(default_factory=dict)
    tone: Tone | None = None
    """What a classifier hears in the text; None where none ran."""
    closely: Callable[[str], Tone | None] = _nobody
    """Gives what the best judge hears in a text, or in a part of one."""

    @property
    def registers(self) -> Registers:
        """Return what the Council knows."""
        return self.context.registers

    @property
    def cues(self) -> Cues:
        """Return the cues by which sentences are read."""
        return self.context.cues

    def of_state(self, state: RuleState) -> "Case":
        """Return the case with the matches of rules of one state alone, and what is shared screened the same way."""
        matches = tuple(one for one in self.matches if one[1].rule.state is state)
        again = self.again

        def shared(event: Event) -> list[Finding]:
            return [one for one in again(event) if one.state is state] if again is not None else []

        return replace(self, matches=matches, again=shared)

    def of_rule(self, name: str) -> "Case":
        """Return the case with the matches of one rule alone."""
        return replace(self, matches=tuple(one for one in self.matches if one[1].rule.id == name))

    def judged(self, detector: str) -> Iterator[Judged]:
        """Yield the matches of a detector's rules that hold in this event."""
        for place, match in self.matches:
            if match.rule.detector == detector:
                judged = self.judge(place, match)
                if judged is not None:
                    yield judged

    def judge(self, place: Field, match: Match) -> Judged | None:
        """Return the match with its target, or None where it is cleared."""
        marked = self.reading.marked(place)
        bounds = sentence(marked.text, match.start, match.end)
        if self._cleared(match, marked, bounds) is not None:
            return None
        meant = self._meant(match, place)
        return Judged(match, place, marked, meant, bounds) if meant is not None else None

    def cleared_because(self, place: Field, match: Match) -> str | None:
        """Return in words why a match is no finding, or None where it holds."""
        marked = self.reading.marked(place)
        why = self._cleared(match, marked, sentence(marked.text, match.start, match.end))
        if why is None and self._meant(match, place) is None:
            return "it is about nobody in the registers"
        return why

    def _cleared(self, match: Match, marked: Marked, bounds: tuple[int, int]) -> str | None:
        why = self._unheard(match.rule.score) or self._whole_text(match.rule, marked.text)
        if why:
            return why
        checks = self.context.rulebook.checks[match.rule.id]
        if checks.near is not None and checks.near.search(marked.text, *bounds) is not None:
            return "other words in the sentence clear it"
        around = _around(bounds, marked.text)
        if any(one.search(marked.text, *around) is None for one in checks.beside):
            return "words that the rule needs close by are missing"
        if match.rule.quoted:
            return None
        if told_by_others(self.cues, marked, match.start, match.end):
            return "the words are quoted or reported, not the author's own"
        return "the words are denied" if denied(self.cues, marked.text, match.start) else None

    def _whole_text(self, rule: Rule, text: str) -> str:
        """Return why the rest of a text clears a rule, or nothing; worked out once for each rule and text."""
        known = self.memory.get((rule.id, id(text)))
        if known is None:
            known = _cleared_by(self.context.rulebook.checks[rule.id], text)
            self.memory[rule.id, id(text)] = known
        return known

    def _unheard(self, score: Score | None) -> str:
        """Return why a score that a rule asks for clears it, or nothing."""
        if score is None or (self.tone is not None and self.tone.reaches(score.label, score.least)):
            return ""
        return "no classifier ran, or its score is lower than the rule asks"

    def _heard(self, rule: Rule) -> str:
        if rule.score is None or self.tone is None:
            return ""
        return f"; a classifier gives {rule.score.label} {self.tone.surely(rule.score.label):.2f}"

    def _doubt(self, judged: Judged) -> str:
        """Return why nobody is paged for words that stand in much harmless talk, or nothing where there is no doubt."""
        if not judged.rule.doubt or judged.field is not Field.TEXT:
            return ""
        first, last = _around(judged.sentence, judged.marked.text)
        tone = self.closely(judged.marked.folded.words(first, last))
        if tone is None or not tone.scored.heard:
            return ""
        harm = tone.harm(outbound=self.reading.outbound)
        if harm >= judged.rule.doubt:
            return ""
        return f"a classifier hears no harm in it ({harm:.2f}), so nobody is paged"

    def _meant(self, match: Match, place: Field) -> Aimed | None:
        aim = match.rule.aim
        if aim is Aim.ANYONE:
            return Aimed(None)
        if aim is Aim.AUTHOR:
            return Aimed(self.reading.owner) if self.reading.outbound and self.reading.owner else None
        only = Token.PERSON if aim is Aim.COUNCILLOR else None
        meant = aimed(self.reading, place, (match.start, match.end), only)
        if aim in {Aim.PERSON, Aim.COUNCILLOR} and meant.person is None:
            if (
                match.rule.detector == "threats"
                and match.rule.level is Level.CRITICAL
                and self._at_a_body(match, place)
            ):
                return meant
            about = agreed_about(self.reading, place, (match.start, match.end))
            return Aimed(about) if about is not None and match.rule.category in _AGREED else None
        if aim is Aim.GROUP:
            return Aimed(None, group=True)
        return meant

    def _at_a_body(self, match: Match, place: Field) -> bool:
        """Return whether what somebody says they will do is said of a body of people, or to whoever runs the page."""
        words = self.reading.marked(place).text[match.start : match.end]
        return names_a_body(words) or (speaks_to(words) and not self.reading.answers_resident)

    def finding(self, judged: Judged, level: Level, reason: str, aggravators: tuple[str, ...] = ()) -> Finding:
        """Return the finding of a judged match."""
        rule, direction = judged.rule, self.reading.direction
        doubt = self._doubt(judged) if level.rank >= Level.HIGH.rank else ""
        if doubt:
            level, reason = Level.MODERATE, f"moderate because: {reason.partition(' because: ')[2]}; {doubt}"
        span = judged.marked.folded.span(judged.match.start, judged.match.end)
        paragraphs = rule.paragraphs_for(direction)
        return Finding(
            paragraph=paragraphs[0],
            paragraphs=paragraphs,
            category=rule.category_for(direction),
            level=level,
            target=judged.aimed.person,
            rule=rule.id,
            rule_version=rule.version,
            field=judged.field,
            span=span,
            quote=judged.marked.folded.original[span[0] : span[1]],
            reason=reason + self._heard(rule),
            state=rule.state,
            aggravators=aggravators,
        )


def _around(sentence: tuple[int, int], text: str) -> tuple[int, int]:
    """Return the bounds of a sentence with those next to it."""
    return max(0, sentence[0] - BESIDE), min(len(text), sentence[1] + BESIDE)


def _cleared_by(checks: Checks, text: str) -> str:
    if checks.unless is not None and checks.unless.search(text) is not None:
        return "other words in the text clear it"
    if checks.needs is not None and checks.needs.search(text) is None:
        return "words that the rule needs are missing"
    return ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What a detector without patterns found; words gives field and span of what it rests on, where there is any."""

    rule: str
    category: Category
    level: Level
    paragraphs: tuple[str, ...]
    reason: str
    target: str | None = None
    topic_ref: str | None = None
    field: Field | None = None
    span: tuple[int, int] | None = None
    quote: str | None = None
    version: int = 1
    state: RuleState = RuleState.LIVE
    aggravators: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return it as a finding."""
        return Finding(
            paragraph=self.paragraphs[0],
            paragraphs=self.paragraphs,
            category=self.category,
            level=self.level,
            target=self.target,
            rule=self.rule,
            rule_version=self.version,
            field=self.field,
            span=self.span,
            quote=self.quote,
            reason=self.reason,
            topic_ref=self.topic_ref,
            state=self.state,
            aggravators=self.aggravators,
        )
