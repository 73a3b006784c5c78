"""A classifier for tests that scores by words it was given: a fake of the third kind, beside the two real ones."""

from collections.abc import Container, Mapping, Sequence

from pipeline.vocabulary.categories import Category
from processors.models.classifier import HEARD, LABELS, Scored, flags_of


class Scripted:
    """Gives each text the scores of the first word of its script that stands in it; keeps how it was called.

    A script names labels and categories alike; closely holds the texts that were to be read so.
    """

    version = "scripted-1"
    thresholds: Mapping[str, float] = dict.fromkeys(LABELS, 0.5)
    certain = 0.975
    heard_from: Mapping[Category, float] = dict.fromkeys(HEARD, 0.5)

    def __init__(self, script: Mapping[str, Mapping[str, float]]) -> None:
        self.script = script
        self.calls: list[list[str]] = []
        self.closely: list[str] = []
        self.broken = False

    def score(self, texts: Sequence[str], closely: Container[str] = ()) -> list[Scored]:
        if self.broken:
            raise RuntimeError("broken")
        self.calls.append(list(texts))
        self.closely += [text for text in texts if text in closely]
        return [self._one(text) for text in texts]

    def explain(self, text: str, what: str) -> tuple[str, ...]:
        return tuple(word for word in self.script if word in text.lower())

    def _one(self, text: str) -> Scored:
        named = next((scores for word, scores in self.script.items() if word in text.lower()), {})
        scores = tuple(named.get(label, 0.01) for label in LABELS)
        heard = tuple(named.get(category, 0.01) for category in HEARD)
        return Scored(scores, flags_of(scores, self.thresholds), 2, heard)
