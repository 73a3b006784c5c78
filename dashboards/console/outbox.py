"""Alerts that have not reached anybody yet, for the live page: alerts.v1 against alert.deliveries.v1. No I/O here."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.vocabulary.alert import Alert, Delivery, DeliveryState

GRACE = timedelta(seconds=15)
"""An alert younger than this is on its way, not undelivered."""


@dataclass(frozen=True)
class Undelivered:
    """One alert that was not sent, and the newest attempt, if any was made."""

    alert: Alert
    delivery: Delivery | None


class Outbox:
    """What waits. Messages may come in any order and twice; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alerts: dict[str, Alert] = {}
        self._attempts: dict[str, Delivery] = {}
        self._sent: set[str] = set()

    def take_alert(self, alert: Alert) -> None:
        """Take one alert of alerts.v1."""
        with self._lock:
            if alert.alert_id not in self._sent:
                self._alerts[alert.alert_id] = alert

    def take_delivery(self, delivery: Delivery) -> None:
        """Take one delivery of alert.deliveries.v1; once sent, an alert stays sent."""
        with self._lock:
            if delivery.state is DeliveryState.SENT:
                self._sent.add(delivery.alert_id)
                self._alerts.pop(delivery.alert_id, None)
                self._attempts.pop(delivery.alert_id, None)
            elif delivery.alert_id not in self._sent:
                self._attempts[delivery.alert_id] = delivery

    def undelivered(self, now: datetime) -> list[Undelivered]:
        """Return the alerts that wait, oldest first."""
        with self._lock:
            waiting = [Undelivered(one, self._attempts.get(one.alert_id)) for one in self._alerts.values()]
        old = [one for one in waiting if one.delivery is not None or now - one.alert.created_at > GRACE]
        return sorted(old, key=lambda one: one.alert.created_at)
