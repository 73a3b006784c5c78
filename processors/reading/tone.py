"""What a classifier hears in a text: scores, thresholds, and the words behind them. A signal, never a verdict.

Made by `processors.hearing` before the detectors run, and given to them in the case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipeline.vocabulary.categories import HOSTILE, THREATS, Category
from processors.models.classifier import HEARD, LABELS, Scored

_OBLIQUE = frozenset({Category.THREAT_VEILED, Category.THREAT_INCITEMENT})
"""Threats that the crowds whose labels the model learnt from seldom called one."""
_GOES_WITH = {**dict.fromkeys(THREATS, "threat"), Category.ABUSE: "toxicity", Category.HATE: "identity_attack"}
"""The label without which a category is not heard."""
_HARM_BY_THE_PUBLIC = tuple((HOSTILE | {Category.HARASSMENT}) - {Category.ABUSE})
_HARM_BY_COUNCILLORS = (
    Category.HATE,
    Category.DISCRIMINATION,
    Category.BULLYING,
    Category.DEFAMATION_RISK,
    Category.FALSE_STATEMENT,
    Category.OFFENSIVE_LANGUAGE,
)
_NEVER = 2.0
"""A score that nothing reaches."""


@dataclass(frozen=True)
class Tone:
    """One text as a classifier hears it. words gives the words that raise a label's or a category's score most."""

    scored: Scored
    thresholds: Mapping[str, float]
    words: Callable[[str], tuple[str, ...]]
    heard_from: Mapping[Category, float]
    certain: float
    """The score of threat, far above its threshold, that hardly any harmless text reaches."""

    def over(self, label: str) -> bool:
        """Say whether a label's score is over its threshold."""
        return label in self.scored.flags

    def beyond(self, label: str, part: float) -> bool:
        """Say whether a score has left so much of the way from its threshold to certainty behind it."""
        threshold = self.thresholds[label]
        return self.scored.score(label) >= threshold + (1 - threshold) * part

    def hears(self, category: Category) -> bool:
        """Say whether a category is heard surely enough to count."""
        least = self.heard_from.get(category)
        return least is not None and self.surely(category) >= least

    def reaches(self, what: str, least: float) -> bool:
        """Say whether a label's or a category's score is at least so high, as a rule asks."""
        return self.surely(what) >= least

    def surely(self, what: str) -> float:
        """Return the score of a label, or how surely a category is heard. ValueError for what is neither.

        A category is not heard where the label that goes with it is not: a threat that is none by its label.
        """
        if what in LABELS:
            return self.scored.score(what)
        category = Category(what)
        return self.scored.hears(category) if self._borne_out(category) else 0.0

    def _borne_out(self, category: Category) -> bool:
        """Say whether the label that goes with a category is heard too, of an oblique threat half as surely."""
        label = _GOES_WITH.get(category)
        if label is None or self.over(label):
            return True
        return category in _OBLIQUE and self.scored.score(label) >= self.thresholds[label] / 2

    def harm(self, *, outbound: bool) -> float:
        """Return how surely any harm is heard: a threat or hate by its label, or what somebody may be paged for."""
        heard = map(self.scored.hears, _HARM_BY_COUNCILLORS if outbound else _HARM_BY_THE_PUBLIC)
        return max(self.scored.score("threat"), self.scored.score("identity_attack"), *heard)


def all_heard(text: str, *, closely: bool = False) -> Tone:  # noqa: ARG001 - whatever the text, however it is read
    """Return a tone in which every score is as high as can be: for trying a rule's words by themselves."""
    scored = Scored((1.0,) * len(LABELS), LABELS, 2, (1.0,) * len(HEARD))
    return Tone(scored, dict.fromkeys(LABELS, _NEVER), lambda _what: (), {}, _NEVER)


class Hear(Protocol):
    """How screening asks for the tone of a text; None where no classifier runs or it has failed."""

    def __call__(self, text: str, *, closely: bool = False) -> Tone | None:
        """Return the tone; closely asks for the best judge there is, whatever a quicker one says."""
