"""`parapet console`: the services' console process, over Kafka and Elasticsearch or whatever the settings name."""

import click

from dashboards.cli.bootstrap import console_of, opened
from dashboards.cli.serving import address_of, listening, serve_console
from dashboards.cli.settings_help import SETTINGS_EPILOG
from dashboards.console.serve import check_listen
from pipeline.settings import load


@click.command(name="console", epilog=SETTINGS_EPILOG)
def command() -> None:
    """Run the web console alone; workers, ingest and notify run beside it."""
    settings = load()
    check_listen(settings)
    with listening(settings) as at, opened(settings) as whole, console_of(whole) as parts:
        click.echo(f"Console: {address_of(settings)}  (Ctrl-C stops it)")
        serve_console(parts, at)
