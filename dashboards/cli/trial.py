"""A test alert, told in words: for `parapet init` and `parapet check --send-test`.

Beside the flow. It goes straight to the senders, so it proves server, addresses and signatures before anything runs.
"""

import click

from dashboards.cli.places import utc_now
from pipeline.registers.types import Registers
from pipeline.settings import Settings
from processors.notify import send_trial, senders_from
from processors.notify.outcome import Answer


def tell_trial(registers: Registers, settings: Settings) -> bool:
    """Send a test alert to every recipient and say what became of each; False where one was not reached."""
    if not settings.text("smtp_host"):
        click.echo("No mail server is set yet: alerts will wait in the outbox. Set PARAPET_SMTP_HOST, then: ", nl=False)
        click.echo("parapet check --send-test")
        return False
    senders = senders_from(settings)
    try:
        outcomes = send_trial(registers, senders, settings.text("public_url"), utc_now())
    finally:
        for sender in senders.values():
            sender.close()
    for recipient, outcome in outcomes:
        sent = outcome.answer is Answer.SENT
        click.echo(f"Test alert to {recipient.id}: {'sent' if sent else outcome.reason}")
    return bool(outcomes) and all(outcome.answer is Answer.SENT for _, outcome in outcomes)
