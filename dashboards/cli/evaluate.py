"""`parapet evaluate`: the rules' figures on labelled examples, and again with a second invented borough's names."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from pipeline.registers.load import load_registers
from processors.evaluate import Scores, score
from processors.example_lines import screened_lines
from processors.rules.load import load_rulebook
from processors.rules.match import Rulebook
from processors.screener import Screener
from processors.second_borough import second_borough

SHARED = Path("../shared/data/thornmere")
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("evaluate")
@click.option(
    "--labelled", type=_FILE, default=SHARED / "examples_dev.jsonl", show_default=True, help="Labelled JSONL."
)
@click.option("--registers", "folder", type=_FOLDER, default=SHARED / "registers", show_default=True, help="Registers.")
def command(labelled: Path, folder: Path) -> None:
    """Score the rules against labelled examples, whole and by category, and again with names, wards and streets
    exchanged.
    """
    if not labelled.exists():
        raise click.ClickException(f"{labelled} is absent: give --labelled FILE and --registers DIR")
    rulebook = load_rulebook()
    lines = labelled.read_bytes().splitlines()
    _report(f"{labelled}", _scores(lines, folder, rulebook))
    with tempfile.TemporaryDirectory() as second:
        exchanged = second_borough(folder, lines, Path(second))
        _report(
            "the same with a second borough's names, wards, places and streets",
            _scores(exchanged, Path(second), rulebook),
        )


def _scores(lines: Sequence[bytes], folder: Path, rulebook: Rulebook) -> Scores:
    registers = load_registers(folder)
    outputs = list(screened_lines(lines, Screener(registers, rulebook), registers))
    plain = [json.loads(msgspec.json.encode(one)) for one in outputs]
    return score([json.loads(line) for line in lines if line.strip()], plain)


def _report(title: str, scores: Scores) -> None:
    click.echo(f"{title}\n  {scores.line()}")
    for category, counts in sorted(scores.by_category.items()):
        wanted = counts["findings"]
        parts = " ".join(f"{name}={counts[name]}/{wanted}" for name in ("category", "level", "target", "paragraph"))
        click.echo(f"    {category:24} {parts} extra={counts['extra']}")
    for fault in scores.faults:
        click.echo(f"    {fault}")
