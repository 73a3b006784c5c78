"""Thresholds from ordinary talk: no sort of it is flagged more often than is stated, whichever label it is by."""

import numpy as np
import pytest

from processors.models.classifier import LABELS
from processors.models.contrast import macro_f1
from processors.models.linear import Floats
from tests.needing import TRAINING, needed


def talk(seed: int, loud: float) -> Floats:
    scores = np.random.default_rng(seed).beta(1, 6, (2000, len(LABELS))) * loud
    return scores.astype(np.float32)


def loud_posts() -> tuple[Floats, list[bool]]:
    """Posts of which every second one is abusive, by a different label each."""
    scores = talk(3, 0.5)[:200]
    for at in range(0, 200, 2):
        scores[at, at % len(LABELS)] = 0.6 + at / 1000
    return scores, [at % 2 == 0 for at in range(200)]


@pytest.mark.parametrize("rate", [0.005, 0.01, 0.05])
def test_no_sort_of_talk_is_flagged_more_often_than_stated(rate: float) -> None:
    needed("sklearn", TRAINING)
    from processors.models.training.calibrate import thresholds_from

    talks = [talk(1, 1.0), talk(2, 0.8)]
    posts, abusive = loud_posts()
    chosen = np.array(list(thresholds_from(talks, rate, posts, abusive).values()))
    shares = [float((scores >= chosen).any(axis=1).mean()) for scores in talks]
    assert max(shares) <= rate
    flagged = np.any(np.delete(posts >= chosen, LABELS.index("obscene"), axis=1), axis=1)
    assert macro_f1(abusive, flagged.tolist()) > 0.6, "thresholds are no higher than they need to be"


def test_quiet_talk_does_not_lower_a_threshold_for_ever() -> None:
    needed("sklearn", TRAINING)
    from processors.models.training.calibrate import LOWEST, thresholds_from

    chosen = thresholds_from([talk(1, 0.01)], 0.01, *loud_posts())
    assert chosen == dict.fromkeys(LABELS, LOWEST)
