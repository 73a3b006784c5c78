"""Pile-on: many authors, one person, a burst against that person's own usual day. Pure; beside correlate.

It reads the hostile occasions that `Conduct` holds: sets of event ids with the times of the posts, no text, no counter.
So an event applied twice changes nothing, what comes late is put where it belongs, and a replay gives the same answer.

Decided here (settings pile_on_*; the figures in brackets are their defaults):

- A burst is a window of so many hours (24) around a hostile post, in which so many different authors (5) were hostile
  to the person. One author many times is one author: that is a course of conduct.
- It is a pile-on where they are also so many times (3) the authors of the person's own usual high day: the fourth
  busiest of the 28 days before the window, so what comes once a week is usual. A councillor who hears a lot each day,
  or after each committee, has a pile-on only where it is far more; one burst in the past makes nothing usual.
- moderate; high where one of its posts was high or critical, or from so many times (3) the authors that make it one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.settings import Settings
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding, Versions
from pipeline.vocabulary.levels import ALERTING, Level
from processors.correlate import PILE_ON_RULE, PILE_ON_VERSION, Conduct, Occasion

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """What makes a pile-on: the settings pile_on_*."""

    authors: int = 5
    within: timedelta = timedelta(hours=24)
    times_usual: int = 3
    usual_days: int = 28
    high_times: int = 3

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return the limits as set. Raises SettingError naming the setting."""
        return cls(
            authors=settings.number("pile_on_authors"),
            within=timedelta(hours=settings.number("pile_on_hours")),
            times_usual=settings.number("pile_on_times_usual"),
            usual_days=settings.number("pile_on_usual_days"),
            high_times=settings.number("pile_on_high_times"),
        )


@dataclass(frozen=True)
class Burst:
    """The posts of a pile-on, in order of time. usual: authors of a usual high day; needed: so many make it one."""

    occasions: tuple[Occasion, ...]
    usual: int
    needed: int

    @property
    def authors(self) -> int:
        """Return how many people wrote."""
        return _authors(self.occasions)


def burst(
    conduct: Conduct, concern: str, now: Occasion, limits: Limits, apart: frozenset[str] = frozenset()
) -> Burst | None:
    """Return the burst about a person that an occasion is part of, or None where it is none.

    apart are events that do not count: those of a pile-on that a person has closed.
    """
    if not now.hostile or not concern.startswith("person:"):
        return None
    held = conduct.hostile_between(concern, now.at - limits.within, now.at + limits.within)
    near = [one for one in held if one.event_id not in apart]
    if _authors(near) < limits.authors:
        return None
    window = _fullest(near, now, limits.within)
    if _authors(window) < limits.authors:
        return None
    usual = _usual(conduct, concern, window[0].at, limits)
    needed = max(limits.authors, limits.times_usual * usual)
    return Burst(tuple(window), usual, needed) if _authors(window) >= needed else None


def level_of(occasions: Sequence[Occasion], needed: int, limits: Limits) -> Level:
    """Return how serious a pile-on of these posts is."""
    many = _authors(occasions) >= limits.high_times * needed
    return Level.HIGH if many or any(one.level in ALERTING for one in occasions) else Level.MODERATE


def pile_on_finding(concern: str, found: Burst, limits: Limits, versions: Versions | None = None) -> Finding:
    """Return what a burst is, as a finding that quotes nothing."""
    level = level_of(found.occasions, found.needed, limits)
    return Finding(
        paragraph="6.1",
        paragraphs=("6.1",),
        category=Category.HARASSMENT,
        level=level,
        target=concern.removeprefix("person:"),
        rule=PILE_ON_RULE,
        rule_version=PILE_ON_VERSION,
        field=None,
        span=None,
        quote=None,
        reason=f"{level} because: {_reason(found, limits)}",
        versions=versions,
    )


def _authors(occasions: Sequence[Occasion]) -> int:
    return len({one.author_id for one in occasions})


def _fullest(near: Sequence[Occasion], now: Occasion, within: timedelta) -> list[Occasion]:
    """Return the occasions of the window around `now` with the most authors, the earliest of equals.

    Windows begin at an occasion that is no later than `now` and reach to it; both ends are kept in two passing places.
    """
    best: tuple[int, int, int] = (0, 0, 0)
    counted: Counter[str] = Counter()
    end = 0
    for start, first in enumerate(near):
        if first.at > now.at:
            break
        while end < len(near) and near[end].at - first.at <= within:
            counted[near[end].author_id] += 1
            end += 1
        if now.at - first.at <= within and len(counted) > best[0]:
            best = (len(counted), start, end)
        counted[first.author_id] -= 1
        if not counted[first.author_id]:
            del counted[first.author_id]
    return list(near[best[1] : best[2]])


def _usual(conduct: Conduct, concern: str, before: datetime, limits: Limits) -> int:
    """Return how many authors were hostile on a usual high day: one that comes about once a week."""
    first = before - limits.usual_days * DAY
    days: dict[int, set[str]] = {}
    for one in conduct.hostile_between(concern, first, before):
        if one.at < before:
            days.setdefault((before - one.at - timedelta(microseconds=1)) // DAY, set()).add(one.author_id)
    busiest = sorted((len(authors) for authors in days.values()), reverse=True)
    nth = max(1, limits.usual_days // 7)
    return busiest[nth - 1] if len(busiest) >= nth else 0


def _reason(found: Burst, limits: Limits) -> str:
    hours = int(limits.within.total_seconds() // 3600)
    posts = len(found.occasions)
    usual = "nobody" if not found.usual else f"{found.usual} author{'s' if found.usual > 1 else ''}"
    grave = sum(one.level in ALERTING for one in found.occasions)
    serious = f"; {grave} of the posts high or critical" if grave else ""
    return (
        f"{found.authors} authors, {posts} posts within {hours} hours; on this person's usual high day {usual}{serious}"
    )
