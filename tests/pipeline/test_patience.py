"""Waiting for what is down: longer and longer, up to a cap, and short again after a success."""

import pytest

from pipeline.patience import Backoff


@pytest.mark.parametrize(("tries", "most"), [(0, 0.1), (1, 0.2), (3, 0.8), (7, 10.0), (5000, 10.0)])
def test_a_wait_is_the_upper_half_of_what_it_may_be(tries: int, most: float) -> None:
    backoff = Backoff(first=0.1, cap=10.0)
    for _ in range(tries):
        backoff.next()
    assert most / 2 <= backoff.next() <= most


def test_after_a_success_waits_are_short_again() -> None:
    backoff = Backoff(first=0.1, cap=10.0)
    for _ in range(9):
        backoff.next()
    backoff.reset()
    assert backoff.next() <= 0.1
