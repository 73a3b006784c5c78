"""`parapet run`: the embedded pipeline, its notifier and the console in one process, until Ctrl-C.

The whole flow. Nothing is lost by Ctrl-C or a kill: the next start goes on where the log was committed.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dashboards.cli import demo as demos
from dashboards.cli.bootstrap import console_of, opened, pipeline_of
from dashboards.cli.feeding import Feed, feeding
from dashboards.cli.receiving import receiving
from dashboards.cli.serving import address_of, listening, serve_console
from dashboards.cli.settings_help import SETTINGS_EPILOG
from dashboards.console.serve import check_listen
from dashboards.demo import FEED
from pipeline.images.reader import why_not
from pipeline.settings import TABLE, SettingError, Settings, load

DEMO_SPEED = 3.0
"""Lines a second: the example's day in about two and a half minutes."""

LOCK_FILE = "run.lock"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="run", epilog=SETTINGS_EPILOG)
@click.option(
    "--feed", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A JSONL file to read as well."
)
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="Lines of the feed a second; else at once.")
@click.option("--shift", is_flag=True, help="Move the feed's times so that they end about now.")
@click.option("--demo", is_flag=True, help="Feed a day of the example borough; its --home is its own.")
def command(*, feed: Path | None, speed: float | None, shift: bool, demo: bool) -> None:
    """Run the pipeline and the console in one process; Ctrl-C stops it and loses nothing."""
    settings = reachable(load())
    check_embedded(settings)
    check_listen(settings)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    wanted = Feed(feed, speed, shift) if feed is not None else None
    with listening(settings) as at, alone(settings.home):
        sign_in = "sign in as one of `parapet users list`"
        if demo:
            wanted, sign_in = Feed(FEED, speed or DEMO_SPEED, shifted=True), demos.prepare(settings)
        with opened(settings) as whole, pipeline_of(whole) as pipeline, console_of(whole) as parts:
            pipeline.start()
            with receiving(settings, whole.log, whole.parts) as hook, feeding(wanted, whole):
                click.echo(f"Console: {address_of(settings)}  {sign_in}")
                if hook:
                    click.echo(f"Webhook: {hook}")
                if why_not(settings):
                    click.echo(f"Note: {why_not(settings)}")
                click.echo("Ctrl-C stops it; the next start goes on where this one ended.")
                serve_console(parts, at)
            click.echo("Stopping: what is in hand is finished first.")


def reachable(settings: Settings) -> Settings:
    """Return the settings with the address in alerts following the console's port, where it was not set."""
    default = next(row.default for row in TABLE if row.name == "public_url")
    if settings.text("public_url") != default:
        return settings
    return Settings({**settings.values, "public_url": address_of(settings)})


def check_embedded(settings: Settings) -> None:
    """Raise SettingError where the settings are those of the services."""
    for name in ("kafka", "elasticsearch"):
        if settings.text(name):
            raise SettingError(
                f"PARAPET_{name.upper()} is set: `parapet run` is the runtime in one process; "
                "start ingest, worker, notify and console instead, or leave it empty"
            )


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home folder: two notifiers on one log would tell people twice. Raises SettingError if another runs."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / LOCK_FILE).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(f"another `parapet run` uses {home}: stop it, or set PARAPET_HOME to another") from None
        yield
