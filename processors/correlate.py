"""Correlate: what only history shows. A course of conduct, and threats by an author with an earlier serious incident.

Between screen and record, pure: no clock, no log, no store. Sets of event ids with the times of the posts, never
counters, so an event applied twice changes nothing and a replay in stream order gives the same answer. No text is held.

Decided here (domain reference, 2.6 and 2.8):

- An occasion is one object (post, comment...) in which the author was hostile to the person, at any level: the table
  sets no floor, and what is low is still abuse of a named person. An edit of the same object is no second occasion.
- A course of conduct is two or more occasions within 30 days: moderate; high when one of them was high or critical,
  or came after the person asked the author in writing to stop.
- An author with an earlier high or critical occasion about the same person has threats raised by one level. Earlier
  incidents about other people do not count: state is kept by person, in the partition of that person.
- Only what the public writes (inbound); bullying by an outbound account is another rule (5.2.3). Shadow rules and the
  test of the chain never count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from pipeline.registers.types import StopRequest
from pipeline.vocabulary.categories import HOSTILE, THREATS, Category
from pipeline.vocabulary.event import Direction, Event
from pipeline.vocabulary.finding import Detection, Finding, RuleState
from pipeline.vocabulary.levels import ALERTING, Level, highest

COURSE_RULE = "course-of-conduct"
COURSE_VERSION = 1
WINDOW = timedelta(days=30)
EARLIER_INCIDENT = "earlier_incident"
"""Aggravator code on a threat that was raised because of an earlier high or critical occasion."""

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DATES_SHOWN = 6


@dataclass(frozen=True)
class Occasion:
    """One event about one person, without its words. at keeps the offset of the platform."""

    event_id: str
    object_id: str
    at: datetime
    level: Level
    hostile: bool


@dataclass
class Conduct:
    """Occasions by concern and author. `note` may be called twice for the same event without effect."""

    _occasions: dict[tuple[str, str], dict[str, Occasion]] = field(default_factory=dict)

    def note(self, detection: Detection) -> None:
        """Remember one detection; call it after `correlate` for the same detection."""
        findings = combined(detection.findings, detection.correlated)
        self.note_event(detection.concern, detection.event, findings)

    def note_event(self, concern: str, event: Event, findings: Iterable[Finding], cap: Level | None = None) -> None:
        """Remember one event and its findings; cap is the most serious level that a person left standing."""
        occasion = _occasion(event, tuple(findings), cap)
        if occasion is not None and event.author is not None and concern.startswith("person:"):
            self._occasions.setdefault((concern, event.author.id), {})[event.event_id] = occasion

    def forget(self, concern: str, author_id: str, event_ids: Iterable[str]) -> None:
        """Drop events, because a person found nothing in them or their incident was erased."""
        held = self._occasions.get((concern, author_id), {})
        for event_id in event_ids:
            held.pop(event_id, None)

    def others(self, concern: str, event: Event) -> tuple[Occasion, ...]:
        """Return what the author of `event` did about the concern in other objects, in no order."""
        if event.author is None:
            return ()
        held = self._occasions.get((concern, event.author.id), {})
        return tuple(one for one in held.values() if one.object_id != event.object_id)


def correlate(detection: Detection, conduct: Conduct, stops: Sequence[StopRequest] = ()) -> tuple[Finding, ...]:
    """Return the findings that history adds to a detection; `combined` puts them with its own.

    A raised threat comes as a copy of the finding one level up, which replaces the original in `combined`. stops is the
    register of written requests to stop contact.
    """
    if detection.event.direction is Direction.OUTBOUND or not detection.concern.startswith("person:"):
        return ()
    others = conduct.others(detection.concern, detection.event)
    course = _course(detection, others, stops)
    return (*_raised(detection, others), *((course,) if course is not None else ()))


def combined(findings: Sequence[Finding], correlated: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return both, where a raised copy takes the place of the finding it was made from."""
    raised = {_identity(finding) for finding in correlated}
    return (*(finding for finding in findings if _identity(finding) not in raised), *correlated)


def counts(finding: Finding) -> bool:
    """Say whether a finding counts for level and conduct: live, and no test of the chain."""
    return finding.state is RuleState.LIVE and finding.category is not Category.CHAIN_TEST


def _occasion(event: Event, findings: Sequence[Finding], cap: Level | None) -> Occasion | None:
    seen = [finding for finding in findings if counts(finding) and finding.rule != COURSE_RULE]
    level = highest(finding.level for finding in seen)
    if level is None or event.direction is Direction.OUTBOUND:
        return None
    return Occasion(
        event_id=event.event_id,
        object_id=event.object_id,
        at=event.happened_at,
        level=level if cap is None or cap.rank > level.rank else cap,
        hostile=any(finding.category in HOSTILE for finding in seen),
    )


def _identity(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.category, finding.target, finding.field, finding.span, finding.topic_ref)


def _raised(detection: Detection, others: Sequence[Occasion]) -> list[Finding]:
    happened = detection.event.happened_at
    earlier = [one for one in others if one.level in ALERTING and one.at <= happened]
    if not earlier:
        return []
    worst = max(earlier, key=lambda one: (one.level.rank, one.at))
    return [
        msgspec.structs.replace(
            finding,
            level=finding.level.raised(),
            aggravators=(*finding.aggravators, EARLIER_INCIDENT),
            reason=f"{finding.reason}; raised: the same author's {worst.level} incident of {_day(worst.at)}",
        )
        for finding in detection.findings
        if counts(finding) and finding.category in THREATS and finding.level is not Level.CRITICAL
    ]


def _course(detection: Detection, others: Sequence[Occasion], stops: Sequence[StopRequest]) -> Finding | None:
    now = _occasion(detection.event, detection.findings, None)
    if now is None or not now.hostile:
        return None
    near = [one for one in others if one.hostile and abs(one.at - now.at) <= WINDOW]
    in_order = sorted((*near, now), key=lambda one: (one.at, one.event_id))
    occasions = list({one.object_id: one for one in in_order}.values())
    if len(occasions) < 2:
        return None
    stopped = _asked_to_stop(detection, stops)
    serious = stopped or any(one.level in ALERTING for one in (*near, now))
    return Finding(
        paragraph="6.1",
        paragraphs=("6.1",),
        category=Category.HARASSMENT,
        level=Level.HIGH if serious else Level.MODERATE,
        target=detection.concern.removeprefix("person:"),
        rule=COURSE_RULE,
        rule_version=COURSE_VERSION,
        field=None,
        span=None,
        quote=None,
        reason=_reason(occasions, stopped=stopped),
        versions=detection.findings[0].versions,
    )


def _asked_to_stop(detection: Detection, stops: Sequence[StopRequest]) -> bool:
    event = detection.event
    return event.author is not None and any(
        (stop.platform, stop.author_id) == (event.platform, event.author.id)
        and detection.concern == f"person:{stop.councillor_id}"
        and stop.requested_at <= event.happened_at
        for stop in stops
    )


def _reason(occasions: Sequence[Occasion], *, stopped: bool) -> str:
    number = len(occasions)
    word = f"{_ORDINALS[number - 2]} occasion" if number - 2 < len(_ORDINALS) else f"{number} occasions"
    shown = occasions[-_DATES_SHOWN:]
    days = [_day(one.at) for one in shown]
    if len(set(days)) < len(days):
        days = [f"{_day(one.at)} at {one.at:%H:%M}" for one in shown]
    since = ", after a request to stop" if stopped else ""
    serious = ", one of them high or critical" if any(one.level in ALERTING for one in occasions) else ""
    more = "latest " if len(occasions) > len(shown) else ""
    return f"{word} in 30 days: {more}{', '.join(days)}{serious}{since}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B}"
