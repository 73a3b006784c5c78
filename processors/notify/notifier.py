"""Notifier: delivers what `alerts.v1` holds and writes what became of it to `alert.deliveries.v1`. Last before people.

Works straight on the log, in both runtimes. At least once: after a crash between a provider's yes and our note of it
the same message goes again with the same Message-ID or webhook-id. Only one notifier may run for one log: run one
`notify` process, or the embedded one, never both.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.log.interface import Log, LogUnavailable, Outgoing
from pipeline.registers.types import Recipient
from pipeline.settings import Settings
from pipeline.vocabulary.alert import Channel, Delivery, DeliveryState
from processors.notify.mail import MailSender
from processors.notify.outbox import Outbox, Waiting, delivery_record
from processors.notify.outcome import MOST_REFUSALS, Answer, Outcome, delay_after
from processors.notify.webhook import WebhookSender
from processors.notify.wording import Notice, notice
from processors.stages import Parts

_log = logging.getLogger(__name__)

POLL_S = 0.25
"""New alerts are looked for at least so often, in seconds."""


class Sender(Protocol):
    """One channel: e-mail or webhook."""

    def send(self, notice: Notice, recipient: Recipient, at: datetime) -> Outcome:
        """Try once, within a timeout. Never raises."""

    def close(self) -> None:
        """Release connections; safe to call twice."""


SENDERS: Mapping[Channel, Callable[[Settings], Sender]] = {
    Channel.EMAIL: MailSender,
    Channel.WEBHOOK: WebhookSender,
}
"""Every channel and its sender."""


def senders_from(settings: Settings) -> dict[Channel, Sender]:
    """Return the senders of all channels."""
    return {channel: make(settings) for channel, make in SENDERS.items()}


@dataclass
class _Round:
    """One pass over what is due. down holds the channels that failed as a whole, with the reason."""

    now: datetime
    down: dict[Channel, Outcome] = field(default_factory=dict)


class Notifier:
    """Sends what waits. `run_once` in a loop, from one thread; `close` when done."""

    def __init__(self, log: Log, parts: Parts, senders: Mapping[Channel, Sender]) -> None:
        self._log = log
        self._parts = parts
        self._senders = senders
        self._outbox = Outbox(log)
        self._unwritten: list[Outgoing] = []

    def run_once(self) -> float:
        """Send what is due and return the seconds after which to call again: 0 to POLL_S.

        Never raises for a provider or the log: while the log is away nothing is sent, and notes wait in memory.
        """
        try:
            self._write()
            self._outbox.read()
        except LogUnavailable:
            _log.warning("the log is away: alerts wait")
            return POLL_S
        this = _Round(self._parts.clock())
        for waiting in self._outbox.due(this.now):
            if self._unwritten:
                break
            self._deliver(waiting, this)
        return self._pause()

    def close(self) -> None:
        """Close the senders."""
        for sender in self._senders.values():
            sender.close()

    def _deliver(self, waiting: Waiting, this: _Round) -> None:
        alert = waiting.alert
        down = this.down.get(alert.channel)
        if down is None:
            outcome = self._send(waiting)
        elif self._outbox.has_delivery(alert.alert_id):
            self._hold_up(waiting, this.now)
            return
        else:
            outcome = down
        if outcome.down:
            this.down[alert.channel] = outcome
        self._note(waiting, outcome)
        if outcome.answer is Answer.SENT:
            self._outbox.recovered(alert.channel, this.now)

    def _send(self, waiting: Waiting) -> Outcome:
        alert, registers = waiting.alert, self._parts.registers()
        recipient = next((one for one in registers.recipients if one.id == alert.recipient), None)
        if recipient is None:
            return Outcome(Answer.GONE, "the recipient is no longer in the register")
        sender = self._senders.get(alert.channel)
        if sender is None:
            return Outcome(Answer.RETRY, f"no sender for the channel {alert.channel}", down=True)
        return sender.send(self._notice(waiting), recipient, self._parts.clock())

    def _notice(self, waiting: Waiting) -> Notice:
        alert, outbox = waiting.alert, self._outbox
        public_url = self._parts.settings.text("public_url")
        return notice(alert, self._parts.registers(), public_url, outbox.count(alert), outbox.number(alert))

    def _hold_up(self, waiting: Waiting, now: datetime) -> None:
        """Wait on without a note: the channel is down and people have been shown why."""
        waiting.attempts += 1
        waiting.held_up = True
        waiting.due_at = now + delay_after(waiting.attempts, waiting.alert.alert_id)

    def _note(self, waiting: Waiting, outcome: Outcome) -> None:
        alert, outbox, now = waiting.alert, self._outbox, self._parts.clock()
        waiting.attempts += 1
        waiting.refusals += outcome.answer is Answer.REFUSED
        waiting.held_up = outcome.down
        state = _state(outcome, waiting.refusals)
        waiting.due_at = now + delay_after(waiting.attempts, alert.alert_id)
        number = outbox.number(alert)
        delivery = Delivery(
            alert_id=alert.alert_id,
            incident_id=alert.incident_id,
            channel=alert.channel,
            recipient=alert.recipient,
            state=state,
            attempts=waiting.attempts,
            at=now,
            message_id=alert.alert_id if number == 1 else f"{alert.alert_id}.{number}",
            reason=outcome.reason,
            due_at=waiting.due_at if state is DeliveryState.RETRYING else None,
            count=outbox.count(alert),
            number=number,
        )
        outbox.note(delivery)
        self._unwritten.append(delivery_record(delivery))
        try:
            self._write()
        except LogUnavailable:
            _log.warning("the log is away: the outcome of an alert waits to be noted")

    def _write(self) -> None:
        if self._unwritten:
            self._log.append(self._unwritten)
            self._unwritten = []

    def _pause(self) -> float:
        due_at = self._outbox.next_due()
        if due_at is None:
            return POLL_S
        seconds = (due_at - self._parts.clock()) / timedelta(seconds=1)
        return min(POLL_S, max(0.0, seconds))


def _state(outcome: Outcome, refusals: int) -> DeliveryState:
    if outcome.answer is Answer.SENT:
        return DeliveryState.SENT
    given_up = outcome.answer is Answer.GONE or refusals >= MOST_REFUSALS
    return DeliveryState.FAILED if given_up else DeliveryState.RETRYING
