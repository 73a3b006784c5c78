"""The command line's front door: one visible list of commands, each loaded only when it is asked for.

Beside the flow: each command reads settings, builds its parts in `dashboards.cli.bootstrap`, and does one thing. What
a person can cure ends as one line on stderr with exit code 2, never as a traceback.
"""

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pipeline.log.interface import LogUnavailable
from pipeline.settings import PREFIX, SettingError
from pipeline.store.interface import StoreUnavailable
from pipeline.watch import Faulty

CURABLE = (SettingError, Faulty, LogUnavailable, StoreUnavailable)
"""Faults whose message names the cure."""


@dataclass(frozen=True)
class Listed:
    """A command: its name, the module that holds it as `command`, and one line of help."""

    name: str
    module: str
    help: str


COMMANDS: tuple[Listed, ...] = (
    Listed("init", "dashboards.cli.init", "Set up a home folder: registers, first admin, recipients, secrets."),
    Listed("run", "dashboards.cli.run", "Run the pipeline and the console in one process."),
    Listed("check", "dashboards.cli.check", "Test settings, registers, rules and connections; each fault with a cure."),
    Listed("screen", "dashboards.cli.screen", "Screen a file of examples, with no state left behind."),
    Listed("explain", "dashboards.cli.explain", "Say in words what the rules make of a text."),
    Listed("rules", "dashboards.cli.rules", "List, test, try, compare and lint the rules, and see what they do."),
    Listed("evaluate", "dashboards.cli.evaluate", "Score the rules against labelled examples."),
    Listed("topics", "dashboards.cli.topics", "Confidential topics: list them, add fingerprints of documents."),
    Listed("images", "dashboards.cli.images", "Pictures: register logos and profile pictures by hash, try one."),
    Listed("models", "dashboards.cli.models", "The classifiers: list, score, verify, evaluate, train."),
    Listed("topology", "dashboards.cli.topology", "Print the stage table: what reads what and writes what."),
    Listed("users", "dashboards.cli.users", "List, add, reset and disable the console's users."),
    Listed("dead-letters", "dashboards.cli.dead_letters", "List what could not be processed, and send it again."),
    Listed("reindex", "dashboards.cli.reindex", "Build the store again from the record."),
    Listed("console", "dashboards.cli.console", "Services: run the web console."),
    Listed("ingest", "dashboards.cli.services:ingest", "Services: run the ways in."),
    Listed("worker", "dashboards.cli.services:worker", "Services: run a worker; start more to share the work."),
    Listed("notify", "dashboards.cli.services:notify", "Services: deliver alerts."),
    Listed("grafana", "dashboards.cli.grafana", "Services: publish the dashboard to Grafana."),
)


class Curable(click.ClickException):
    """A fault with its cure, as one line; exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the fault to stderr."""
        click.echo(f"parapet: {self.format_message()}", err=True, file=file)


def _use_home(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    """Make the folder the one every reader of settings finds, the environment being where settings come from."""
    if value is not None:
        os.environ[PREFIX + "HOME"] = str(value)


def _home_option() -> click.Option:
    return click.Option(
        ["--home"],
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        is_eager=True,
        callback=_use_home,
        help=f"Folder of this installation; else {PREFIX}HOME, else parapet-home.",
    )


def load_command(listed: Listed) -> click.Command:
    """Import one listed command. Every command takes --home. Raises ImportError."""
    module, _, attribute = listed.module.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute or "command")
    _give_home(command)
    return command


def _give_home(command: click.Command) -> None:
    if not any(parameter.name == "home" for parameter in command.params):
        command.params.append(_home_option())
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _give_home(part)


class Front(click.Group):
    """The group that loads a command when it is named, and lists them all without loading any."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the list."""
        return [listed.name for listed in COMMANDS]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name, or None, whereupon click says which names there are."""
        listed = next((listed for listed in COMMANDS if listed.name == cmd_name), None)
        return None if listed is None else load_command(listed)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from its own help lines, so that `parapet --help` imports nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(listed.name, listed.help) for listed in COMMANDS])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a fault that names its cure becomes one line."""
        try:
            return super().invoke(ctx)
        except CURABLE as error:
            raise Curable(str(error)) from error


root = Front(
    name="parapet",
    help="Parapet: finds abuse, threats and leaks on a council's pages, tells the right people, and keeps the record.",
    params=[],
)
root = click.version_option(package_name="parapet")(root)


def main() -> None:
    """Run the command line."""
    root(prog_name="parapet")


if __name__ == "__main__":
    main()
