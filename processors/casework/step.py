"""The casework step, run by both runtimes: `findings.v1` and `incident.activity.v1` in; alerts, incidents and dead
letters out, in the order they must become durable.

A batch's alerts come first, then each incident once, in its last version of the batch. After a crash between the two
the batch is given again and the same alert ids are raised again. Where two incidents of one author about one person
change in a batch, the earlier is written before the later changes: what is durable is always a state that was.
"""

import logging
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import msgspec

from pipeline import codec
from pipeline.dead_letters import Refusal, again, dead_letter, place_of
from pipeline.log.interface import Message, Outgoing
from pipeline.topics import ACTIVITY, ALERTS, INCIDENTS
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.alert import Alert
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetterReason
from processors.casework.alerting import Told
from processors.casework.casebook import Casebook, Key, key_of_incident
from processors.casework.record import BadActivity, Record
from processors.desk import where
from processors.stages import Parts

_log = logging.getLogger(__name__)

STAGE = "record"


class CaseworkStep:
    """Holds the incidents of its partitions; implements `processors.stages.Step`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._books: dict[int, Casebook] = {}

    def restore(self, message: Message) -> None:
        """Take one message of `incidents.v1`: a newer version replaces an older one, a tombstone removes it."""
        book = self._book(message.partition)
        if message.value is None:
            book.drop(message.key)
            return
        try:
            book.hold(codec.decode(Incident, message.value))
        except msgspec.DecodeError:
            _log.error("incidents.v1 %s/%s cannot be read and is left out", message.partition, message.offset)

    def forget(self, partition: int) -> None:
        """Drop a partition's incidents."""
        self._books.pop(partition, None)

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """Return alerts, then incidents, then dead letters that a batch of one partition causes. Never raises."""
        output = _Output()
        for message in batch:
            if message.value is None:
                continue
            try:
                output.take(self._handle(message))
            except Exception as error:  # noqa: BLE001 - nothing may stop the batch; what fails is kept as a dead letter
                output.letters.append(self._refuse(message, error))
        return output.records()

    def _handle(self, message: Message) -> list[Told]:
        parts, value = self._parts, message.value or b""
        record = Record(self._book(message.partition), parts.registers(), parts.settings, parts.clock())
        if message.topic.endswith(ACTIVITY.name):
            return record.activity(codec.decode(Activity, value))
        return record.detection(codec.decode(Detection, value))

    def _refuse(self, message: Message, error: Exception) -> Outgoing:
        if not isinstance(error, BadActivity | msgspec.DecodeError):
            _log.error("%s %s/%s failed: %s", message.topic, message.partition, message.offset, where(error))
        at = self._parts.clock()
        return dead_letter(_refusal(error), place_of(STAGE, message), at, again(message))

    def _book(self, partition: int) -> Casebook:
        if partition not in self._books:
            self._books[partition] = Casebook(ZoneInfo(self._parts.registers().council.timezone))
        return self._books[partition]


class _Output:
    """What a batch causes, gathered so that each incident is written once where that leaves the same states."""

    def __init__(self) -> None:
        self.letters: list[Outgoing] = []
        self._alerts: dict[tuple[str, str], Alert] = {}
        self._settled: list[Told] = []
        self._pending: dict[Key, Told] = {}

    def take(self, told: Sequence[Told]) -> None:
        for one in told:
            for alert in one.alerts:
                self._alerts.setdefault((alert.alert_id, alert.incident_id), alert)
            key = key_of_incident(one.incident)
            before = self._pending.get(key)
            if before is not None and before.incident.incident_id != one.incident.incident_id:
                self._settled.append(before)
            self._pending[key] = one

    def records(self) -> list[Outgoing]:
        alerts = [_alert_record(alert) for alert in self._alerts.values()]
        return alerts + [_incident_record(one) for one in (*self._settled, *self._pending.values())] + self.letters


def _refusal(error: Exception) -> Refusal:
    reasons: Sequence[tuple[type[Exception], DeadLetterReason, Callable[[Exception], str]]] = (
        (BadActivity, DeadLetterReason.BAD_FIELD, str),
        (msgspec.ValidationError, DeadLetterReason.BAD_FIELD, lambda one: f"{one}: correct that field"),
        (
            msgspec.DecodeError,
            DeadLetterReason.BAD_JSON,
            lambda _: "no JSON: the message was cut or is of another form",
        ),
    )
    for kind, reason, words in reasons:
        if isinstance(error, kind):
            return Refusal(reason, words(error))
    return Refusal(
        DeadLetterReason.PROCESSING_FAILED,
        f"casework failed ({where(error)}): mend it, then send this again",
    )


def _alert_record(alert: Alert) -> Outgoing:
    headers = codec.binary_headers("alert", alert.alert_id, alert.incident_id, alert.created_at)
    return Outgoing(topic=ALERTS.name, key=alert.alert_id, value=codec.encode(alert), headers=headers)


def _incident_record(told: Told) -> Outgoing:
    """Return an incident's last version, or the tombstone of one that was deleted."""
    incident = told.incident
    headers = codec.binary_headers("incident", incident.incident_id, incident.reference, incident.updated_at)
    return Outgoing(
        topic=INCIDENTS.name,
        key=incident.incident_id,
        value=None if told.gone else codec.encode(incident),
        headers=headers,
        routing_key=incident.concern,
    )
