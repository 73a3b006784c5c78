"""`parapet screen`: a file of examples in, a file of findings out. No network, no state left behind."""

from pathlib import Path

import click
import msgspec

from dashboards.cli.toned import listening_to, model_option
from pipeline.registers.load import load_registers
from processors.example_lines import screened_lines
from processors.rules.load import load_rulebook
from processors.screener import Screener

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("screen")
@click.option("--input", "source", type=_FILE, required=True, help="JSONL of lines with id, event and history.")
@click.option(
    "--output", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL written."
)
@click.option("--registers", "folder", type=_FOLDER, required=True, help="Folder of registers.")
@model_option
def command(source: Path, target: Path, folder: Path, model: str | None) -> None:
    """Screen a file of examples, each with its own history, and write what is found, a JSON object a line, in order.

    A line that cannot be read gives a line with `error`, naming field and cure; the rest goes on, and the exit code
    is 1.
    """
    registers = load_registers(folder)
    screener = Screener(registers, load_rulebook(), tone=listening_to(model))
    faults = 0
    with source.open("rb") as lines, target.open("wb") as out:
        for result in screened_lines(lines, screener, registers):
            faults += "error" in result
            out.write(msgspec.json.encode(result) + b"\n")
    if faults:
        raise click.ClickException(f"{faults} line(s) could not be read; see `error` in {target}")
