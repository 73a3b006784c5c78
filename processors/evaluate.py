"""Scores of the rules on labelled examples, counted as the shared scorer counts them: whole, by category, by paragraph,
and false alarms by kind of line.

Used by `parapet evaluate` and tests. Examples marked disputed are left out. A finding is right for a paragraph where
the line expects that paragraph, or a finding of the same category: the lines do not always list all paragraphs of one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.vocabulary.levels import Level

FIGURES = {
    "alert_recall": ("alert_found", "alert_wanted"),
    "false_alerts": ("alert_false", "alert_unwanted"),
    "neg_findings": ("clean_found", "clean"),
    "category": ("category", "findings"),
    "level": ("level", "findings"),
    "target": ("target", "findings"),
    "paragraph": ("paragraph", "findings"),
    "critical": ("critical_found", "critical"),
}
"""Each figure as the quotient of two counts; with nothing to count it is 1."""


@dataclass
class Scores:
    """Counts over a set of examples, and what went wrong in words that name the example."""

    counts: Counter[str] = field(default_factory=Counter)
    by_category: dict[str, Counter[str]] = field(default_factory=dict)
    by_paragraph: dict[str, Counter[str]] = field(default_factory=dict)
    """For each paragraph: wanted and found (recall), given and right (precision)."""
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    """For each kind of line that expects no finding: clean lines, those with a finding, those with an alert."""
    faults: list[str] = field(default_factory=list)

    def figure(self, name: str) -> float:
        """Return a figure from 0 to 1."""
        found, of = FIGURES[name]
        return self.counts[found] / self.counts[of] if self.counts[of] else 1.0

    def line(self) -> str:
        """Return the line of figures."""
        return " ".join(f"{name}={self.figure(name):.3f}" for name in FIGURES)


def score(examples: Iterable[Mapping[str, Any]], outputs: Iterable[Mapping[str, Any]]) -> Scores:
    """Return the scores of outputs of `parapet screen` against labelled examples; both as JSON objects."""
    by_id = {one["id"]: one for one in outputs}
    scores = Scores()
    for example in examples:
        if example.get("disputed"):
            scores.counts["disputed"] += 1
            continue
        output = by_id.get(example["id"], {})
        scores.counts["lines"] += 1
        _alerts(scores, example, output)
        _findings(scores, example, output.get("findings", ()))
        _paragraphs(scores, example["expected"]["findings"], output.get("findings", ()))
        if "kind" in example and not example["expected"]["findings"]:
            _kinds(scores, example["kind"], output)
    return scores


def share(found: int, of: int) -> float | None:
    """Return a quotient from 0 to 1, or None where there is nothing to count."""
    return found / of if of else None


def _alerts(scores: Scores, example: Mapping[str, Any], output: Mapping[str, Any]) -> None:
    wanted, got = example["expected"]["alert"], bool(output.get("alert"))
    kind = "wanted" if wanted else "unwanted"
    scores.counts[f"alert_{kind}"] += 1
    if got:
        scores.counts["alert_found" if wanted else "alert_false"] += 1
    if got is not wanted:
        scores.faults.append(f"{'missed' if wanted else 'false'} alert: {example['id']}")


def _findings(scores: Scores, example: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    wanted = example["expected"]["findings"]
    if not wanted:
        scores.counts["clean"] += 1
        if found:
            scores.counts["clean_found"] += 1
            scores.faults.append(f"extra finding: {example['id']}: {', '.join(one['category'] for one in found)}")
        for one in found:
            scores.by_category.setdefault(one["category"], Counter())["extra"] += 1
    for one in wanted:
        hits = _hits(one, found)
        scores.counts.update(hits)
        scores.by_category.setdefault(one["category"], Counter()).update(hits)
        if not hits["category"]:
            scores.faults.append(f"missed finding: {example['id']}: {one['paragraph']} {one['category']}")


def _hits(wanted: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Counter[str]:
    same = [one for one in found if one["category"] == wanted["category"]]
    critical = wanted["level"] == Level.CRITICAL
    return Counter(
        findings=1,
        category=int(bool(same)),
        level=int(any(one["level"] == wanted["level"] for one in same)),
        target=int(any(one["target"] == wanted.get("target") for one in same)),
        paragraph=int(any(wanted["paragraph"] in (one["paragraph"], *one["paragraphs"]) for one in found)),
        critical=int(critical),
        critical_found=int(critical and any(Level(one["level"]).rank >= Level.HIGH.rank for one in found)),
    )


def _paragraphs(scores: Scores, wanted: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> None:
    given = {paragraph for one in found for paragraph in (one["paragraph"], *one["paragraphs"])}
    for one in wanted:
        scores.by_paragraph.setdefault(one["paragraph"], Counter()).update(
            wanted=1, found=int(one["paragraph"] in given)
        )
    named, categories = {one["paragraph"] for one in wanted}, {one["category"] for one in wanted}
    for one in found:
        for paragraph in {one["paragraph"], *one["paragraphs"]}:
            right = paragraph in named or one["category"] in categories
            scores.by_paragraph.setdefault(paragraph, Counter()).update(given=1, right=int(right))


def _kinds(scores: Scores, kind: str, output: Mapping[str, Any]) -> None:
    found, alert = bool(output.get("findings")), bool(output.get("alert"))
    scores.by_kind.setdefault(kind, Counter()).update(clean=1, found=int(found), alert=int(alert))
