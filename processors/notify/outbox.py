"""The durable outbox: `alerts.v1` less `alert.deliveries.v1`. Nothing is kept twice; it is read anew at every start.

Between record and the notifier. Memory: the newest delivery of each alert of the last 14 days (both topics keep no
more), and the whole alert only while it waits. A summary's records share one alert id; each names one late incident,
and the ids of those are kept, so that what comes after a summary was sent makes a follow-up an hour later.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from pipeline import codec
from pipeline.log.interface import Log, Message, Outgoing
from pipeline.topics import ALERTS, DELIVERIES, Topic
from pipeline.vocabulary.alert import Alert, AlertKind, Channel, Delivery, DeliveryState

T = TypeVar("T")
_log = logging.getLogger(__name__)

SUMMARY_WAIT = timedelta(seconds=20)
"""A summary waits so long after its first record, to stand for all of an import."""

FOLLOW_UP = timedelta(hours=1)
_READ = 500


@dataclass
class Waiting:
    """An alert that nobody has been told of yet. refusals counts the provider's firm noes in this process."""

    alert: Alert
    due_at: datetime
    attempts: int = 0
    refusals: int = 0
    held_up: bool = False
    """The last attempt failed because the whole channel was down."""


@dataclass
class _Summary:
    first: Alert
    incidents: dict[str, None] = field(default_factory=dict)


class Outbox:
    """What waits, by alert id. `read` first; then `due`, and `note` for every attempt."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._positions: dict[tuple[str, int], int] = {}
        self._delivered: dict[str, Delivery] = {}
        self._waiting: dict[str, Waiting] = {}
        self._summaries: dict[str, _Summary] = {}
        self._started = False

    def read(self) -> None:
        """Take in alerts written since the last call; at the first call all deliveries too. Raises LogUnavailable."""
        if not self._started:
            self._follow(DELIVERIES, self._take_delivery)
            self._started = True
        self._follow(ALERTS, self._take_alert)

    def due(self, now: datetime) -> list[Waiting]:
        """Return what is due, the most serious first and then the oldest."""
        found = [one for one in self._waiting.values() if one.due_at <= now]
        return sorted(found, key=lambda one: (-one.alert.level.rank, one.alert.created_at, one.alert.alert_id))

    def next_due(self) -> datetime | None:
        """Return when the next is due, or None where nothing waits."""
        return min((one.due_at for one in self._waiting.values()), default=None)

    def count(self, alert: Alert) -> int:
        """Return how many incidents a message under this alert stands for: all of a summary's, else one."""
        summary = self._summaries.get(alert.alert_id)
        return len(summary.incidents) if summary is not None else 1

    def number(self, alert: Alert) -> int:
        """Return which message under this alert's id comes next, from 1; above 1 only for follow-ups of a summary."""
        delivery = self._delivered.get(alert.alert_id)
        if delivery is None:
            return 1
        return delivery.number + (delivery.state is DeliveryState.SENT)

    def has_delivery(self, alert_id: str) -> bool:
        """Say whether any attempt has been noted, so that people can see why an alert waits."""
        return alert_id in self._delivered

    def note(self, delivery: Delivery) -> None:
        """Take an attempt's outcome; a settled alert waits no more, but a summary may have a follow-up."""
        self._delivered[delivery.alert_id] = delivery
        if delivery.state is not DeliveryState.RETRYING:
            self._waiting.pop(delivery.alert_id, None)
            self._plan_follow_up(delivery.alert_id)

    def recovered(self, channel: Channel, now: datetime) -> None:
        """Make due at once what was held up only because its channel was down."""
        for one in self._waiting.values():
            if one.held_up and one.alert.channel is channel:
                one.due_at, one.held_up = now, False

    def _take_delivery(self, message: Message) -> None:
        delivery = _decoded(Delivery, message)
        if delivery is None:
            return
        known = self._delivered.get(delivery.alert_id)
        if known is None or delivery.attempts >= known.attempts:
            self._delivered[delivery.alert_id] = delivery

    def _take_alert(self, message: Message) -> None:
        alert = _decoded(Alert, message)
        if alert is None:
            return
        if alert.kind is AlertKind.SUMMARY:
            self._summaries.setdefault(alert.alert_id, _Summary(alert)).incidents[alert.incident_id] = None
        delivery = self._delivered.get(alert.alert_id)
        if delivery is None or delivery.state is DeliveryState.RETRYING:
            self._wait_for(alert, delivery)
        else:
            self._plan_follow_up(alert.alert_id)

    def _wait_for(self, alert: Alert, delivery: Delivery | None) -> None:
        if alert.alert_id in self._waiting:
            return
        due_at = alert.created_at + (SUMMARY_WAIT if alert.kind is AlertKind.SUMMARY else timedelta())
        attempts = delivery.attempts if delivery is not None else 0
        self._waiting[alert.alert_id] = Waiting(alert, due_at, attempts)

    def _plan_follow_up(self, alert_id: str) -> None:
        summary, delivery = self._summaries.get(alert_id), self._delivered.get(alert_id)
        if summary is None or delivery is None or alert_id in self._waiting:
            return
        if delivery.state is not DeliveryState.RETRYING and len(summary.incidents) > delivery.count:
            self._waiting[alert_id] = Waiting(summary.first, delivery.at + FOLLOW_UP, delivery.attempts)

    def _follow(self, topic: Topic, take: Callable[[Message], None]) -> None:
        for partition in range(self._log.partitions(topic.name)):
            for message in self._new(topic.name, partition):
                take(message)

    def _new(self, topic: str, partition: int) -> Iterable[Message]:
        place = (topic, partition)
        if place not in self._positions:
            self._positions[place] = self._log.start(topic, partition)
        while batch := self._log.read(topic, partition, self._positions[place], _READ):
            yield from batch
            self._positions[place] = batch[-1].offset + 1


def delivery_record(delivery: Delivery) -> Outgoing:
    """Return the record of an attempt's outcome."""
    headers = codec.binary_headers("delivery", delivery.alert_id, delivery.incident_id, delivery.at)
    return Outgoing(topic=DELIVERIES.name, key=delivery.alert_id, value=codec.encode(delivery), headers=headers)


def _decoded(kind: type[T], message: Message) -> T | None:
    if message.value is None:
        return None
    try:
        return codec.decode(kind, message.value)
    except msgspec.DecodeError:
        _log.error("%s %s/%s cannot be read and is left out", message.topic, message.partition, message.offset)
        return None
