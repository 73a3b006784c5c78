"""`parapet explain`: what the rules make of a text, in words: what was found, why, who would be told, or why
nothing.
"""

from typing import Unpack

import click

from dashboards.cli.placed import Where, placed, placing
from dashboards.cli.places import rulebook_folder
from dashboards.cli.toned import listening_to
from pipeline.settings import load
from processors.explaining import explained
from processors.rules.load import load_rulebook
from processors.screener import Screener


@click.command("explain")
@click.argument("text")
@placing
def command(text: str, **where: Unpack[Where]) -> None:
    """Say in words what the rules make of TEXT: what was found, why, how serious, who would be told, or why nothing."""
    it = placed(text, where)
    settings = load()
    rulebook = load_rulebook(own=rulebook_folder(settings))
    screener = Screener(it.registers, rulebook, tone=listening_to(None, settings))
    click.echo(it.line())
    for line in explained(it.seen, screener, it.registers)[1]:
        click.echo(line)
