"""What a classifier hears in a text: scores, thresholds, and the words behind them. A signal, never a verdict.

Made by `processors.hearing` before the detectors run, and given to them in the case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from processors.models.classifier import LABELS, Scored


@dataclass(frozen=True)
class Tone:
    """One text as a classifier hears it. words gives the words that raise a label's score most."""

    scored: Scored
    thresholds: Mapping[str, float]
    words: Callable[[str], tuple[str, ...]]

    def over(self, label: str) -> bool:
        """Say whether a label's score is over its threshold."""
        return label in self.scored.flags

    def beyond(self, label: str, part: float) -> bool:
        """Say whether a score has left so much of the way from its threshold to certainty behind it."""
        threshold = self.thresholds[label]
        return self.scored.score(label) >= threshold + (1 - threshold) * part


def all_heard(_text: str) -> Tone:
    """Return a tone in which every score is as high as can be: for trying a rule's words by themselves."""
    return Tone(Scored((1.0,) * len(LABELS), (), 2), dict.fromkeys(LABELS, 1.0), lambda _label: ())


Hear = Callable[[str], Tone | None]
"""How screening asks for the tone of a text; None where no classifier runs or it has failed."""
