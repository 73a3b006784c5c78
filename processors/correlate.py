"""Correlate: what only history shows. A course of conduct, and threats by an author with an earlier serious incident.
Many authors and one person: `processors.pile_on`, from the same memory.

Between screen and record, pure: no clock, no log, no store. Sets of event ids with the times of the posts, never
counters, so an event applied twice changes nothing and a replay in stream order gives the same answer. No text is held.

Decided here (domain reference, 2.6 and 2.8):

- An occasion is one object (post, comment...) in which the author was hostile to the person, at any level: the table
  sets no floor, and what is low is still abuse of a named person. An edit of the same object is no second occasion.
- A course of conduct is two or more occasions within 30 days: moderate; high when one of them was high or critical.
- After the person asked the author in writing to stop, one occasion is enough, and it is high: the request itself says
  that there was conduct before. Contact that is not hostile is the contacts detector's (screen).
- An author with an earlier high or critical occasion about the same person has threats raised by one level. Earlier
  incidents about other people do not count: state is kept by person, in the partition of that person. A threat that
  a suppression hides comes out of hiding when that makes it critical; hidden ones are no earlier occasion.
- What rests on a classifier's score alone is no occasion, and history raises nothing of it.
- That is what the public writes. For a councillor's account, two or more posts within 30 days that insult or run down
  the same person are possible bullying (5.2.3), high; they count for nothing else. Shadow rules and the test of the
  chain never count.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from pipeline.registers.types import StopRequest
from pipeline.vocabulary.categories import HOSTILE, THREATS, Category
from pipeline.vocabulary.event import Direction, Event
from pipeline.vocabulary.finding import Detection, Finding, RuleState
from pipeline.vocabulary.levels import ALERTING, Level, highest
from processors.detectors.tone import by_score
from processors.stopping import request_to_stop
from processors.suppressing import freed, hidden

COURSE_RULE = "course-of-conduct"
COURSE_VERSION = 1
PILE_ON_RULE = "pile-on"
PILE_ON_VERSION = 1
SCORN_RULE = "repeated-scorn"
SCORN_VERSION = 1
OF_MANY = frozenset({COURSE_RULE, PILE_ON_RULE, SCORN_RULE})
"""Rules whose findings rest on several events: they make no event an occasion."""
SCORN = frozenset({Category.OFFENSIVE_LANGUAGE, Category.DISPARAGEMENT, Category.BULLYING, Category.HATE})
"""Categories that make one occasion of bullying on a councillor's account."""
WINDOW = timedelta(days=30)
EARLIER_INCIDENT = "earlier_incident"
"""Aggravator code on a threat that was raised because of an earlier high or critical occasion."""

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DATES_SHOWN = 6


@dataclass(frozen=True)
class Occasion:
    """One event about one person, without its words. at is in the Council's zone; observed_at is UTC."""

    event_id: str
    object_id: str
    author_id: str
    account: str
    platform: str
    observed_at: datetime
    at: datetime
    level: Level
    hostile: bool
    scornful: bool = False
    """Written on a councillor's account, to insult or run down the person."""


@dataclass
class Conduct:
    """Occasions by concern and author. `note` may be called twice for the same event without effect.

    zone is the Council's, in which reasons name days and times, as every page of the console does.
    """

    zone: tzinfo = UTC
    _occasions: dict[tuple[str, str], dict[str, Occasion]] = field(default_factory=dict)
    _hostile: dict[str, list[tuple[datetime, str, str]]] = field(default_factory=dict)
    """By concern: time, event and author of every hostile occasion, in order of time."""

    def note(self, detection: Detection) -> None:
        """Remember one detection; call it after `correlate` for the same detection."""
        findings = combined(detection.findings, detection.correlated)
        self.note_event(detection.concern, detection.event, findings)

    def note_event(self, concern: str, event: Event, findings: Iterable[Finding], cap: Level | None = None) -> None:
        """Remember one event and its findings; cap is the most serious level that a person left standing."""
        occasion = _occasion(event, tuple(findings), cap, self.zone)
        if occasion is None or not concern.startswith("person:"):
            return
        self.forget(concern, occasion.author_id, (event.event_id,))
        self._occasions.setdefault((concern, occasion.author_id), {})[event.event_id] = occasion
        if occasion.hostile:
            insort(self._hostile.setdefault(concern, []), (occasion.at, event.event_id, occasion.author_id))

    def forget(self, concern: str, author_id: str, event_ids: Iterable[str]) -> None:
        """Drop events, because a person found nothing in them or their incident was erased."""
        held = self._occasions.get((concern, author_id), {})
        for event_id in event_ids:
            gone = held.pop(event_id, None)
            if gone is not None and gone.hostile:
                in_time = self._hostile[concern]
                del in_time[bisect_left(in_time, (gone.at, event_id, author_id))]

    def others(self, concern: str, event: Event) -> tuple[Occasion, ...]:
        """Return what the author of `event` did about the concern in other objects, in no order."""
        if event.author is None:
            return ()
        held = self._occasions.get((concern, event.author.id), {})
        return tuple(one for one in held.values() if one.object_id != event.object_id)

    def occasion(self, concern: str, event: Event) -> Occasion | None:
        """Return what was noted of an event about a concern, or None."""
        author = event.author.id if event.author is not None else ""
        return self._occasions.get((concern, author), {}).get(event.event_id)

    def hostile_between(self, concern: str, first: datetime, last: datetime) -> list[Occasion]:
        """Return the hostile occasions about a concern from `first` to `last`, both included, in order of time."""
        in_time = self._hostile.get(concern, [])
        chosen = in_time[bisect_left(in_time, (first,)) : bisect_right(in_time, last, key=lambda one: one[0])]
        return [self._occasions[concern, author_id][event_id] for _, event_id, author_id in chosen]


def correlate(detection: Detection, conduct: Conduct, stops: Sequence[StopRequest] = ()) -> tuple[Finding, ...]:
    """Return the findings that history adds to a detection; `combined` puts them with its own.

    A raised threat comes as a copy of the finding one level up, which replaces the original in `combined`. stops is the
    register of written requests to stop contact.
    """
    if not detection.concern.startswith("person:"):
        return ()
    others = conduct.others(detection.concern, detection.event)
    if detection.event.direction is Direction.OUTBOUND:
        return _scorn(detection, others, conduct.zone)
    course = _course(detection, others, stops, conduct.zone)
    return (*_raised(detection, others), *((course,) if course is not None else ()))


def combined(findings: Sequence[Finding], correlated: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return both, where a raised copy takes the place of the finding it was made from."""
    raised = {_identity(finding) for finding in correlated}
    return (*(finding for finding in findings if _identity(finding) not in raised), *correlated)


def counts(finding: Finding) -> bool:
    """Say whether a finding counts for level and conduct: live, and no test of the chain."""
    return finding.state is RuleState.LIVE and finding.category is not Category.CHAIN_TEST


def _occasion(event: Event, findings: Sequence[Finding], cap: Level | None, zone: tzinfo) -> Occasion | None:
    seen = [one for one in findings if counts(one) and one.rule not in OF_MANY and not by_score(one)]
    level = highest(finding.level for finding in seen)
    outbound = event.direction is Direction.OUTBOUND
    scornful = outbound and any(one.category in SCORN and one.level is not Level.LOW for one in seen)
    if level is None or event.author is None or (outbound and not scornful):
        return None
    return Occasion(
        event_id=event.event_id,
        object_id=event.object_id,
        author_id=event.author.id,
        account=event.account,
        platform=event.platform,
        observed_at=event.observed_at.astimezone(UTC),
        at=event.happened_at.astimezone(zone),
        level=level if cap is None or cap.rank > level.rank else cap,
        hostile=not outbound and any(finding.category in HOSTILE for finding in seen),
        scornful=scornful,
    )


def _identity(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.category, finding.target, finding.field, finding.span, finding.topic_ref)


def _raised(detection: Detection, others: Sequence[Occasion]) -> list[Finding]:
    happened = detection.event.happened_at
    earlier = [one for one in others if one.level in ALERTING and one.at <= happened]
    if not earlier:
        return []
    worst = max(earlier, key=lambda one: (one.level.rank, one.at))
    why = f"raised: the same author's {worst.level} incident of {_day(worst.at)}"
    raised = [
        _one_up(finding, why)
        for finding in detection.findings
        if (counts(finding) or hidden(finding)) and _can_rise(finding)
    ]
    return [one for one in raised if counts(one)]


def _can_rise(finding: Finding) -> bool:
    return finding.category in THREATS and finding.level is not Level.CRITICAL and not by_score(finding)


def _one_up(finding: Finding, why: str) -> Finding:
    """Return a threat one level up; what a suppression hides comes out where that makes it critical."""
    return freed(
        msgspec.structs.replace(
            finding,
            level=finding.level.raised(),
            aggravators=(*finding.aggravators, EARLIER_INCIDENT),
            reason=f"{finding.reason}; {why}",
        )
    )


def _course(
    detection: Detection, others: Sequence[Occasion], stops: Sequence[StopRequest], zone: tzinfo
) -> Finding | None:
    now = _occasion(detection.event, detection.findings, None, zone)
    if now is None or not now.hostile:
        return None
    near = [one for one in others if one.hostile and abs(one.at - now.at) <= WINDOW]
    in_order = sorted((*near, now), key=lambda one: (one.at, one.event_id))
    occasions = list({one.object_id: one for one in in_order}.values())
    stopped = request_to_stop(stops, detection.event, detection.concern.removeprefix("person:"))
    if len(occasions) < 2 and stopped is None:
        return None
    serious = stopped is not None or any(one.level in ALERTING for one in (*near, now))
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
        reason=_reason(occasions, stopped),
        versions=detection.findings[0].versions,
    )


def _scorn(detection: Detection, others: Sequence[Occasion], zone: tzinfo) -> tuple[Finding, ...]:
    now = _occasion(detection.event, detection.findings, None, zone)
    if now is None:
        return ()
    near = [one for one in others if one.scornful and abs(one.at - now.at) <= WINDOW]
    in_order = sorted((*near, now), key=lambda one: (one.at, one.event_id))
    occasions = list({one.object_id: one for one in in_order}.values())
    if len(occasions) < 2:
        return ()
    found = Finding(
        paragraph="5.2.3",
        paragraphs=("5.2.3", "5.2.2"),
        category=Category.BULLYING,
        level=Level.HIGH,
        target=detection.concern.removeprefix("person:"),
        rule=SCORN_RULE,
        rule_version=SCORN_VERSION,
        field=None,
        span=None,
        quote=None,
        reason=f"high because: insults or runs down the same person, {_reason(occasions, None)}",
        versions=detection.findings[0].versions,
    )
    return (found,)


def _reason(occasions: Sequence[Occasion], stopped: StopRequest | None) -> str:
    number = len(occasions)
    since = f", after the written request to stop {stopped.ref}" if stopped is not None else ""
    if number == 1:
        return f"hostile on {_day(occasions[0].at)}{since}"
    word = f"{_ORDINALS[number - 2]} occasion" if number - 2 < len(_ORDINALS) else f"{number} occasions"
    shown = occasions[-_DATES_SHOWN:]
    days = [_day(one.at) for one in shown]
    if len(set(days)) < len(days):
        days = [f"{_day(one.at)} at {one.at:%H:%M}" for one in shown]
    serious = ", one of them high or critical" if any(one.level in ALERTING for one in occasions) else ""
    more = "latest " if len(occasions) > len(shown) else ""
    return f"{word} in 30 days: {more}{', '.join(days)}{serious}{since}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B}"
