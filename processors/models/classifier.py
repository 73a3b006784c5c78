"""What every classifier gives: six scores a text, in Detoxify's names, and which of them are over their threshold.

Between the screening step, which scores a batch of posts at once, and the two classifiers: the built-in model
(`processors.models.builtin_model`) and the real Detoxify (`processors.models.detoxify`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Label = Literal["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]
LABELS: tuple[str, ...] = get_args(Label)
"""The six scores, in the order in which every array and file here holds them."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One text, scored. stage is 1 where the linear model settled it, 2 where the transformer judged it."""

    scores: tuple[float, ...]
    flags: tuple[str, ...]
    stage: int

    def named(self) -> dict[str, float]:
        """Return the scores by name, rounded to what they can carry."""
        return {name: round(score, 4) for name, score in zip(LABELS, self.scores, strict=True)}

    def score(self, label: str) -> float:
        """Return one score by its label's name. ValueError for a name that is none of LABELS."""
        return self.scores[LABELS.index(label)]


class Classifier(Protocol):
    """Scores texts. Implementations may be used by several threads at once."""

    @property
    def version(self) -> str:
        """Return name and version, as they stand on findings, such as `builtin-2026.11.2`."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Return, by label, the score from which a text is flagged."""

    def score(self, texts: Sequence[str]) -> list[Scored]:
        """Return one result a text, in order."""

    def explain(self, text: str, label: str) -> tuple[str, ...]:
        """Return the words of a text that raise a label's score most, the strongest first; empty where none does."""


def flags_of(scores: Sequence[float], thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """Return the labels over their threshold, in the order of LABELS."""
    return tuple(name for name, score in zip(LABELS, scores, strict=True) if score >= thresholds[name])
