"""`make bench`: run the parts, print the table, write build/bench.json.

Beside the flow. `--only` runs some parts, `--quick` takes a short look whose figures are good for nothing else.
"""

import importlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.figures import Figure, Scale, table, write
from infra.engines.maven import EngineMissing

REPORT = Path("build/bench.json")


@dataclass(frozen=True)
class Part:
    """One part: its name, and the module whose `measure(scale)` runs it."""

    name: str
    module: str


PARTS = (
    Part("screening", "bench.screening"),
    Part("rules", "bench.rules"),
    Part("classifier", "bench.classifier"),
    Part("embedded", "bench.embedded"),
    Part("memory", "bench.memory"),
    Part("services", "bench.services"),
    Part("alert", "bench.alert"),
    Part("search", "bench.search"),
)


@click.command()
@click.option("--only", multiple=True, type=click.Choice([part.name for part in PARTS]), help="Run this part; repeat.")
@click.option("--quick", is_flag=True, help="A short look; its figures are good for nothing else.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), default=REPORT, show_default=True)
def main(only: Sequence[str], *, quick: bool, report: Path) -> None:
    """Measure Parapet on this machine, print a table and write a JSON report."""
    figures: list[Figure] = []
    missing: list[str] = []
    for part in PARTS:
        if only and part.name not in only:
            continue
        try:
            figures += _run(part, quick=quick)
        except (EngineMissing, ModuleNotFoundError) as reason:
            missing.append(f"{part.name}: not measured: {reason}")
        write(figures, report, quick=quick)
    click.echo("\n" + table(figures))
    for line in missing:
        click.echo(line, err=True)
    click.echo(f"written: {report}" + (" (quick: not a result)" if quick else ""))
    sys.exit(2 if missing else 0)


def _run(part: Part, *, quick: bool) -> list[Figure]:
    click.echo(f"{part.name}...", err=True)
    measure: Callable[[Scale], list[Figure]] = importlib.import_module(part.module).measure
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"parapet-bench-{part.name}-") as folder:
        figures = measure(Scale(Path(folder), quick))
    click.echo(f"{part.name}: {time.monotonic() - began:.0f} s", err=True)
    return figures


if __name__ == "__main__":
    main()
