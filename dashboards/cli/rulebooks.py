"""Which rulebook a command means, and how rules are shown: this installation's, one that ships, or a folder's.

Beside the flow, for `parapet rules`. A folder with a whole lexicon.toml (one with a version) is a rulebook by itself;
any other is read as a council's own rules on top of those that ship.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from dashboards.cli.places import rulebook_folder
from pipeline.settings import load
from processors.rules.load import LEXICON_FILE, RulebookError, read_rules
from processors.rules.model import RuleSet

SHIPPED = "shipped"
"""What is written in place of a folder for the rules that ship."""


def rulebook_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names its rulebook."""
    words = "A folder of rules, or 'shipped'; otherwise this installation's: those that ship with rulebook/ on top."
    return click.option("--rulebook", "chosen", metavar="FOLDER", help=words)(command)


def rules_in(chosen: str | None) -> RuleSet:
    """Return the rules that are meant. Raises RulebookError, BadParameter."""
    if chosen is None:
        return read_rules(own=rulebook_folder(load()))
    if chosen == SHIPPED:
        return read_rules()
    folder = Path(chosen)
    if not folder.is_dir():
        raise click.BadParameter(f"{chosen} is no folder: give one with *.toml files in it, or {SHIPPED!r}")
    if not any(folder.glob("*.toml")):
        raise RulebookError([f"{folder}: no *.toml in it: put the rulebook files there"])
    return read_rules(folder) if _stands_alone(folder) else read_rules(own=folder)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows under their heads, columns aligned; an empty last column leaves no space behind."""
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _stands_alone(folder: Path) -> bool:
    path = folder / LEXICON_FILE
    try:
        return path.exists() and "version" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
