"""From logits to the numbers of `processors.models.judgement`: routing, blend, calibration, thresholds.

After both stages are trained. Calibration is on comments kept from training; thresholds come from ordinary talk, so
that a stated part of it is flagged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pipeline.vocabulary.categories import Category
from processors.models.classifier import HEARD, LABELS
from processors.models.contrast import SWEARING, macro_f1
from processors.models.judgement import Judgement, heard
from processors.models.linear import Floats, Linear, suspicion
from processors.models.prepare import prepared
from processors.models.training.rows import Row
from processors.models.transformer import Transformer

BLEND = 0.4
"""What part stage one has in a score that both stages give: a fixed choice, the same for every label."""
LOWEST = 0.3
"""No threshold is lower, however quiet ordinary talk is."""
SUREST, LEAST_SURE = 0.98, 0.75
"""No category must be heard more surely to count, and none less."""
MISHEARD = 0.004
"""The part of the posts that are not of a category which may be taken for it."""
MISTAKEN = 0.002
"""The part of harmless texts, and of posts without a threat, in which one may be all but certain."""
_FEW = 4
_FLATTEST = 0.2
_SHARES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.8)
"""Parts of the whole rate of alarms that are tried for each label."""
_SWEARING, _THREAT = LABELS.index(SWEARING), LABELS.index("threat")


@dataclass(frozen=True)
class Wanted:
    """What calibration aims for: which part of ordinary talk goes to stage two, and which part may be flagged."""

    version: str
    routed: float = 0.13
    false_alarms: float = 0.007


def calibrate(
    linear: Linear, transformer: Transformer, held: Sequence[Row], ordinary: Sequence[str], wanted: Wanted
) -> Judgement:
    """Return the numbers, from comments kept from training and from ordinary talk."""
    texts = [prepared(row.text) for row in held]
    found, second = linear.logits(texts), transformer.logits(texts)[:, : len(LABELS)]
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
        heard=dict.fromkeys(HEARD, SUREST),
        certain=SUREST,
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


def thresholds_from(talks: Sequence[Floats], rate: float, posts: Floats, abusive: Sequence[bool]) -> dict[str, float]:
    """Return, by label, thresholds (at least LOWEST) by which no more than a part of any ordinary talk is flagged.

    talks are scores of shape (texts, 6), one array for each sort of talk. Whichever label it is by, a text that is
    flagged counts once. Swearing gets a fifth of all alarms, since it is no abuse by itself. The others get the parts
    that tell abusive posts best from others: posts are scores of some that nobody learnt from.
    """
    steps = [[_lowest(talks, at, part * rate) for part in _SHARES] for at in range(len(LABELS))]
    steps[_SWEARING] = [_lowest(talks, _SWEARING, rate / 5)]
    best, figure = [one[0] for one in steps], -1.0
    for lowest in product(*steps):
        if any(float((scores >= lowest).any(axis=1).mean()) > rate for scores in talks):
            continue
        flagged: list[bool] = np.any(np.delete(posts >= lowest, _SWEARING, axis=1), axis=1).tolist()
        told = macro_f1(abusive, flagged)
        if told > figure:
            best, figure = list(lowest), told
    return {name: round(float(one), 3) for name, one in zip(LABELS, best, strict=True)}


def certain_from(talks: Sequence[Floats]) -> float:
    """Return the score of threat that hardly any text without a threat reaches; talks as in `thresholds_from`."""
    reached = max(_reached(scores[:, _THREAT], MISTAKEN) for scores in talks)
    return round(min(float(reached) + 1e-3, SUREST), 3)


def _lowest(talks: Sequence[Floats], at: int, share: float) -> float:
    """Return the lowest threshold of a label by which no more than a share of any talk is flagged."""
    reached = max(_reached(scores[:, at], share) for scores in talks)
    return float(np.clip(reached + 1e-3, LOWEST, 0.995))


def heard_from(transformer: Transformer, kept: Sequence[Row]) -> dict[Category, float]:
    """Return how surely each category must be heard, from posts written by hand that nobody learnt from."""
    surely = heard(transformer.logits([prepared(row.text) for row in kept]))
    found = {}
    for at, category in enumerate(HEARD):
        others = surely[[row.heard[at] == 0 for row in kept], at]
        least = _reached(others, MISHEARD) + 1e-3 if len(others) else SUREST
        found[category] = round(min(max(float(least), LEAST_SURE), SUREST), 3)
    return found


def _reached(scores: Floats, share: float) -> float:
    """Return the score that no more than a share of some texts reaches."""
    return float(np.quantile(scores, 1 - share, method="higher"))
