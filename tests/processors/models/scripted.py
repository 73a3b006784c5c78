"""A classifier for tests that scores by words it was given: a fake of the third kind, beside the two real ones."""

from collections.abc import Mapping, Sequence

from processors.models.classifier import LABELS, Scored, flags_of


class Scripted:
    """Gives each text the scores of the first word of its script that stands in it; keeps how it was called."""

    version = "scripted-1"
    thresholds: Mapping[str, float] = dict.fromkeys(LABELS, 0.5)

    def __init__(self, script: Mapping[str, Mapping[str, float]]) -> None:
        self.script = script
        self.calls: list[list[str]] = []
        self.broken = False

    def score(self, texts: Sequence[str]) -> list[Scored]:
        if self.broken:
            raise RuntimeError("broken")
        self.calls.append(list(texts))
        return [self._one(text) for text in texts]

    def explain(self, text: str, label: str) -> tuple[str, ...]:
        return tuple(word for word in self.script if word in text.lower())

    def _one(self, text: str) -> Scored:
        named = next((scores for word, scores in self.script.items() if word in text.lower()), {})
        scores = tuple(named.get(label, 0.01) for label in LABELS)
        return Scored(scores, flags_of(scores, self.thresholds), 2)
