"""The screening step, run by both runtimes: raw packs in; dead letters, findings and packs of events out.

Reconcile and screen share this step. For each observation: admission again (the registers may have changed), reconcile,
all detectors in one pass. Order of durability: dead letters and findings come BEFORE the pack of events, because the
pack is what marks an event as seen. After a crash between the two the raw pack is given again, nothing remembers its
events, the same findings are written a second time, and casework drops them by event id. The other way round, a
redelivered event would be dropped as a duplicate while its findings were never written.

What cannot be screened becomes a dead letter and is not noted as seen, so that it is screened when it is sent again.
What is screened in part (`processors.readable`) becomes both: an event with its findings, and a dead letter.
A delete is an event too; it is passed on and not screened.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from pipeline import codec, ids
from pipeline.dead_letters import Again, Place, Refusal, again, dead_letter, place_of
from pipeline.log.interface import Message, Outgoing
from pipeline.registers.types import Registers
from pipeline.sources.admission import WITHOUT_TEXT, admit
from pipeline.sources.intake import UNREADABLE, fault_of, why_unreadable
from pipeline.topics import EVENTS, FINDINGS
from pipeline.vocabulary.event import Action, Event, Ingest, Leg, Observation
from pipeline.vocabulary.finding import Detection, Finding
from pipeline.vocabulary.operations import DeadLetterReason
from processors.contacts import Contacts
from processors.desk import where
from processors.kept_back import told_of
from processors.readable import within
from processors.reconcile import Reconciler
from processors.rules.load import load_rulebook
from processors.rules.match import Rulebook
from processors.screener import Listening, Screener
from processors.stages import Parts

STAGE = "screen"

Screen = Callable[[Event, Contacts], list[Finding]]
_Pack = tuple[Message, Sequence[Observation]]

_log = logging.getLogger(__name__)


@dataclass
class _Seen:
    """The state of one partition: versions of objects, and who contacted whom. No text."""

    contacts: Contacts
    reconciler: Reconciler = field(default_factory=Reconciler)

    def note(self, event: Event) -> None:
        self.reconciler.note(event)
        self.contacts.note(event)


@dataclass
class _Output:
    """What a batch causes, in the order it must become durable."""

    letters: list[Outgoing] = field(default_factory=list)
    findings: list[Outgoing] = field(default_factory=list)
    packs: list[Outgoing] = field(default_factory=list)

    def records(self) -> list[Outgoing]:
        return self.letters + self.findings + self.packs


class ScreeningStep:
    """Holds what was seen, by partition; implements `processors.stages.Step`."""

    def __init__(self, parts: Parts, screens: Callable[[Registers], Screen] | None = None) -> None:
        """Take the parts; screens makes the screening for some registers (by the rulebook of the parts if None).

        Raises what a rulebook that does not load raises: a worker must not start without its rules.
        """
        self._parts = parts
        self._longest = parts.settings.number("screen_longest")
        self._rulebook: Callable[[], Rulebook | None] = parts.rulebook or (_shipped() if screens is None else _none)
        self._screens = screens or self._by_rulebook
        self._registers, self._rules = parts.registers(), self._rulebook()
        self._screen = self._screens(self._registers)
        self._seen: dict[int, _Seen] = {}

    def restore(self, message: Message) -> None:
        """Take one pack of `social.events.v1` into state. Raises msgspec.DecodeError."""
        if message.value is not None:
            seen = self._state(message.partition)
            for event in codec.decode_pack(message.value):
                seen.note(event)

    def forget(self, partition: int) -> None:
        """Drop the state of a partition."""
        self._seen.pop(partition, None)

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """Return dead letters, then findings, then packs of events that a batch of one partition causes."""
        self._reload()
        output = _Output()
        for message, observations in self._heard_ahead(batch, output):
            self._pack(message, observations, output)
        return output.records()

    def _heard_ahead(self, batch: Sequence[Message], output: _Output) -> Iterator[_Pack]:
        """Yield the packs of a batch, each when the classifier has begun on the next."""
        held: _Pack | None = None
        for message in batch:
            observations = self._read(message, message.value, output) if message.value is not None else None
            if observations is None:
                continue
            if self._parts.hearing is not None:
                self._parts.hearing.ahead(observations)
            if held is not None:
                yield held
            held = message, observations
        if held is not None:
            yield held

    def _read(self, message: Message, value: bytes, output: _Output) -> Sequence[Observation] | None:
        try:
            return codec.decode_observations(value)
        except UNREADABLE as error:
            output.letters.append(self._letter(why_unreadable(error), place_of(STAGE, message), again(message)))
            return None

    def _pack(self, message: Message, observations: Sequence[Observation], output: _Output) -> None:
        state = self._state(message.partition)
        events = []
        for index, seen in enumerate(observations):
            event = self._one(seen, state, (message, index), output)
            if event is not None:
                events.append(event)
        if events:
            output.packs.append(
                Outgoing(
                    topic=EVENTS.name,
                    key=message.key,
                    value=codec.encode_pack(events),
                    headers=codec.BATCH_HEADERS,
                    partition=message.partition,
                )
            )

    def _one(self, seen: Observation, state: _Seen, at: tuple[Message, int], output: _Output) -> Event | None:
        """Return the event of one observation, screened and noted; None where it is refused or nothing new."""
        refusal = fault_of(seen) or admit(seen, self._registers, self._parts.clock())
        if refusal is None:
            new = state.reconciler.decide(seen)
            event = new if new is not None or not _sent_again(seen) else state.reconciler.same(seen)
            if event is None:
                return None
            readable, unread = within(event, self._longest)
            found = self._screened(readable, state.contacts)
            if not isinstance(found, Refusal):
                output.findings.extend(detections(event, found))
                output.letters += [self._refused(unread, _to_send_again(seen), at)] if unread is not None else []
                if new is not None:
                    state.note(new)
                return new
            refusal = found
        output.letters.append(self._refused(refusal, seen, at))
        return None

    def _screened(self, event: Event, contacts: Contacts) -> list[Finding] | Refusal:
        if event.action is Action.DELETE:
            return []
        try:
            return self._screen(event, contacts)
        except Exception as error:  # noqa: BLE001 - what is not screened is never passed as clean: a dead letter says so
            _log.error("event %s was not screened: %s", event.event_id, where(error))
            words = f"a detector failed ({where(error)}): a person should read it; mend the fault, then send it again"
            return Refusal(DeadLetterReason.NOT_SCREENED, words)

    def _refused(self, refusal: Refusal, seen: Observation, at: tuple[Message, int]) -> Outgoing:
        message, index = at
        place = place_of(STAGE, message)
        within = Place(place.stage, place.source, f"{place.position}/{index}")
        if refusal.reason in WITHOUT_TEXT:
            return self._letter(refusal, within, None)
        return self._letter(refusal, within, Again(codec.encode([seen]), message.topic, message.key), seen.account)

    def _letter(self, refusal: Refusal, place: Place, resend: Again | None, account: str | None = None) -> Outgoing:
        return dead_letter(refusal, place, self._parts.clock(), resend, account)

    def _state(self, partition: int) -> _Seen:
        if partition not in self._seen:
            self._seen[partition] = _Seen(Contacts(self._registers))
        return self._seen[partition]

    def _reload(self) -> None:
        """Screen by registers and rules as they stand now; they are made ready anew only when they have changed."""
        registers, rules = self._parts.registers(), self._rulebook()
        if registers is self._registers and rules is self._rules:
            return
        changed = rules is not self._rules or registers.version != self._registers.version
        self._registers, self._rules = registers, rules
        if changed:
            self._screen = self._prepared(registers)
        for seen in self._seen.values():
            seen.contacts.registers = registers

    def _prepared(self, registers: Registers) -> Screen:
        try:
            return self._screens(registers)
        except Exception as error:  # noqa: BLE001 - screening goes on by the registers before, and the log says so
            _log.error("the rules cannot be prepared for what has changed (%s): the last ones go on", where(error))
            return self._screen

    def _by_rulebook(self, registers: Registers) -> Screen:
        hearing = self._parts.hearing
        tone = Listening(hearing.hear, hearing.version) if hearing is not None else None
        return Screener(registers, self._rules or load_rulebook(), self._parts.clock, tone).screen


def _sent_again(seen: Observation) -> bool:
    return seen.ingest is not None and seen.ingest.leg is Leg.AGAIN


def _to_send_again(seen: Observation) -> Observation:
    """Return what is kept of a post screened in part: sent again, it is screened again although it is known."""
    ingest = seen.ingest or Ingest(connector=STAGE)
    return msgspec.structs.replace(seen, ingest=msgspec.structs.replace(ingest, leg=Leg.AGAIN))


def _none() -> None:
    """Return no rulebook: what screens was given knows its own rules."""


def _shipped() -> Callable[[], Rulebook]:
    """Return what gives the rules that ship, and never others."""
    rulebook = load_rulebook()
    return lambda: rulebook


def detections(event: Event, findings: Iterable[Finding]) -> list[Outgoing]:
    """Return one record of `findings.v1` for each concern that an event's findings have, in their order."""
    return [_detection(one) for one in by_concern(event, findings)]


def by_concern(event: Event, findings: Iterable[Finding]) -> list[Detection]:
    """Return the findings of an event, those with one concern together, in their order."""
    grouped: dict[str, list[Finding]] = {}
    findings = tuple(findings)
    for finding in findings:
        concern = ids.concern_of(finding.target, finding.topic_ref, event.account)
        grouped.setdefault(concern, []).append(finding)
    told = told_of(findings)
    return [Detection(event=event, concern=one, findings=tuple(of), told_of=told) for one, of in grouped.items()]


def _detection(detection: Detection) -> Outgoing:
    event = detection.event
    identity = ids.digest("detection", event.event_id, detection.concern)
    return Outgoing(
        topic=FINDINGS.name,
        key=detection.concern,
        value=codec.encode(detection),
        headers=codec.binary_headers("detection", identity, event.event_id, event.happened_at),
    )
