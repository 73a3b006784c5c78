"""Stage one in training: logistic regression on hashed n-grams, a column a label and one that routes.

Between `processors.models.training.matrix` and the file that ships. Needs the dependency group `train`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from processors.models.classifier import LABELS
from processors.models.features import BUCKETS
from processors.models.linear import COLUMNS, Linear
from processors.models.training.matrix import matrix, rarity
from processors.models.training.rows import Row

_log = logging.getLogger(__name__)
_FEW = 8


@dataclass(frozen=True)
class LinearPlan:
    """How stage one is trained: fewest texts a feature must be in, how freely weights grow, how long it may take."""

    fewest: int = 3
    freedom: float = 8.0
    iterations: int = 60


def train(plan: LinearPlan, rows: Sequence[Row], shown: Callable[[str], None] = _log.info) -> Linear:
    """Return the model; rows as often as they weigh. The same rows in the same order give the same model."""
    texts = [row.text for row in rows]
    rare = rarity(texts, plan.fewest)
    features = matrix(texts, rare)
    targets = _targets(rows)
    weights = np.zeros((BUCKETS, len(COLUMNS)), np.float32)
    bias = np.full(len(COLUMNS), -6.0, np.float32)
    for column, name in enumerate(COLUMNS):
        known = ~np.isnan(targets[:, column])
        wanted = targets[known, column]
        if min(wanted.sum(), len(wanted) - wanted.sum()) < _FEW:
            shown(f"{name}: too few examples, left out")
            continue
        fitted = LogisticRegression(C=plan.freedom, solver="lbfgs", max_iter=plan.iterations, tol=1e-5)
        fitted.fit(features[known], wanted)
        weights[:, column], bias[column] = fitted.coef_.ravel(), fitted.intercept_[0]
        shown(f"{name}: {int(wanted.sum())} of {len(wanted)} texts, {fitted.n_iter_[0]} iterations")
    return Linear(weights, rare, bias)


def _targets(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Labels by row, with the routing column: any label at all."""
    known = np.array([[np.nan if one is None else one for one in row.labels] for row in rows], np.float64)
    route = np.where((known == 1).any(axis=1), 1.0, np.where(np.isnan(known[:, LABELS.index("toxicity")]), np.nan, 0.0))
    return np.column_stack((known, route))
