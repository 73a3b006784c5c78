"""Notify: e-mail and webhook from the durable outbox that the log itself is."""

from processors.notify.notifier import SENDERS, Notifier, Sender, senders_from
from processors.notify.trial import send_trial

__all__ = ["SENDERS", "Notifier", "Sender", "send_trial", "senders_from"]
