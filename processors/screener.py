"""The screen stage's whole judgement of one event: all detectors in one pass. Pure and reusable; build it once a
register.

`Screener.screen` takes an event and, where they are known, past contacts; it returns findings and keeps nothing.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from pipeline.guidance import GUIDANCE_VERSION
from pipeline.registers.types import Registers
from pipeline.text.masking import masked
from pipeline.vocabulary.categories import HOSTILE, Category
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.finding import Field, Finding, RuleState, Versions
from pipeline.vocabulary.levels import Level
from processors.contacts import Contacts
from processors.detectors import DETECTORS
from processors.detectors.tone import by_score, spoken_for
from processors.detectors.tone import detect as hear_tone
from processors.kept_back import kept_back
from processors.reading.case import Case
from processors.reading.context import Context
from processors.reading.reading import Reading
from processors.reading.tone import Hear, Tone
from processors.rules.match import Match, Rulebook
from processors.suppressing import Prepared, in_force, prepared, sifted
from processors.windows import moved, windows

_NOT_SCREENED = frozenset({Action.DELETE})


@dataclass(frozen=True)
class Listening:
    """A classifier as screening has it: how to ask it, and its version for the findings."""

    hear: Hear
    version: str | None


class Screener:
    """Judges events against one set of registers and one rulebook."""

    def __init__(
        self,
        registers: Registers,
        rulebook: Rulebook,
        clock: Callable[[], datetime] | None = None,
        tone: Listening | None = None,
    ) -> None:
        """Work out, once, what the registers say. Cheap enough to do again whenever they change.

        By the clock a suppression expires; without one, by the time at which the event was seen. tone is the
        classifier's part; without it rules alone judge.
        """
        self._clock = clock
        self._hear = tone.hear if tone is not None else None
        self._suppressions = prepared(registers.suppressions)
        self._context = Context.of(registers, rulebook)
        self._versions = Versions(
            guidance=GUIDANCE_VERSION,
            rulebook=rulebook.version,
            lexicon=rulebook.lexicon_version,
            model=tone.version if tone is not None else None,
        )

    def screen(self, event: Event, contacts: Contacts | None = None) -> list[Finding]:
        """Return the findings of an event, the most serious first; contacts may hold the event already."""
        found = self._of(event, contacts, self._in_force(event))
        if not found:
            return found
        told = kept_back(merged(found), self._context.topics)
        return [msgspec.structs.replace(as_copied(one), versions=self._versions) for one in told]

    def every(self, event: Event, contacts: Contacts | None = None) -> list[Finding]:
        """Return what every rule and detector finds, before findings of one kind about one person become one.

        Suppressions hide nothing of it.
        """
        return self._of(event, contacts, ())

    def alone(self, event: Event, rule: str, contacts: Contacts | None = None) -> list[Finding]:
        """Return what one TOML rule finds by itself, as if there were no other."""
        return [
            moved(finding, offset)
            for offset, window in windows(event)
            for finding in detected(self.case(window, contacts).of_rule(rule))
            if finding.rule == rule
        ]

    def _in_force(self, event: Event) -> Sequence[Prepared]:
        if not self._suppressions:
            return ()
        seen = event.observed_at
        return in_force(self._suppressions, max(seen, self._clock()) if self._clock is not None else seen)

    def _of(self, event: Event, contacts: Contacts | None, suppressions: Sequence[Prepared]) -> list[Finding]:
        if event.action in _NOT_SCREENED:
            return []
        return [
            moved(finding, offset)
            for offset, window in windows(event)
            for finding in self._found(self.case(window, contacts), suppressions)
        ]

    def _found(self, case: Case, suppressions: Sequence[Prepared]) -> list[Finding]:
        """Return what live rules find and, judged apart so that it changes nothing, what shadow rules would."""
        rulebook = self._context.rulebook
        plain = not rulebook.shadowing and not rulebook.built_in
        live = case if plain else case.of_state(RuleState.LIVE)
        found = self._counting(live)
        if suppressions and found:
            found = sifted(live, suppressions, self._counting)
        if plain:
            return found
        found += _on_trial(case.of_state(RuleState.SHADOW))
        return [one for one in found if one.state is not RuleState.OFF]

    def _counting(self, case: Case) -> list[Finding]:
        """Return what detectors find, those that are built in with the state that is set for them."""
        return [self._as_set(one) for one in detected(case)] if self._context.rulebook.built_in else detected(case)

    def _as_set(self, finding: Finding) -> Finding:
        """Return the finding of a rule that is built in with the state that is set for the rule."""
        state = self._context.rulebook.built_in.get(finding.rule)
        return finding if state is None else msgspec.structs.replace(finding, state=state)

    def case(self, event: Event, contacts: Contacts | None = None, *, unheard: bool = False) -> Case:
        """Return an event as the detectors get it, with the rules whose words stand in it.

        unheard: also with those that ask for a score which is not reached, to tell why they find nothing.
        """
        context = self._context
        reading = Reading(event, context.registers.accounts.get(event.account), context.directory)
        tone = self._tone(reading)
        without = frozenset[int]() if unheard else context.rulebook.unheard(tone)
        matches: list[tuple[Field, Match]] = []
        gates: frozenset[str] = frozenset()
        for field in reading.own_fields():
            found, stand = context.rulebook.scan(reading.marked(field).text, without)
            matches += [(field, one) for one in found if one.rule.reads(reading.direction)]
            gates |= stand
        return Case(
            reading, context, tuple(matches), gates, contacts, self._shared, tone=tone, closely=self._closely(tone)
        )

    def _tone(self, reading: Reading) -> Tone | None:
        """Return how an event's text is heard; the Council's own page is nobody's tone."""
        text = reading.event.text
        if self._hear is None or not text or reading.by_council:
            return None
        return self._hear(text, closely=reading.outbound)

    def _closely(self, tone: Tone | None) -> Callable[[str], Tone | None]:
        """Return what hears a text closely, where one is heard at all."""
        hear = self._hear
        return lambda text: hear(text, closely=True) if hear is not None and tone is not None else None

    def _shared(self, event: Event) -> list[Finding]:
        return merged(self.every(event))


def _on_trial(case: Case) -> list[Finding]:
    """Return what shadow rules find, each by itself, and what of it is passed on."""
    rules = dict.fromkeys(match.rule.id for _, match in case.matches)
    cases = [case.of_rule(one) for one in rules]
    if case.reading.event.shared is not None:
        cases.append(replace(case, matches=()))
    return [finding for one in cases for finding in detected(one) if finding.state is RuleState.SHADOW]


def detected(case: Case) -> list[Finding]:
    """Return what all detectors find in a case. Tone gives way to what others find (`merged`), so it is not asked then:
    the words behind a score take a classifier longer than all the rest.
    """
    found: list[Finding] = []
    for detect in DETECTORS:
        if detect is not hear_tone or not spoken_for(case, found):
            found += detect(case)
    return found


def as_copied(one: Finding) -> Finding:
    """Return a finding whose words are a masked copy: what was written stands in the evidence, where span points."""
    quote = masked(one.quote) if one.quote is not None else None
    return msgspec.structs.replace(one, quote=quote, reason=masked(one.reason))


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding a category, target, topic and state: the most serious, with all the paragraphs.

    What is about nobody known goes where the same event has the same category about a person. What does not count,
    being of a shadow rule or hidden, takes the place of nothing that does.
    """
    best: dict[tuple[object, ...], Finding] = {}
    for one in findings:
        key = (one.category, one.target, one.topic_ref, one.state, one.suppressed_by)
        held = best.get(key)
        if held is None or one.level.rank > held.level.rank:
            best[key] = one if held is None else _with_paragraphs(one, held)
        else:
            best[key] = _with_paragraphs(held, one)
    aimed = {(one.category, one.state) for one in best.values() if one.target is not None}
    kept = [one for one in best.values() if one.target or one.topic_ref or not _outdone(one, aimed)]
    if any(one.category in HOSTILE and not by_score(one) for one in kept):
        kept = [one for one in kept if not by_score(one) or one.level.rank >= Level.HIGH.rank]
    return sorted(kept, key=lambda one: -one.level.rank)


def _outdone(one: Finding, aimed: Container[tuple[Category, RuleState]]) -> bool:
    return (one.category, RuleState.LIVE) in aimed or (one.category, one.state) in aimed


def _with_paragraphs(one: Finding, other: Finding) -> Finding:
    return msgspec.structs.replace(one, paragraphs=tuple(dict.fromkeys(one.paragraphs + other.paragraphs)))
