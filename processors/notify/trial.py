"""A test alert sent at once, past the log: for `parapet init` and `parapet check`, before anything runs."""

from collections.abc import Mapping
from datetime import datetime

from pipeline import ids
from pipeline.registers.types import Recipient, Registers
from pipeline.vocabulary.alert import Alert, AlertKind, Channel
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level
from processors.notify.notifier import Sender
from processors.notify.outcome import Outcome
from processors.notify.wording import notice


def send_trial(
    registers: Registers, senders: Mapping[Channel, Sender], public_url: str, at: datetime
) -> list[tuple[Recipient, Outcome]]:
    """Send a test message to everybody in the recipients register; return what became of each."""
    return [
        (one, senders[one.channel].send(notice(_trial(one, at), registers, public_url), one, at))
        for one in registers.recipients
    ]


def _trial(recipient: Recipient, at: datetime) -> Alert:
    identity = ids.digest("trial", recipient.id, recipient.channel, at.isoformat())
    return Alert(
        alert_id=identity,
        kind=AlertKind.TEST,
        incident_id=identity,
        reference=f"TEST-{identity[:6].upper()}",
        level=Level.LOW,
        step=0,
        channel=recipient.channel,
        recipient=recipient.id,
        role=recipient.role,
        person=None,
        categories=(Category.CHAIN_TEST,),
        aggravators=(),
        created_at=at,
    )
