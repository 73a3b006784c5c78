"""The area under the curve, by hand, by pairs and with its interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.models.auc import auc, interval

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30)


@given(PAIRS)
def test_it_is_the_chance_that_one_with_the_label_scores_higher(pairs: list[tuple[bool, int]]) -> None:
    wanted, scores = np.array([float(a) for a, _ in pairs]), np.array([float(b) for _, b in pairs])
    with_label, without = scores[wanted == 1], scores[wanted != 1]
    if not len(with_label) or not len(without):
        with pytest.raises(ValueError, match="area needs"):
            auc(wanted, scores)
        return
    won = [(a > b) + (a == b) / 2 for a in with_label for b in without]
    assert auc(wanted, scores) == pytest.approx(np.mean(won))


def test_the_interval_holds_the_area_and_is_fixed_for_a_seed() -> None:
    random = np.random.default_rng(2)
    wanted = (np.arange(200) < 40).astype(float)
    scores = random.normal(wanted, 1)
    low, high = interval(wanted, scores, times=100)
    assert low < auc(wanted, scores) < high
    assert (low, high) == interval(wanted, scores, times=100)
