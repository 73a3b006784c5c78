"""Posts that were not screened, for an officer to read: what a dead letter holds of one, which part nobody judged, and
whether it tells of a confidential topic that is not the reader's. Pure.

Beside the flow: `processors.readable` says what is not screened, `pipeline.dead_letters` keeps it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from dashboards.console.marking import Passage, cut, field_text
from dashboards.console.permissions import Reader
from pipeline.codec import decode_observations
from pipeline.registers.types import Registers
from pipeline.sources.intake import UNREADABLE
from pipeline.text.fold import Folded, fold
from pipeline.text.words import words_of
from pipeline.topics import DEAD_LETTERS
from pipeline.vocabulary.event import Event, Ingest, Leg
from pipeline.vocabulary.finding import Field
from pipeline.vocabulary.operations import DeadLetter
from processors.detectors.leaks import MARKING, PICTURED
from processors.kept_back import MARKING as A_MARKED_PAPER
from processors.reading.disclosure import Heard, told_of
from processors.reading.fingerprints import Fingerprints
from processors.reading.topics import Topics
from processors.reconcile import Reconciler


def event_of(letter: DeadLetter) -> Event | None:
    """Return the post that a dead letter holds, under the id it has on the log; None where it is held no longer."""
    try:
        observations = decode_observations(letter.payload or b"[]")
    except UNREADABLE:
        return None
    return Reconciler().decide(observations[0]) if observations else None


def by_hand(event: Event, by: str) -> Event:
    """Return the post as an officer puts it on record: the same words under the same id."""
    return msgspec.structs.replace(event, ingest=Ingest(connector="console", leg=Leg.MANUAL, source=by))


def unjudged(event: Event, longest: int) -> tuple[Passage, ...]:
    """Return every field of a post that has text; what lies beyond the longest text that is screened is marked."""
    texts = ((field, field_text(event, field)) for field in Field)
    return tuple(Passage(field, cut(text, {1: (longest, len(text))})) for field, text in texts if text)


def kept_until(letter: DeadLetter) -> datetime:
    """Return when a dead letter leaves the log, read or not."""
    return letter.at + timedelta(milliseconds=DEAD_LETTERS.retention_ms)


def may_read(reader: Reader, event: Event, registers: Registers, now: datetime) -> bool:
    """Say whether a post may be shown: every topic that it tells of must be the reader's."""
    return all(reader.in_audience(ref) for ref in _topics_told(event, registers, now))


def _topics_told(event: Event, registers: Registers, now: datetime) -> Iterator[str]:
    ready, quotations = Topics(registers), Fingerprints(registers)
    secret = {one.ref for one in ready.topics if any(map(one.confidential_at, (event.happened_at, now)))}
    for field in Field:
        folded = fold(field_text(event, field))
        yield from (ref for ref in _told(folded, ready, quotations) if ref in secret)
        if field in PICTURED and MARKING.search(folded.text) is not None:
            yield A_MARKED_PAPER


def _told(folded: Folded, ready: Topics, quotations: Fingerprints) -> Iterator[str]:
    hits = ready.hits(words_of(folded.text), folded.text)
    for topic in ready.topics if hits else ():
        if told_of(ready, topic, Heard(folded, hits, topic.begins)) is not None:
            yield topic.ref
    yield from (one.topic_ref for one in quotations.quotations(folded.text))
