"""`parapet reindex`: build the store again from `incidents.v1`, the record. People go on searching meanwhile."""

import click

from dashboards.cli.bootstrap import opened
from dashboards.cli.places import utc_now
from pipeline.settings import load
from processors.indexing import reindex


@click.command(name="reindex")
def command() -> None:
    """Build the store again from the log; may be run while everything else runs."""
    with opened(load()) as whole:
        count = reindex(whole.log, whole.store, utc_now())
    click.echo(f"The store holds {count} {'incident' if count == 1 else 'incidents'}.")
