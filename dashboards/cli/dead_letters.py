"""`parapet dead-letters`: list what could not be processed, and send it again once the cause is cured.

Beside the flow, for the engineer. Nothing here prints what was received: a dead letter says where it stood and why.
"""

from collections import Counter

import click

from dashboards.cli.bootstrap import open_log
from pipeline.dead_letters import letters, replay
from pipeline.log.interface import Log
from pipeline.settings import load
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState

_REASON = click.option(
    "--reason", type=click.Choice([one.value for one in DeadLetterReason]), help="Only those with this reason."
)


@click.group(name="dead-letters")
def command() -> None:
    """List what could not be processed, and send it again."""


@command.command(name="list")
@_REASON
@click.option("--limit", default=50, show_default=True, help="Show so many, newest first.")
def list_letters(reason: str | None, limit: int) -> None:
    """List the dead letters that wait, newest first, with the cure of each."""
    log = open_log(load())
    try:
        waiting = sorted(waiting_in(log, reason), key=lambda letter: letter.at, reverse=True)
    finally:
        log.close()
    for letter in waiting[:limit]:
        click.echo(f"{letter.dead_letter_id}  {letter.at:%d %B %Y %H:%M}  {letter.reason}  {letter.stage}")
        click.echo(f"    {letter.source} {letter.position}: {letter.explanation}")
    counts = Counter(letter.reason.value for letter in waiting)
    click.echo(f"{len(waiting)} wait" + "".join(f"; {count} {name}" for name, count in sorted(counts.items())))


@command.command(name="replay")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Send every waiting one again that can be.")
@_REASON
def replay_letters(ids: tuple[str, ...], everything: bool, reason: str | None) -> None:
    """Send dead letters to where they were refused, by id, by --reason, or --all. Sending twice changes nothing."""
    if not ids and not everything and reason is None:
        raise click.UsageError("say which: ids, --reason REASON or --all (parapet dead-letters list shows them)")
    log = open_log(load())
    try:
        sent, kept = send(log, chosen(waiting_in(log, reason), ids))
    finally:
        log.close()
    click.echo(f"{sent} sent again, {kept} not")


def waiting_in(log: Log, reason: str | None) -> list[DeadLetter]:
    """Return the dead letters of a log that wait, of one reason or of all."""
    waiting = [letter for letter in letters(log).values() if letter.state is DeadLetterState.WAITING]
    return [letter for letter in waiting if reason is None or letter.reason == reason]


def chosen(waiting: list[DeadLetter], ids: tuple[str, ...]) -> list[DeadLetter]:
    """Return those of the ids, or all where none is given. Raises click.UsageError for an id that does not wait."""
    known = {letter.dead_letter_id: letter for letter in waiting}
    unknown = [one for one in ids if one not in known]
    if unknown:
        raise click.UsageError(f"{unknown[0]} is no waiting dead letter: parapet dead-letters list shows them")
    return [known[one] for one in ids] or waiting


def send(log: Log, wanted: list[DeadLetter]) -> tuple[int, int]:
    """Send each again, say why where it cannot be, and return how many were sent and how many not."""
    sent = 0
    for letter in wanted:
        try:
            replay(log, letter)
            sent += 1
        except ValueError as error:
            click.echo(str(error), err=True)
    return sent, len(wanted) - sent
