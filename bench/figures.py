"""A figure of the benchmark, the bar it is held against, the printed table and build/bench.json.

Beside the flow. Every part of the benchmark is a function `measure(scale: Scale) -> list[Figure]`.
"""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = "s"
A_SECOND = "/s"
RATIO = "x"
MEGABYTES = "MB"
MILLISECONDS = "ms"
MICROSECONDS = "µs"


@dataclass(frozen=True)
class Bar:
    """What a figure is held against: at least (the default) or at most so much."""

    value: float
    at_most: bool = False

    def met_by(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value <= self.value if self.at_most else value >= self.value

    def __str__(self) -> str:
        return f"{'<=' if self.at_most else '>='} {_short(self.value)}"


BARS: Mapping[str, Bar] = {
    "screening_events_per_second": Bar(10_000),
    "screening_microseconds_at_300_rules": Bar(200, at_most=True),
    "screening_cost_600_to_75_rules": Bar(8.0, at_most=True),
    "embedded_events_per_second": Bar(1_500),
    "classifier_5_percent_to_detoxify": Bar(100),
    "classifier_30_percent_to_detoxify": Bar(15),
    "embedded_megabytes_with_model": Bar(400, at_most=True),
    "services_to_bare_faust": Bar(1.0),
    "post_to_alert_p99_seconds": Bar(1.0, at_most=True),
}


@dataclass(frozen=True)
class Figure:
    """One number. measured says what ran to get it (counts, duration, what stood beside); details go to the file."""

    name: str
    value: float
    unit: str
    measured: str
    details: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def bar(self) -> Bar | None:
        """Return the bar this figure is held against, or None."""
        return BARS.get(self.name)

    @property
    def verdict(self) -> str:
        """Return `met`, `missed`, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        return "met" if self.bar.met_by(self.value) else "missed"


@dataclass(frozen=True)
class Scale:
    """How much to run: the whole benchmark, or a quick look that is good for nothing but seeing that it works."""

    folder: Path
    quick: bool = False

    def of(self, full: int, quick: int) -> int:
        """Return the number for this run."""
        return quick if self.quick else full


def stopwatch() -> Callable[[], float]:
    """Start a stopwatch; return what says how many seconds have gone by since."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value that so many per cent of values do not exceed.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("no values to take a percentile of")
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as text, one a line, with bars beside them and below what was measured."""
    rows = [("figure", "value", "bar", "")]
    rows += [(one.name, f"{_short(one.value)} {one.unit}", str(one.bar or ""), one.verdict) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join([*lines, "", *(f"{one.name}: {one.measured}" for one in figures), "", machine()["summary"]])


def machine() -> dict[str, str]:
    """Return where this ran: the same figures mean little on another machine."""
    cores, release = os.cpu_count() or 0, platform.release()
    summary = f"{cores} cores, {_processor()}, {platform.system()} {release}, Python {platform.python_version()}"
    return {"summary": summary, "cores": str(cores), "load": " ".join(f"{one:.2f}" for one in os.getloadavg())}


def write(figures: Sequence[Figure], path: Path, *, quick: bool) -> None:
    """Write the figures by name, with bars, verdicts, what was measured and where; make the folder where needed."""
    report: dict[str, object] = {one.name: one.value for one in figures}
    report["about"] = {
        one.name: {
            "unit": one.unit,
            "bar": str(one.bar) if one.bar else None,
            "verdict": one.verdict or None,
            "measured": one.measured,
            **one.details,
        }
        for one in figures
    }
    report["machine"] = machine()
    report["quick"] = quick
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
