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
from processors.models.linear import Floats, Linear, suspicion
from processors.models.prepare import prepared
from processors.models.training.rows import Row
from processors.models.transformer import Transformer

BLEND = 0.4
"""What part stage one has in a score that both stages give: a fixed choice, the same for every label."""
LOWEST = 0.3
"""No threshold is lower, however quiet ordinary talk is."""
_FEW = 4
_FLATTEST = 0.2
_TRIED = 80
"""How many shares of alarms are tried between the whole rate for each label and a tenth of it."""


@dataclass(frozen=True)
class Wanted:
    """What calibration aims for: which part of ordinary talk goes to stage two, and which part may be flagged."""

    version: str
    routed: float = 0.09
    false_alarms: float = 0.01


def calibrate(
    linear: Linear, transformer: Transformer, held: Sequence[Row], ordinary: Sequence[str], wanted: Wanted
) -> Judgement:
    """Return the numbers, from comments kept from training and from ordinary talk."""
    texts = [prepared(row.text) for row in held]
    found, second = linear.logits(texts), transformer.logits(texts)
    first = found[:, : len(LABELS)]
    blended = BLEND * first + (1 - BLEND) * second
    known = np.array([[np.nan if one is None else one for one in row.labels] for row in held])
    route = float(np.quantile(suspicion(linear.logits([prepared(text) for text in ordinary])), 1 - wanted.routed))
    unread = suspicion(found) < route
    both = [_fitted(blended[:, at], known[:, at]) for at in range(len(LABELS))]
    alone = [_fitted(first[:, at], np.where(unread, known[:, at], np.nan)) for at in range(len(LABELS))]
    return Judgement(
        version=wanted.version,
        route=route,
        alone=tuple(slope for slope, _ in alone),
        alone_shift=tuple(shift for _, shift in alone),
        transformer=tuple(slope * (1 - BLEND) for slope, _ in both),
        linear=tuple(slope * BLEND for slope, _ in both),
        shift=tuple(shift for _, shift in both),
        thresholds=dict.fromkeys(LABELS, LOWEST),
        false_alarms=wanted.false_alarms,
    )


def _fitted(logits: Floats, known: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and shift by which a logit becomes calibrated (Platt); the slope is never turned round.

    Where hardly any text has the label, a logit is kept and shifted by how rare the label is.
    """
    there = ~np.isnan(known)
    positive = float(np.sum(known[there]))
    if min(positive, there.sum() - positive) < _FEW:
        return 1.0, round(float(np.log((positive + 0.5) / (there.sum() + 1))), 4)
    fitted = LogisticRegression(C=1e3).fit(logits[there, None], known[there])
    slope = float(fitted.coef_[0, 0])
    return (round(max(slope, _FLATTEST), 4), round(float(fitted.intercept_[0]), 4))


def thresholds_from(talks: Sequence[Floats], rate: float) -> dict[str, float]:
    """Return, by label, the lowest thresholds (at least LOWEST) that no more than a part of any ordinary talk reaches.

    talks are scores of shape (texts, 6), one array for each sort of talk. Whichever label it is by, a text that is
    flagged counts once. Swearing gets a fifth of all alarms, since it is no abuse by itself; the others share alike.
    """
    swearing = LABELS.index("obscene")
    for share in np.geomspace(rate, rate / 10, _TRIED):
        shares = [min(share, rate / 5) if at == swearing else share for at in range(len(LABELS))]
        quiet = [[_reached(scores[:, at], one) for at, one in enumerate(shares)] for scores in talks]
        lowest = np.clip(np.max(quiet, axis=0) + 1e-3, LOWEST, 0.995)
        if all(float((scores >= lowest).any(axis=1).mean()) <= rate for scores in talks):
            break
    return {name: round(float(one), 3) for name, one in zip(LABELS, lowest, strict=True)}


def _reached(scores: Floats, share: float) -> float:
    """Return the score that no more than a share of some texts reaches."""
    return float(np.quantile(scores, 1 - share, method="higher"))
