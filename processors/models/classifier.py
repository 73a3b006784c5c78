"""What every classifier gives: six scores a text, in Detoxify's names, and which of them are over their threshold.
The built-in one also says which categories of the Guidance it hears.

Between the screening step, which scores a batch of posts at once, and the two classifiers: the built-in model
(`processors.models.builtin_model`) and the real Detoxify (`processors.models.detoxify`).
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from pipeline.vocabulary.categories import Category

Label = Literal["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]
LABELS: tuple[str, ...] = get_args(Label)
"""The six scores, in the order in which every array and file here holds them."""
FROM_THE_PUBLIC: tuple[Category, ...] = (
    Category.THREAT_DIRECT,
    Category.THREAT_CONDITIONAL,
    Category.THREAT_VEILED,
    Category.THREAT_INCITEMENT,
    Category.SELF_HARM_ENCOURAGEMENT,
    Category.ABUSE,
    Category.HARASSMENT,
    Category.DOXXING,
    Category.IMPERSONATION,
    Category.MEDIA_ENQUIRY,
    Category.MISUSE_REPORT,
)
"""Categories that are heard in what the public writes."""
FROM_BOTH: tuple[Category, ...] = (Category.HATE, Category.PERSONAL_DATA)
FROM_COUNCILLORS: tuple[Category, ...] = (
    Category.BULLYING,
    Category.DISCRIMINATION,
    Category.OFFENSIVE_LANGUAGE,
    Category.DISPARAGEMENT,
    Category.DEFAMATION_RISK,
    Category.FALSE_STATEMENT,
    Category.OWN_SAFETY,
    Category.LOGIN_SHARING,
    Category.TAKEDOWN_REFUSED,
    Category.SPEAKING_FOR_COUNCIL,
    Category.COPYRIGHT,
    Category.UNLAWFUL_CONTENT,
    Category.CONFIDENTIAL_LEAK,
)
"""Categories that are heard in what councillors and the Council write."""
HEARD: tuple[Category, ...] = (*FROM_THE_PUBLIC, *FROM_BOTH, *FROM_COUNCILLORS)
"""All of them, in the order in which every array and file here holds them, behind the six scores."""
HEARD_WITH_MORE = frozenset({Category.CONFIDENTIAL_LEAK, Category.ABUSE})
"""What is no finding by its category alone: a leak rests on a register, and abuse is heard by its label."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One text, scored. stage is 1 where the linear model settled it, 2 where the transformer judged it.

    heard: how surely each category of HEARD is heard, empty where none was listened for.
    """

    scores: tuple[float, ...]
    flags: tuple[str, ...]
    stage: int
    heard: tuple[float, ...] = ()

    def named(self) -> dict[str, float]:
        """Return the scores by name, rounded to what they can carry."""
        return {name: round(score, 4) for name, score in zip(LABELS, self.scores, strict=True)}

    def score(self, label: str) -> float:
        """Return one score by its label's name. ValueError for a name that is none of LABELS."""
        return self.scores[LABELS.index(label)]

    def hears(self, category: Category) -> float:
        """Return how surely a category is heard; nothing where none was listened for. ValueError for none of HEARD."""
        return self.heard[HEARD.index(category)] if self.heard else 0.0


class Classifier(Protocol):
    """Scores texts. Implementations may be used by several threads at once."""

    @property
    def version(self) -> str:
        """Return name and version, as they stand on findings, such as `builtin-2026.11.2`."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Return, by label, the score from which a text is flagged."""

    @property
    def certain(self) -> float:
        """Return the score of threat, far above its threshold, from which a threat at a person may alert by itself."""

    @property
    def heard_from(self) -> Mapping[Category, float]:
        """Return, by category, how surely it must be heard to count; empty where none is listened for."""

    def score(self, texts: Sequence[str], closely: Container[str] = ()) -> list[Scored]:
        """Return one result a text, in order; the texts in closely are read by the best judge there is."""

    def explain(self, text: str, what: str) -> tuple[str, ...]:
        """Return the words of a text that raise a label's score most, or a category's that it hears, the strongest
        first; empty where none does.
        """


def flags_of(scores: Sequence[float], thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """Return the labels over their threshold, in the order of LABELS."""
    return tuple(name for name, score in zip(LABELS, scores, strict=True) if score >= thresholds[name])
