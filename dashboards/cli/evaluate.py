"""`parapet evaluate`: the rules' figures on labelled examples, and again with a second invented borough's names."""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from dashboards.cli.toned import listening_to, model_option
from pipeline.guidance import PARAGRAPHS
from pipeline.registers.load import load_registers
from processors.evaluate import Scores, score, share
from processors.example_lines import screened_lines
from processors.rules.load import load_rulebook
from processors.rules.match import Rulebook
from processors.screener import Listening, Screener
from processors.second_borough import second_borough

SHARED = Path("../shared/data/thornmere")
VIEWS = ("category", "paragraph", "kind")
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("evaluate")
@click.option(
    "--labelled", type=_FILE, default=SHARED / "examples_dev.jsonl", show_default=True, help="Labelled JSONL."
)
@click.option("--registers", "folder", type=_FOLDER, default=SHARED / "registers", show_default=True, help="Registers.")
@click.option(
    "--by",
    "views",
    type=click.Choice(VIEWS),
    multiple=True,
    help="Only these tables; more than once for several. Kind: false alarms by kind of line, where lines carry one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON, of the lines as they stand.")
@model_option
@click.option("--once", is_flag=True, help="Only the lines as they stand, without a second borough's names.")
def command(
    *, labelled: Path, folder: Path, views: tuple[str, ...], as_json: bool, once: bool, model: str | None
) -> None:
    """Score the rules against labelled examples: whole, by category, by paragraph, and false alarms by kind; and again
    with names, wards and streets exchanged.
    """
    if not labelled.exists():
        raise click.ClickException(f"{labelled} is absent: give --labelled FILE and --registers DIR")
    rulebook, tone = load_rulebook(), listening_to(model)
    lines = labelled.read_bytes().splitlines()
    scores = scores_of(lines, folder, rulebook, tone)
    if as_json:
        click.echo(json.dumps(as_counts(labelled.name, scores, views or VIEWS), indent=1))
        return
    _report(f"{labelled}", scores, views or VIEWS)
    if once:
        return
    with tempfile.TemporaryDirectory() as second:
        exchanged = second_borough(folder, lines, Path(second))
        _report(
            "the same with a second borough's names, wards, places and streets",
            scores_of(exchanged, Path(second), rulebook, tone),
            views or VIEWS,
        )


def scores_of(lines: Sequence[bytes], folder: Path, rulebook: Rulebook, tone: Listening | None = None) -> Scores:
    """Return the scores of rules, and of a classifier beside them, on labelled lines, with a folder of registers."""
    return score([json.loads(line) for line in lines if line.strip()], screened(lines, folder, rulebook, tone))


def screened(
    lines: Sequence[bytes], folder: Path, rulebook: Rulebook, tone: Listening | None = None
) -> list[dict[str, Any]]:
    """Return what `parapet screen` writes for labelled lines, as plain JSON objects."""
    registers = load_registers(folder)
    outputs = screened_lines(lines, Screener(registers, rulebook, tone=tone), registers)
    return [json.loads(msgspec.json.encode(one)) for one in outputs]


def as_counts(name: str, scores: Scores, views: Sequence[str] = VIEWS) -> dict[str, object]:
    """Return counts as they are kept in a file: with the set's name, the day, and how many lines were counted."""
    tables = {
        "category": sorted(scores.by_category.items()),
        "paragraph": in_order(scores.by_paragraph),
        "kind": sorted(scores.by_kind.items()),
    }
    return {
        "labelled": name,
        "date": datetime.now(UTC).date().isoformat(),
        "lines": scores.counts["lines"],
        "disputed": scores.counts["disputed"],
        "whole": dict(sorted(scores.counts.items())),
        **{view: {key: dict(sorted(counts.items())) for key, counts in tables[view]} for view in views},
    }


def in_order(by_paragraph: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """Return counts by paragraph in the Guidance's own order."""
    order = list(PARAGRAPHS)
    return sorted(by_paragraph.items(), key=lambda one: order.index(one[0]))


def _report(title: str, scores: Scores, views: Sequence[str]) -> None:
    click.echo(f"{title}: {scores.counts['lines']} lines\n  {scores.line()}")
    if "category" in views:
        for category, counts in sorted(scores.by_category.items()):
            wanted = counts["findings"]
            parts = " ".join(f"{name}={counts[name]}/{wanted}" for name in ("category", "level", "target", "paragraph"))
            click.echo(f"    {category:24} {parts} extra={counts['extra']}")
    if "paragraph" in views:
        for paragraph, counts in in_order(scores.by_paragraph):
            click.echo(f"    {paragraph:8} {_ratio('precision', counts, 'right', 'given')} " + _recall(counts))
    if "kind" in views and scores.by_kind:
        _kinds(scores)
    for fault in scores.faults:
        click.echo(f"    {fault}")


def _kinds(scores: Scores) -> None:
    false = {kind: counts for kind, counts in sorted(scores.by_kind.items()) if counts["found"]}
    clean = sum(counts["clean"] for counts in scores.by_kind.values())
    found = sum(counts["found"] for counts in false.values())
    click.echo(f"    false alarms by kind: {found} of {clean} lines that expect nothing, {len(scores.by_kind)} kinds")
    for kind, counts in false.items():
        click.echo(f"    {kind:32} findings={counts['found']}/{counts['clean']} alerts={counts['alert']}")


def _recall(counts: Counter[str]) -> str:
    return _ratio("recall", counts, "found", "wanted")


def _ratio(name: str, counts: Counter[str], found: str, of: str) -> str:
    part = share(counts[found], counts[of])
    return f"{name}={counts[found]}/{counts[of]}" + (f" ({part:.0%})" if part is not None else "")
