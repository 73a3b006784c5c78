"""Unwanted contact (6.1): many contacts by one author to one person, or contact going on after a written request to
stop.

By the level table (domain reference, 2.6): contact after a request to stop is high, even if polite; a bare greeting is
moderate, as sixty good mornings are; where the request leaves Council business free, that is no contact of this kind.
Many contacts are moderate, by their times alone. Signs of fixation in the words are rules (rulebook/fixation.toml).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.text.fold import fold
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.services import services_in
from processors.stopping import request_to_stop

_Found = tuple[Level, str]

LIMITS = ((timedelta(hours=24), 8), (timedelta(days=7), 20), (timedelta(days=30), 30))
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
        found = _after_request(case, person) or _many(times, now)
        if found is not None:
            level, reason = found
            yield Fact(
                rule="harassment.contacts",
                category=Category.HARASSMENT,
                level=level,
                paragraphs=("6.1",),
                reason=f"{level} because: {reason}",
                target=person,
                version=2,
            ).finding()


def _owner(case: Case) -> tuple[str, ...]:
    return (case.reading.owner,) if case.reading.owner is not None else ()


def _after_request(case: Case, person: str) -> _Found | None:
    request = request_to_stop(case.registers.stop_requests, case.reading.event, person)
    if request is None:
        return None
    words = f"contact goes on after the written request to stop {request.ref}"
    text = case.reading.folded(Field.TEXT).text.strip()
    if case.cues.bare_greeting.search(text) is not None and case.cues.attention.search(text) is None:
        return Level.MODERATE, words
    free = case.cues.business_is_free.search(fold(request.asked or "").text) is not None
    if free and services_in(text) and case.cues.attention.search(text) is None:
        return None
    return Level.HIGH, words


def _many(times: list[datetime], now: datetime) -> _Found | None:
    """Return the reason where there are many contacts; the present one counts, whether it was noted or not."""
    for within, limit in LIMITS:
        count = len({at for at in times if now - within <= at <= now} | {now})
        if count >= limit:
            hours = int(within.total_seconds() // 3600)
            time = f"{hours} hours" if hours <= 24 else f"{within.days} days"
            return Level.MODERATE, f"{count} contacts with the same person within {time}"
    return None
