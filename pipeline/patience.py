"""Waiting longer and longer for what is down: beside the flow, in the ways in and the embedded runtime."""

import random


class Backoff:
    """Exponential, with jitter of the upper half, in seconds; reset after a success."""

    def __init__(self, first: float = 0.1, cap: float = 10.0) -> None:
        self._first, self._cap, self._tries = first, cap, 0

    def next(self) -> float:
        """Return how long to wait now."""
        wait = min(self._cap, self._first * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return wait / 2 + random.random() * wait / 2  # noqa: S311 - jitter, no secret

    def reset(self) -> None:
        """Begin again with short waits."""
        self._tries = 0
