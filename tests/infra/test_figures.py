"""The figures of docs/guidance.md are those of today's rules, and what is found is what processors.coverage says."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboards.cli.evaluate import screened
from infra.guidance_page import read_figures
from pipeline.guidance import PARAGRAPHS
from pipeline.vocabulary.categories import Category
from processors.coverage import finders
from processors.evaluate import Scores, score, share
from processors.rules.load import load_rulebook, read_rulebook
from tests.second_set import main

ROUNDING = 0.005
SHOWN = (("right", "given"), ("found", "wanted"))


class Measured:
    """The second set, screened once."""

    def __init__(self, folder: Path) -> None:
        main(folder / "set.jsonl", folder / "registers")
        lines = (folder / "set.jsonl").read_bytes().splitlines()
        self.outputs = screened(lines, folder / "registers", load_rulebook())
        self.scores = score([json.loads(line) for line in lines], self.outputs)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return Measured(tmp_path_factory.mktemp("figures"))


def stale(kept: Mapping[str, Mapping[str, int]], scores: Scores) -> dict[str, tuple[float | None, float | None]]:
    """Return the figures that have moved by more than rounding: kept, and as they are now."""
    moved: dict[str, tuple[float | None, float | None]] = {}
    for paragraph in kept.keys() | scores.by_paragraph.keys():
        then, now = Counter(kept.get(paragraph, {})), scores.by_paragraph.get(paragraph, Counter())
        for part, of in SHOWN:
            before, after = share(then[part], then[of]), share(now[part], now[of])
            if (before is None) is not (after is None) or abs((before or 0) - (after or 0)) > ROUNDING:
                moved[f"{paragraph} {part}"] = (before, after)
    return moved


def test_the_kept_figures_are_todays(measured: Measured) -> None:
    kept = read_figures("second_set")
    assert stale(kept.paragraph, measured.scores) == {}, "make figures measures them anew"
    assert (kept.lines, kept.disputed) == (measured.scores.counts["lines"], measured.scores.counts["disputed"])


def test_the_kept_false_alarms_are_todays(measured: Measured) -> None:
    kept = {kind: one["found"] for kind, one in read_figures("second_set").kind.items()}
    assert kept == {kind: one["found"] for kind, one in measured.scores.by_kind.items()}, "make figures"


def test_a_figure_that_moved_is_seen() -> None:
    scores = Scores(by_paragraph={"6.1": Counter(wanted=100, found=90, given=50, right=50)})
    assert stale({"6.1": {"wanted": 100, "found": 90, "given": 50, "right": 50}}, scores) == {}
    assert stale({"6.1": {"wanted": 100, "found": 91, "given": 50, "right": 50}}, scores).keys() == {"6.1 found"}
    assert stale({}, scores).keys() == {"6.1 found", "6.1 right"}


def test_what_is_found_is_what_the_coverage_says(measured: Measured) -> None:
    known = {one.rule: one for one in finders(read_rulebook())}
    found: list[dict[str, Any]] = [one for line in measured.outputs for one in line["findings"]]
    assert found
    for one in found:
        finder = known[one["rule"]]
        assert Category(one["category"]) in finder.categories, one["rule"]
        assert set(one["paragraphs"]) <= PARAGRAPHS.keys()
        assert one["paragraph"] in finder.paragraphs, one["rule"]
