"""Area under the ROC curve, and its interval by bootstrap: plain numpy: no training libraries."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def auc(wanted: Numbers, scores: Numbers) -> float:
    """Return the chance that a text with the label scores higher than one without; ties count half.

    ValueError where one of the two is missing.
    """
    positive = wanted == 1
    count, rest = int(positive.sum()), int((~positive).sum())
    if not count or not rest:
        raise ValueError("an area needs texts with the label and texts without")
    _, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(times) - (times - 1) / 2
    return float((ranks[place][positive].sum() - count * (count + 1) / 2) / (count * rest))


def interval(wanted: Numbers, scores: Numbers, times: int = 500, seed: int = 1) -> tuple[float, float]:
    """Return the 95 % interval of the area, by drawing texts with the label and without, each with replacement."""
    random = np.random.default_rng(seed)
    with_label, without = np.flatnonzero(wanted == 1), np.flatnonzero(wanted != 1)
    found = []
    for _ in range(times):
        drawn = np.concatenate((random.choice(with_label, len(with_label)), random.choice(without, len(without))))
        found.append(auc(wanted[drawn], scores[drawn]))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)
