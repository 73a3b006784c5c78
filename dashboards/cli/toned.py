"""The classifier for commands that screen: chosen by the option `--model`, else by the settings.

Between those commands and `processors.models.shelf`. Offline, it is said once on stderr, and rules alone judge.
"""

from collections.abc import Callable
from typing import Any

import click

from pipeline.settings import Settings, load
from processors.hearing import Hearing
from processors.models.shelf import NAMES, OFF, shelf_of
from processors.screener import Listening


def model_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--model`, whose value is a name or None."""
    return click.option(
        "--model", "model", type=click.Choice([*NAMES, OFF]), help="Classifier; else PARAPET_CLASSIFIER, else builtin."
    )(command)


def listening_to(model: str | None, settings: Settings | None = None) -> Listening | None:
    """Return the classifier for screening, or None where it is off or cannot be loaded. Raises SettingError."""
    held = settings or load()
    chosen = held if model is None else Settings({**held.values, "classifier": model})
    hearing = Hearing(lambda: shelf_of(chosen))
    version = hearing.version
    if hearing.problem is not None:
        click.echo(f"Note: {hearing.problem}", err=True)
    return Listening(hearing.hear, version) if version is not None else None
