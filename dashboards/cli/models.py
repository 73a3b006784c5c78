"""`parapet models`: list the classifiers, score a file, verify the weights, evaluate and train the built-in model.

Beside the flow. Scoring and verifying need the base install only; training needs the dependency group `train`.
"""

from pathlib import Path

import click
import msgspec

from pipeline.settings import load
from processors.models.builtin_model import NAME as BUILTIN_NAME
from processors.models.classifier import Classifier
from processors.models.files import BUILTIN, CHECKED, ModelUnavailable, faults
from processors.models.measure import Sources, report
from processors.models.scoring import LineError, scored_lines
from processors.models.shelf import NAMES, OFF, open_classifier

SHARED = Path("../shared/data")
CONTRAST = Path("tests/data/contrast")
ORDINARY = Path("tests/data/ordinary/talk.toml")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_name = click.option(
    "--model", "name", type=click.Choice(NAMES), default=BUILTIN_NAME, show_default=True, help="Which."
)
_data = click.option(
    "--data", type=_FOLDER, default=SHARED / "training", show_default=True, help="Folder of the labelled comments."
)


@click.group("models")
def command() -> None:
    """The classifiers: list, score, verify, evaluate, train."""


@command.command("list")
def list_models() -> None:
    """List the classifiers with their state; the one that the settings name is marked."""
    settings = load()
    chosen = settings.text("classifier")
    for name in NAMES:
        mark = "*" if name == chosen else " "
        try:
            click.echo(f"{mark} {name:10} {open_classifier(name, settings).version}")
        except ModelUnavailable as error:
            click.echo(f"{mark} {name:10} offline: {error}")
    if chosen == OFF:
        click.echo("  PARAPET_CLASSIFIER is off: rules alone judge")


@command.command("score")
@click.option("--input", "source", type=_FILE, required=True, help='JSONL of lines with "id" and "text".')
@click.option(
    "--output", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL written."
)
@_name
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads of stage two.")
def score(source: Path, target: Path, name: str, threads: int) -> None:
    """Score texts: id, six scores, the labels over their threshold, and the stage that judged, in order."""
    classifier = _opened(name, threads)
    try:
        with source.open("rb") as lines, target.open("wb") as out:
            for line in scored_lines(lines, classifier):
                out.write(msgspec.json.encode(line) + b"\n")
    except (LineError, ModelUnavailable) as error:
        raise click.ClickException(str(error)) from error


@command.command("verify")
def verify() -> None:
    """Compare the built-in model's files with their checksums. Exit 1 where one differs."""
    found = list(faults())
    for fault in found:
        click.echo(f"FAULT  {fault}")
    if found:
        raise SystemExit(1)
    size = sum((BUILTIN / name).stat().st_size for name in CHECKED) / 1e6
    click.echo(f"ok     {len(CHECKED)} files, {size:.1f} MB, as shipped")


@command.command("evaluate")
@_name
@_data
@click.option("--contrast", type=_FOLDER, default=CONTRAST, show_default=True, help="Folder of the contrast suite.")
@click.option("--ordinary", type=_FILE, default=ORDINARY, show_default=True, help="File of ordinary talk.")
def evaluate(name: str, data: Path, contrast: Path, ordinary: Path) -> None:
    """Measure a classifier: comments kept from training, the contrast suite by kind, false alarms by identity."""
    try:
        for line in report(_opened(name, 2), Sources(data, contrast, ordinary)):
            click.echo(line)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error


@command.command("train")
@_data
@click.option("--output", "target", type=_FOLDER, required=True, help="Folder for the model's files.")
@click.option("--work", type=_FOLDER, default=Path("build/model"), show_default=True, help="Folder for saves.")
@click.option(
    "--stages", type=click.Choice(["both", "linear"]), default="both", show_default=True, help="What to train."
)
def train(data: Path, target: Path, work: Path, stages: str) -> None:
    """Train the built-in model anew, with fixed seeds: about an hour on two free cores. It goes on where it was."""
    try:
        from processors.models.training.run import run  # noqa: PLC0415 - needs the group `train`
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install --group train") from error
    try:
        run(data, target, work, both=stages == "both", shown=click.echo)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error


def _opened(name: str, threads: int) -> Classifier:
    try:
        return open_classifier(name, load(), threads)
    except ModelUnavailable as error:
        raise click.ClickException(str(error)) from error
