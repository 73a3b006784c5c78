"""From logits to the numbers of `processors.models.judgement`: routing, blend, calibration, thresholds.

After both stages are trained. Calibration is on comments kept from training; thresholds come from ordinary talk, so
that a stated part of it is flagged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from processors.models.classifier import LABELS
from processors.models.judgement import Judgement
from processors.models.linear import COLUMNS, Floats, Linear
from processors.models.prepare import prepared
from processors.models.training.rows import Row
from processors.models.transformer import Transformer

BLEND = 0.2
"""What part stage one has in a score that both stages give: a fixed choice, the same for every label."""
LOWEST = 0.5
"""No threshold is lower, however quiet ordinary talk is."""


@dataclass(frozen=True)
class Wanted:
    """What calibration aims for: which part of ordinary talk goes to stage two, and which part a label may flag."""

    version: str
    routed: float = 0.05
    false_alarms: float = 0.0015


def calibrate(
    linear: Linear, transformer: Transformer, held: Sequence[Row], ordinary: Sequence[str], wanted: Wanted
) -> Judgement:
    """Return the numbers, from comments kept from training and from ordinary talk."""
    texts = [prepared(row.text) for row in held]
    first, second = linear.logits(texts)[:, : len(LABELS)], transformer.logits(texts)
    blended = BLEND * first + (1 - BLEND) * second
    known = np.array([[np.nan if one is None else one for one in row.labels] for row in held])
    both = [_fitted(blended[:, at], known[:, at]) for at in range(len(LABELS))]
    alone = [_fitted(first[:, at], known[:, at]) for at in range(len(LABELS))]
    plain = linear.logits([prepared(text) for text in ordinary])
    return Judgement(
        version=wanted.version,
        route=float(np.quantile(plain[:, COLUMNS.index("route")], 1 - wanted.routed)),
        alone=tuple(slope for slope, _ in alone),
        alone_shift=tuple(shift for _, shift in alone),
        transformer=tuple(slope * (1 - BLEND) for slope, _ in both),
        linear=tuple(slope * BLEND for slope, _ in both),
        shift=tuple(shift for _, shift in both),
        thresholds=dict.fromkeys(LABELS, LOWEST),
        false_alarms=wanted.false_alarms,
    )


def _fitted(logits: Floats, known: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and shift by which a logit becomes calibrated (Platt); the slope is never turned round."""
    there = ~np.isnan(known)
    if len(set(known[there])) < 2:
        return 1.0, 0.0
    fitted = LogisticRegression(C=1e3).fit(logits[there, None], known[there])
    slope = float(fitted.coef_[0, 0])
    return (round(slope, 4), round(float(fitted.intercept_[0]), 4)) if slope > 0 else (1.0, 0.0)


def thresholds_from(scores: Floats, rate: float) -> dict[str, float]:
    """Return, by label, the lowest score (at least LOWEST) that no more than a part of ordinary talk reaches."""
    quiet = np.quantile(scores, 1 - rate, axis=0, method="higher") + 1e-3
    return {name: round(min(max(LOWEST, float(one)), 0.995), 3) for name, one in zip(LABELS, quiet, strict=True)}
