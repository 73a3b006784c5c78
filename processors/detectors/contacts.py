"""Unwanted contact (6.1): many contacts by one author to one person, or contact going on after a written request to
stop.

Works on times only. Signs of fixation in the words are rules (rulebook/fixation.toml).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact

LIMITS = ((timedelta(hours=24), 8), (timedelta(days=7), 20), (timedelta(days=30), 40))
"""So many contacts within such a time are many. What they say does not count: 'answer me' every hour is enough."""


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible harassment by the number of contacts, one finding a person."""
    event = case.reading.event
    if event.author is None or case.reading.outbound:
        return
    contacts = case.contacts
    people = contacts.contacted(event) if contacts is not None else _owner(case)
    for person in people:
        now = event.happened_at
        times = contacts.times(event.author.id, person, now) if contacts is not None else []
        reason = _asked_to_stop(case, person, now) or _many(times, now)
        if reason is not None:
            yield Fact(
                rule="harassment.contacts",
                category=Category.HARASSMENT,
                level=Level.MODERATE,
                paragraphs=("6.1",),
                reason=f"moderate because: {reason}",
                target=person,
            ).finding()


def _owner(case: Case) -> tuple[str, ...]:
    return (case.reading.owner,) if case.reading.owner is not None else ()


def _asked_to_stop(case: Case, person: str, now: datetime) -> str | None:
    event = case.reading.event
    for request in case.registers.stop_requests:
        known = event.author is not None and request.author_id == event.author.id
        if known and request.councillor_id == person and request.requested_at <= now:
            return f"contact goes on after the written request to stop {request.ref}"
    return None


def _many(times: list[datetime], now: datetime) -> str | None:
    """Return the reason where there are many contacts; the present one counts, whether it was noted or not."""
    for within, limit in LIMITS:
        count = len({at for at in times if now - within <= at <= now} | {now})
        if count >= limit:
            hours = int(within.total_seconds() // 3600)
            time = f"{hours} hours" if hours <= 24 else f"{within.days} days"
            return f"{count} contacts with the same person within {time}"
    return None
