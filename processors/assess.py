"""One event judged with a history of its own: screen and correlate over the earlier events, then over the event itself.

Used by `parapet screen`, `parapet explain` and the evaluation. Every call begins with empty state, so nothing runs
from one example to the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.registers.types import Registers
from pipeline.vocabulary.event import Event, Observation
from pipeline.vocabulary.finding import Detection, Finding
from processors.contacts import Contacts
from processors.correlate import Conduct, combined, correlate
from processors.pile_on import Limits, burst, pile_on_finding
from processors.reconcile import Reconciler
from processors.routing import Decision, decide
from processors.screener import Screener
from processors.screening import by_concern

LIMITS = Limits()


@dataclass(frozen=True)
class Assessment:
    """An event with everything found about it, and what that leads to."""

    event: Event
    findings: tuple[Finding, ...]
    decision: Decision


def assess(seen: Observation, history: Iterable[Observation], screener: Screener, registers: Registers) -> Assessment:
    """Return what is found about an observation after its history, oldest first."""
    state = _State(registers, screener)
    for earlier in history:
        state.take(earlier)
    event, findings = state.take(seen)
    return Assessment(event, findings, decide(findings, event, registers))


class _State:
    """What screening and correlating remember, for one example only."""

    def __init__(self, registers: Registers, screener: Screener) -> None:
        self._registers = registers
        self._screener = screener
        self._reconciler = Reconciler()
        self._contacts = Contacts(registers)
        self._conduct = Conduct(ZoneInfo(registers.council.timezone))

    def take(self, seen: Observation) -> tuple[Event, tuple[Finding, ...]]:
        """Judge one observation and remember it; one that says nothing new is judged as it stands."""
        event = self._reconciler.decide(seen) or Reconciler().decide(seen)
        if event is None:
            raise ValueError("a first observation always makes an event")
        found: list[Finding] = []
        for detection in by_concern(event, self._screener.screen(event, self._contacts)):
            added = correlate(detection, self._conduct, self._registers.stop_requests)
            self._conduct.note(detection)
            found += (*combined(detection.findings, added), *self._pile_on(detection))
        self._reconciler.note(event)
        self._contacts.note(event)
        return event, tuple(sorted(found, key=lambda one: -one.level.rank))

    def _pile_on(self, detection: Detection) -> tuple[Finding, ...]:
        """Return what many authors together make of it; in the pipeline it is an incident of its own."""
        now = self._conduct.occasion(detection.concern, detection.event)
        found = burst(self._conduct, detection.concern, now, LIMITS) if now is not None else None
        if found is None:
            return ()
        return (pile_on_finding(detection.concern, found, LIMITS, detection.findings[0].versions),)
