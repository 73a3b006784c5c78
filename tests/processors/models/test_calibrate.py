"""Thresholds from ordinary talk: no sort of it is flagged more often than is stated, whichever label it is by."""

import numpy as np
import pytest

from processors.models.classifier import LABELS
from processors.models.linear import Floats
from tests.needing import TRAINING, needed


def talk(seed: int, loud: float) -> Floats:
    scores = np.random.default_rng(seed).beta(1, 6, (2000, len(LABELS))) * loud
    return scores.astype(np.float32)


@pytest.mark.parametrize("rate", [0.005, 0.01, 0.05])
def test_no_sort_of_talk_is_flagged_more_often_than_stated(rate: float) -> None:
    needed("sklearn", TRAINING)
    from processors.models.training.calibrate import thresholds_from

    talks = [talk(1, 1.0), talk(2, 0.8)]
    chosen = np.array(list(thresholds_from(talks, rate).values()))
    shares = [float((scores >= chosen).any(axis=1).mean()) for scores in talks]
    assert max(shares) <= rate
    assert max(shares) > rate / 2, "thresholds are no higher than they need to be"


def test_quiet_talk_does_not_lower_a_threshold_for_ever() -> None:
    needed("sklearn", TRAINING)
    from processors.models.training.calibrate import LOWEST, thresholds_from

    chosen = thresholds_from([talk(1, 0.01)], 0.01)
    assert chosen == dict.fromkeys(LABELS, LOWEST)
