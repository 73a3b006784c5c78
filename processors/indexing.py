"""Index: brings incidents, sources, dead letters and deliveries from the log into the store. Last before people look.

It keeps no state. Alerts do not wait for it: with the store down it waits, and catches up.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from pipeline.codec import decode
from pipeline.dead_letters import Refusal, dead_letter, place_of
from pipeline.log.interface import Log, Message, Outgoing, Position
from pipeline.sources.intake import why_unreadable
from pipeline.store.entries import key_of
from pipeline.store.interface import Document, Query, Refused, Store
from pipeline.topics import DEAD_LETTERS, DELIVERIES, INCIDENTS, SOURCES
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, SourceStatus
from processors.stages import Parts

STAGE = "index"
READ = 500
"""Messages that a rebuild reads at a time."""

TIDY_EVERY = timedelta(hours=1)
"""How often dead letters that the log has forgotten leave the store."""

_KINDS: Mapping[str, type[Document]] = {
    INCIDENTS.name: Incident,
    SOURCES.name: SourceStatus,
    DEAD_LETTERS.name: DeadLetter,
    DELIVERIES.name: Delivery,
}
_Problem = tuple[Message, Refusal]


class IndexingStep:
    """The step of the indexing agent; the store must be among the parts. It knows only when it tidied last."""

    def __init__(self, parts: Parts) -> None:
        if parts.store is None:
            raise ValueError("indexing needs a store among its parts")
        self._store = parts.store
        self._clock = parts.clock
        self._tidy_at = datetime.min.replace(tzinfo=UTC)

    def restore(self, message: Message) -> None:
        """Do nothing: there is no state."""

    def forget(self, partition: int) -> None:
        """Do nothing: there is no state."""

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """Write a batch to the store in bulk; return dead letters for what can never be written.

        Raises:
            StoreUnavailable: give the same batch again later.
        """
        now = self._clock()
        letters = index(self._store, batch, now)
        if now >= self._tidy_at:
            self._store.forget_dead_letters(now - timedelta(milliseconds=DEAD_LETTERS.retention_ms))
            self._tidy_at = now + TIDY_EVERY
        return letters


def index(store: Store, batch: Sequence[Message], now: datetime) -> list[Outgoing]:
    """Write messages to a store; return dead letters, dated `now`, for what it will never take.

    A dead letter that cannot be written makes no other, or there would be no end: it stays on its topic. Incidents go
    on only in their newest version, or as removed where a tombstone came last.
    """
    problems: list[_Problem] = []
    read = [(message, document) for message in batch if (document := _read(message, problems)) is not None]
    gone = _removed(batch)
    if gone:
        store.remove(sorted(gone))
    kept = [(message, one) for message, one in read if message.offset > gone.get(_incident_key(message), -1)]
    newest = _newest(kept)
    messages = {key_of(document): message for message, document in newest}
    refused = store.upsert([document for _, document in newest])
    problems += [(messages[one.key], _refusal(one, messages[one.key])) for one in refused]
    return [
        dead_letter(refusal, place_of(STAGE, message), now)
        for message, refusal in problems
        if message.topic != DEAD_LETTERS.name
    ]


def reindex(log: Log, store: Store, now: datetime) -> int:
    """Build a store again from the log; return how many incidents it holds then. `now` dates new dead letters.

    People find what was there until the new is complete. What a live worker wrote meanwhile is read once more.

    Raises:
        LogUnavailable, StoreUnavailable: start again; nothing is lost.
    """
    positions: dict[Position, int] = {}
    with store.rebuilding() as fresh:
        for batch in _batches(log, (INCIDENTS.name,), positions):
            log.append(index(fresh, batch, now))
    for batch in _batches(log, tuple(_KINDS), positions):
        log.append(index(store, batch, now))
    store.refresh()
    return store.search(Query(limit=1)).total


def _read(message: Message, problems: list[_Problem]) -> Document | None:
    kind = _KINDS.get(message.topic)
    if kind is None or message.value is None:
        return None
    try:
        return decode(kind, message.value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problems.append((message, why_unreadable(error)))
        return None


def _removed(batch: Sequence[Message]) -> dict[str, int]:
    """Return the ids of incidents with a tombstone in the batch, each with the offset of the last."""
    return {
        message.key: message.offset for message in batch if message.topic == INCIDENTS.name and message.value is None
    }


def _incident_key(message: Message) -> str:
    return message.key if message.topic == INCIDENTS.name else ""


def _newest(read: Sequence[tuple[Message, Document]]) -> list[tuple[Message, Document]]:
    """Return what came in, but of each incident only the newest version: the store would write each one whole."""
    incidents: dict[str, tuple[Message, Document]] = {}
    others: list[tuple[Message, Document]] = []
    for message, document in read:
        if not isinstance(document, Incident):
            others.append((message, document))
            continue
        held = incidents.get(document.incident_id)
        if held is None or not isinstance(held[1], Incident) or document.version >= held[1].version:
            incidents[document.incident_id] = (message, document)
    return [*incidents.values(), *others]


def _refusal(refused: Refused, message: Message) -> Refusal:
    cure = "correct the cause, then build the store again with `parapet reindex`"
    return Refusal(
        DeadLetterReason.STORE_REFUSED,
        f"{refused.reason}: the store will not take this; the record stays on {message.topic}: {cure}",
    )


def _batches(log: Log, topics: Sequence[str], positions: dict[Position, int]) -> Iterator[list[Message]]:
    """Yield what topics hold, from the positions given or from the start; positions move along."""
    for topic in topics:
        for partition in range(log.partitions(topic)):
            at = positions.setdefault((topic, partition), log.start(topic, partition))
            while batch := log.read(topic, partition, at, READ):
                yield batch
                at = positions[topic, partition] = batch[-1].offset + 1
