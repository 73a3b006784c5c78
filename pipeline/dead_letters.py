"""What could not be processed: made into a dead letter by any stage, read back, and sent again by an engineer.

Beside the flow. A dead letter names the field and the cure and quotes nothing; its id is made from where it stood, so
a redelivery makes the same one. Payload is kept only for what was lawfully collected; it is what is still to be
processed, so it stays as received (docs/decisions/which-copies-are-evidence.md), but where it never can be. A post that
was not screened may be read by an officer instead (`dashboards.console.pages.not_screened`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pipeline.codec import binary_headers, decode, encode
from pipeline.ids import digest
from pipeline.log.interface import Log, Message, Outgoing
from pipeline.text.masking import masked
from pipeline.topics import DEAD_LETTERS, partition_of
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, LookedAt

_READ = 500


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be processed: a reason, and words that name field and cure and quote nothing."""

    reason: DeadLetterReason
    explanation: str


@dataclass(frozen=True)
class Place:
    """Where it stood: the stage that refused it, and a file and line, or a topic with partition and offset."""

    stage: str
    source: str
    position: str


@dataclass(frozen=True)
class Again:
    """What to send again, and where to, once the cause is cured."""

    payload: bytes
    topic: str
    key: str


def place_of(stage: str, message: Message) -> Place:
    """Return the place of a message of the log."""
    return Place(stage, message.topic, f"{message.partition}/{message.offset}")


def again(message: Message) -> Again | None:
    """Return how to send a whole message again; None for a tombstone."""
    return None if message.value is None else Again(message.value, message.topic, message.key)


def dead_letter(
    refusal: Refusal, place: Place, at: datetime, resend: Again | None = None, account: str | None = None
) -> Outgoing:
    """Return the record that keeps a dead letter. account is a registered account's id, or None."""
    letter = DeadLetter(
        dead_letter_id=digest("dead letter", refusal.reason, place.stage, place.source, place.position),
        reason=refusal.reason,
        explanation=refusal.explanation,
        stage=place.stage,
        source=place.source,
        position=place.position,
        at=at,
        account=account,
        payload=None if resend is None else _kept(refusal.reason, resend.payload),
        replay_topic=None if resend is None else resend.topic,
        replay_key=None if resend is None else resend.key,
    )
    return _record(letter)


def _kept(reason: DeadLetterReason, payload: bytes) -> bytes:
    """Return what is kept: of what is no JSON, and so can never be taken, a masked copy will do."""
    if reason is not DeadLetterReason.BAD_JSON:
        return payload
    return masked(payload.decode("latin-1")).encode("latin-1")


def letters(log: Log) -> dict[str, DeadLetter]:
    """Return every dead letter still kept, by id, in its newest state, payloads and all. Raises LogUnavailable."""
    return _newest(message for number in range(log.partitions(DEAD_LETTERS.name)) for message in _messages(log, number))


def letter_of(log: Log, identity: str) -> DeadLetter | None:
    """Return one dead letter in its newest state, payload and all, or None. Raises LogUnavailable."""
    number = partition_of(identity, log.partitions(DEAD_LETTERS.name))
    return _newest(one for one in _messages(log, number) if one.key == identity).get(identity)


def looked_at(log: Log, letter: DeadLetter, looked: LookedAt) -> None:
    """Mark a dead letter as read by a person; its payload is kept no longer. Raises LogUnavailable: not done."""
    log.append(
        [_record(msgspec.structs.replace(letter, state=DeadLetterState.LOOKED_AT, payload=None, looked_at=looked))]
    )


def replay(log: Log, letter: DeadLetter) -> None:
    """Send a dead letter's payload to its topic again, then mark it replayed (and keep its payload no longer).

    Raises:
        ValueError: it holds nothing to send again; the message says what to do instead.
        LogUnavailable: it still waits; try again. What was sent twice changes nothing.
    """
    if letter.payload is None or letter.replay_topic is None:
        raise ValueError(
            f"dead letter {letter.dead_letter_id} holds nothing to send again ({letter.reason.value}): "
            "cure its cause and let the source send it again"
        )
    key = letter.replay_key or letter.dead_letter_id
    log.append([Outgoing(topic=letter.replay_topic, key=key, value=letter.payload)])
    log.append([_record(msgspec.structs.replace(letter, state=DeadLetterState.REPLAYED, payload=None))])


def _record(letter: DeadLetter) -> Outgoing:
    return Outgoing(
        topic=DEAD_LETTERS.name,
        key=letter.dead_letter_id,
        value=encode(letter),
        headers=binary_headers("dead_letter", letter.dead_letter_id, letter.reason.value, letter.at),
    )


def _newest(messages: Iterable[Message]) -> dict[str, DeadLetter]:
    newest: dict[str, DeadLetter] = {}
    for message in messages:
        if message.value is None:
            continue
        letter = decode(DeadLetter, message.value)
        known = newest.get(letter.dead_letter_id)
        if known is None or known.state is DeadLetterState.WAITING:
            newest[letter.dead_letter_id] = letter
    return newest


def _messages(log: Log, partition: int) -> Iterator[Message]:
    offset = log.start(DEAD_LETTERS.name, partition)
    while batch := log.read(DEAD_LETTERS.name, partition, offset, _READ):
        yield from batch
        offset = batch[-1].offset + 1
