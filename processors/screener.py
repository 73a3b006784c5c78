"""The screen stage's whole judgement of one event: all detectors in one pass. Pure and reusable; build it once a
register.

`Screener.screen` takes an event and, where they are known, past contacts; it returns findings and keeps nothing.
"""

from collections.abc import Container, Iterable

import msgspec

from pipeline.guidance import GUIDANCE_VERSION
from pipeline.registers.types import Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.finding import Field, Finding, RuleState, Versions
from processors.contacts import Contacts
from processors.detectors import DETECTORS
from processors.reading.case import Case
from processors.reading.context import Context
from processors.reading.reading import Reading
from processors.rules.match import Match, Rulebook
from processors.windows import moved, windows

_NOT_SCREENED = frozenset({Action.DELETE})


class Screener:
    """Judges events against one set of registers and one rulebook."""

    def __init__(self, registers: Registers, rulebook: Rulebook) -> None:
        """Work out, once, what the registers say. Cheap enough to do again whenever they change."""
        self._context = Context.of(registers, rulebook)
        self._versions = Versions(
            guidance=GUIDANCE_VERSION, rulebook=rulebook.version, lexicon=rulebook.lexicon_version
        )

    def screen(self, event: Event, contacts: Contacts | None = None) -> list[Finding]:
        """Return the findings of an event, the most serious first; contacts may hold the event already."""
        found = self.every(event, contacts)
        if not found:
            return found
        return [msgspec.structs.replace(one, versions=self._versions) for one in merged(found)]

    def every(self, event: Event, contacts: Contacts | None = None) -> list[Finding]:
        """Return what every rule and detector finds, before findings of one kind about one person become one."""
        if event.action in _NOT_SCREENED:
            return []
        return [
            moved(finding, offset)
            for offset, window in windows(event)
            for finding in self._found(self.case(window, contacts))
        ]

    def _found(self, case: Case) -> list[Finding]:
        """Return what live rules find and, judged apart so that it changes nothing, what shadow rules would."""
        rulebook = self._context.rulebook
        if not rulebook.shadowing and not rulebook.built_in:
            return detected(case)
        found = [self._as_set(one) for one in detected(case.of_state(RuleState.LIVE))]
        on_trial = case.of_state(RuleState.SHADOW)
        if on_trial.matches or case.reading.event.shared is not None:
            found += [one for one in detected(on_trial) if one.state is RuleState.SHADOW]
        return [one for one in found if one.state is not RuleState.OFF]

    def _as_set(self, finding: Finding) -> Finding:
        """Return the finding of a rule that is built in with the state that is set for the rule."""
        state = self._context.rulebook.built_in.get(finding.rule)
        return finding if state is None else msgspec.structs.replace(finding, state=state)

    def case(self, event: Event, contacts: Contacts | None = None) -> Case:
        """Return an event as the detectors get it, with the rules whose words stand in it."""
        context = self._context
        reading = Reading(event, context.registers.accounts.get(event.account), context.directory)
        matches: list[tuple[Field, Match]] = []
        gates: frozenset[str] = frozenset()
        for field in reading.own_fields():
            found, stand = context.rulebook.scan(reading.marked(field).text)
            matches += [(field, one) for one in found if one.rule.reads(reading.direction)]
            gates |= stand
        return Case(reading, context, tuple(matches), gates, contacts, self._shared)

    def _shared(self, event: Event) -> list[Finding]:
        return merged(self.every(event))


def detected(case: Case) -> list[Finding]:
    """Return what all detectors find in a case."""
    return [finding for detect in DETECTORS for finding in detect(case)]


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding a category, target, topic and state: the most serious, with all the paragraphs.

    What is about nobody known goes where the same event has the same category about a person. What does not count,
    being of a shadow rule or hidden, takes the place of nothing that does.
    """
    best: dict[tuple[object, ...], Finding] = {}
    for one in findings:
        key = (one.category, one.target, one.topic_ref, one.state)
        held = best.get(key)
        if held is None or one.level.rank > held.level.rank:
            best[key] = one if held is None else _with_paragraphs(one, held)
        else:
            best[key] = _with_paragraphs(held, one)
    aimed = {(one.category, one.state) for one in best.values() if one.target is not None}
    kept = [one for one in best.values() if one.target or one.topic_ref or not _outdone(one, aimed)]
    return sorted(kept, key=lambda one: -one.level.rank)


def _outdone(one: Finding, aimed: Container[tuple[Category, RuleState]]) -> bool:
    return (one.category, RuleState.LIVE) in aimed or (one.category, one.state) in aimed


def _with_paragraphs(one: Finding, other: Finding) -> Finding:
    return msgspec.structs.replace(one, paragraphs=tuple(dict.fromkeys(one.paragraphs + other.paragraphs)))
