"""Table, percentiles and the JSON report."""

import json
from pathlib import Path

import pytest

from bench.__main__ import PARTS
from bench.figures import BARS, Figure, Scale, percentile, table, write

FAST = Figure("screening_events_per_second", 12_345.6, "/s", "5,000 events", {"events": 5_000})
SLOW = Figure("post_to_alert_p99_seconds", 1.25, "s", "200 events a second")
PLAIN = Figure("post_to_alert_p50_seconds", 0.0512, "s", "200 events a second")


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 99, 5.0),
        ([1.0, 2.0], 50, 1.0),
        ([float(one) for one in range(1, 101)], 99, 99.0),
        ([float(one) for one in range(100, 0, -1)], 50, 50.0),
        ([float(one) for one in range(1, 101)], 100, 100.0),
        ([3.0, 1.0, 2.0], 0, 1.0),
    ],
)
def test_percentile_is_the_nearest_rank(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_a_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@pytest.mark.parametrize(("figure", "verdict"), [(FAST, "met"), (SLOW, "missed"), (PLAIN, "")])
def test_verdicts(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


@pytest.mark.parametrize(("name", "at_the_bar"), [(name, bar.value) for name, bar in BARS.items()])
def test_exactly_at_the_bar_is_met(name: str, at_the_bar: float) -> None:
    assert Figure(name, at_the_bar, "", "").verdict == "met"


def test_the_table_shows_bars_beside_figures_and_what_ran_below() -> None:
    lines = table([FAST, SLOW, PLAIN]).splitlines()
    assert lines[0].split() == ["figure", "value", "bar"]
    assert lines[2].split() == ["screening_events_per_second", "12,346", "/s", ">=", "10,000", "met"]
    assert lines[3].split() == ["post_to_alert_p99_seconds", "1.25", "s", "<=", "1", "missed"]
    assert lines[4].split() == ["post_to_alert_p50_seconds", "0.0512", "s"]
    assert "screening_events_per_second: 5,000 events" in lines


def test_the_report_holds_plain_figures_by_name_and_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    write([FAST, SLOW], path, quick=True)
    report = json.loads(path.read_text())
    assert report["screening_events_per_second"] == 12_345.6
    assert report["about"]["screening_events_per_second"]["events"] == 5_000
    assert report["about"]["post_to_alert_p99_seconds"]["verdict"] == "missed"
    assert report["quick"] is True
    assert int(report["machine"]["cores"]) > 0


def test_every_listed_part_has_its_module_and_every_module_that_measures_is_listed() -> None:
    folder = Path(__file__).parents[2] / "bench"
    measuring = {f"bench.{path.stem}" for path in folder.glob("*.py") if "\ndef measure(" in path.read_text()}
    assert measuring == {part.module for part in PARTS}


@pytest.mark.parametrize(("quick", "expected"), [(True, 10), (False, 1_000)])
def test_scale(tmp_path: Path, quick: bool, expected: int) -> None:
    assert Scale(tmp_path, quick).of(1_000, 10) == expected
