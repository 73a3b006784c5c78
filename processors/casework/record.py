"""Record: one detection or activity in, the incident it opens or changes and the alerts it raises out.

Called by the casework step with one partition's casebook. Deterministic: it reads the message, the casebook and the
registers; the clock goes only into the time an alert was raised.

Shadow findings are kept beside live ones of the same event, and alone open nothing. The harmless trigger phrase opens
an incident of kind `test` for itself, never mixed with others, and sends test alerts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from pipeline import ids
from pipeline.registers.types import Registers
from pipeline.settings import Settings
from pipeline.vocabulary.activity import Activity, ActivityKind, ManualRecord
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Detection, Finding, RuleState
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level
from processors.casework.acts import DELETED, act
from processors.casework.alerting import Occurrence, Told, tell, test_alerts
from processors.casework.casebook import Casebook, key_of, pile_key
from processors.casework.gathering import Judged, choose, extended, opened, takes_more
from processors.casework.piling import Pile, choose_pile, closed_events, is_full, new_posts, pile_extended, pile_opened
from processors.correlate import combined, correlate
from processors.pile_on import Burst, Limits, burst, pile_on_finding
from processors.routing import decide

HAND_RULE = "recorded-by-hand"


class BadActivity(ValueError):
    """An activity that no incident can show the refusal of; the message names the field and the cure."""


class Record:
    """The record logic over one casebook. Every method returns incidents changed, in order, with their alerts."""

    def __init__(self, book: Casebook, registers: Registers, settings: Settings, now: datetime) -> None:
        self._book = book
        self._registers = registers
        self._gap = timedelta(hours=settings.number("incident_hours"))
        self._late = timedelta(hours=settings.number("late_hours"))
        self._limits = Limits.of(settings)
        self._now = now

    def detection(self, detection: Detection) -> list[Told]:
        """Take in the findings of one event; none where it was taken in before or has nothing live."""
        tests = [one for one in detection.findings if one.category is Category.CHAIN_TEST]
        rest = tuple(one for one in detection.findings if one.category is not Category.CHAIN_TEST)
        told: list[Told] = []
        if any(one.state is RuleState.LIVE for one in tests):
            told += self._chain_test(detection, tuple(tests))
        if rest:
            told += self._gather(msgspec.structs.replace(detection, findings=rest))
        held = [self._hold(one) for one in told]
        return held + [self._hold(one) for one in self._pile_on(detection)]

    def activity(self, activity: Activity) -> list[Told]:
        """Apply what a person did. Raises BadActivity where there is no incident to show the outcome on."""
        if activity.at.tzinfo is None:
            raise BadActivity("at has no zone: write an offset, such as +00:00")
        incident = self._book.get(activity.incident_id)
        if incident is None and activity.kind is ActivityKind.RECORD:
            return [self._hold(one) for one in self._by_hand(activity)]
        if incident is None and activity.kind is ActivityKind.DELETE:
            return []  # given a second time, after a crash
        if incident is None:
            raise BadActivity("incident_id is of no incident here: it may have been erased, or the concern is wrong")
        if activity.activity_id in incident.applied_activities:
            return []
        changed = act(incident, activity)
        if changed.timeline[-1].code == DELETED:
            self._book.drop(incident.incident_id)
            return [Told(changed, (), gone=True)]
        raised = changed.level.rank > incident.level.rank and changed.state is not IncidentState.CLOSED
        told = self._tell(changed, changed.level, activity.at, late=False) if raised else Told(changed, ())
        return [self._hold(told)]

    def _gather(self, detection: Detection) -> list[Told]:
        event = detection.event
        key = key_of(detection.concern, event)
        known = self._book.under(key)
        if any(event.event_id in one.event_times for one in known):
            return []
        judged = self._judged(detection)
        if judged is None:
            return []
        found = choose(known, event, self._gap)
        if found is not None and takes_more(found):
            incident = extended(found, judged)
        else:
            author = event.author.id if event.author is not None else None
            identity = ids.incident_id(detection.concern, author, event.event_id)
            incident = opened(judged, IncidentKind.AUTHOR, identity, before=found)
        if not judged.alert:
            return [Told(incident, ())]
        return [self._tell(incident, judged.level, event.observed_at, late=self._is_late(event))]

    def _judged(self, detection: Detection) -> Judged | None:
        """Return the event with what history adds and what routing says, or None where nothing live is in it."""
        stops = self._registers.stop_requests
        findings = combined(detection.findings, correlate(detection, self._book.conduct, stops))
        decision = decide(findings, detection.event, self._registers)
        if decision.level is None:
            return None
        return Judged(detection, findings, decision.level, tuple(decision.notify), decision.route, decision.alert)

    def _pile_on(self, detection: Detection) -> list[Told]:
        """Return the pile-on that an event makes or goes on, once the event stands in its author's incident.

        It is asked again when an event comes a second time: after a crash the one may be durable and not the other.
        """
        concern, event = detection.concern, detection.event
        now = self._book.conduct.occasion(concern, event)
        known = self._book.under(pile_key(concern))
        if now is None or any(event.event_id in one.event_times for one in known):
            return []
        found = burst(self._book.conduct, concern, now, self._limits, closed_events(known))
        if found is None:
            return []
        pile, going = self._piled(detection, found, known), choose_pile(known, found, self._limits.within)
        goes_on = going is not None and not is_full(going)
        incident = pile_extended(going, pile) if going is not None and goes_on else pile_opened(pile, known, going)
        return [self._tell(incident, pile.level, event.observed_at, late=self._is_late(event))]

    def _piled(self, detection: Detection, found: Burst, known: Sequence[Incident]) -> Pile:
        concern, added = detection.concern, new_posts(known, found)
        finding = pile_on_finding(concern, found, self._limits, detection.findings[0].versions)
        holders = {one.event_id: self._book.holder(concern, one.author_id, one.event_id) for one in added}
        return Pile(
            concern=concern,
            added=added,
            finding=finding,
            decision=decide((finding,), detection.event, self._registers),
            holders={event_id: holder for event_id, holder in holders.items() if holder is not None},
        )

    def _chain_test(self, detection: Detection, findings: tuple[Finding, ...]) -> list[Told]:
        identity = ids.incident_id(detection.concern, "chain test", detection.event.event_id)
        if self._book.get(identity) is not None:
            return []
        judged = Judged(detection, findings, Level.LOW, (), None)
        return [test_alerts(opened(judged, IncidentKind.TEST, identity), self._registers.recipients, self._now)]

    def _by_hand(self, activity: Activity) -> list[Told]:
        record = activity.record
        if record is None:
            raise BadActivity("record is missing: say what was seen, about whom, and under which paragraph")
        if activity.concern != ids.concern_of(record.person, None, record.event.account):
            raise BadActivity("concern does not name the person of the record: write person:<id>, or account:<id>")
        findings = (_finding_by_hand(record),)
        decision = decide(findings, record.event, self._registers)
        detection = Detection(event=record.event, concern=activity.concern, findings=findings)
        judged = Judged(detection, findings, record.level, tuple(decision.notify), decision.route)
        incident = opened(judged, IncidentKind.ADVICE if record.advice else IncidentKind.MANUAL, activity.incident_id)
        at = activity.at.astimezone(UTC)
        entry = msgspec.structs.replace(incident.timeline[0], by=activity.by, activity_id=activity.activity_id, at=at)
        incident = msgspec.structs.replace(
            incident,
            opened_at=at,
            updated_at=at,
            reference=ids.reference(activity.incident_id, at),
            timeline=(entry,),
            applied_activities=(activity.activity_id,),
        )
        return [self._tell(incident, record.level, activity.at, late=self._is_late(record.event))]

    def _is_late(self, event: Event) -> bool:
        return event.observed_at - event.happened_at > self._late

    def _tell(self, incident: Incident, level: Level, at: datetime, *, late: bool) -> Told:
        return tell(incident, Occurrence(level, at.astimezone(UTC), late), self._registers.recipients, self._now)

    def _hold(self, told: Told) -> Told:
        self._book.hold(told.incident)
        return told


def _finding_by_hand(record: ManualRecord) -> Finding:
    return Finding(
        paragraph=record.paragraph,
        paragraphs=(record.paragraph,),
        category=record.category,
        level=record.level,
        target=record.person,
        rule=HAND_RULE,
        rule_version=1,
        field=None,
        span=None,
        quote=None,
        reason="a draft, sent for advice" if record.advice else "recorded by an officer",
    )
