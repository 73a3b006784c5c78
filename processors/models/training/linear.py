"""Stage one in training: logistic regression on hashed n-grams, a column a label and one that routes.

Between `processors.models.training.matrix` and the file that ships. Needs the dependency group `train`. Scores of the
labels are learnt from the raw comments of one crowd above all, since where several are mixed a linear model only learns
which set a text is from; routing is learnt from everything.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.vocabulary.categories import HOSTILE, Category
from processors.models.classifier import FROM_THE_PUBLIC, HEARD, LABELS
from processors.models.features import BUCKETS
from processors.models.linear import COLUMNS, Linear
from processors.models.training.matrix import matrix, rarity
from processors.models.training.rows import GROUPS, JIGSAW, Row, group_of

_log = logging.getLogger(__name__)
_FEW = 8
_MENACE = [at for at, one in enumerate(HEARD) if one in HOSTILE or one is Category.HARASSMENT]
_PUBLIC = [at for at, one in enumerate(HEARD) if one in FROM_THE_PUBLIC]
_LEANING = 2.0
"""The value of the column that says which crowd judged: large, so that what a crowd leans to costs little weight."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class LinearPlan:
    """How stage one is trained: fewest texts a feature must be in, how freely weights grow, how long it may take.

    others is what a text of another source than Jigsaw weighs for the labels, comments what a comment weighs for
    routing, where lines from the phrases weigh one.
    """

    fewest: int = 3
    freedom: float = 6.0
    others: float = 0.1
    comments: float = 0.3
    iterations: int = 200
    seed: int = 11


def train(plan: LinearPlan, rows: Sequence[Row], shown: Callable[[str], None] = _log.info) -> Linear:
    """Return the model. The same rows in the same order give the same model."""
    texts = [row.text for row in rows]
    rare = rarity(texts, plan.fewest)
    features = _with_groups(matrix(texts, rare), rows)
    targets, weighing = _targets(rows), _weighing(plan, rows)
    weights = np.zeros((BUCKETS, len(COLUMNS)), np.float32)
    bias = np.full(len(COLUMNS), -6.0, np.float32)
    for column, name in enumerate(COLUMNS):
        known = ~np.isnan(targets[:, column])
        wanted = targets[known, column]
        if min(wanted.sum(), len(wanted) - wanted.sum()) < _FEW:
            shown(f"{name}: too few examples, left out")
            continue
        fitted = LogisticRegression(
            C=plan.freedom, solver="liblinear", dual=True, tol=0.05, max_iter=plan.iterations, random_state=plan.seed
        )
        fitted.fit(features[known], wanted, sample_weight=weighing[name == "route"][known])
        weights[:, column], bias[column] = fitted.coef_.ravel()[:BUCKETS], fitted.intercept_[0]
        shown(f"{name}: {int(wanted.sum())} of {len(wanted)} texts")
    return Linear(weights, rare, bias)


def _with_groups(features: csr_matrix, rows: Sequence[Row]) -> csr_matrix:
    """The features, and columns that say whose crowd judged; they are left out of the model."""
    groups = np.array([group_of(row) for row in rows])
    told = np.column_stack([(groups == number) * _LEANING for number in range(1, len(GROUPS))])
    return hstack([features, csr_matrix(told)], format="csr", dtype=np.float64)


def _weighing(plan: LinearPlan, rows: Sequence[Row]) -> tuple[Numbers, Numbers]:
    """What each row weighs for the labels, and for routing."""
    labels = np.array([1.0 if row.source in JIGSAW else plan.others for row in rows])
    routing = np.array([1.0 if row.source.startswith("phrases/") else plan.comments for row in rows])
    return labels, routing


def _targets(rows: Sequence[Row]) -> Numbers:
    """Labels by row, with the routing column: any label at all, or a category of menace.

    What councillors write is read closely in any case, so that nothing is learnt of it for routing.
    """
    known = np.array([[np.nan if one is None else one for one in row.labels] for row in rows], np.float64)
    graver = np.delete(known, LABELS.index("obscene"), axis=1)
    unsaid = np.where(np.isnan(known[:, LABELS.index("toxicity")]), np.nan, 0.0)
    heard = np.array([[np.nan if one is None else one for one in row.heard] for row in rows], np.float64)
    grave = (graver == 1).any(axis=1) | (heard[:, _MENACE] == 1).any(axis=1)
    by_councillors = ~np.isnan(heard).all(axis=1) & np.isnan(heard[:, _PUBLIC]).all(axis=1)
    route = np.where(by_councillors, np.nan, np.where(grave, 1.0, unsaid))
    return np.column_stack((known, route))
