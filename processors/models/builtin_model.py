"""The built-in classifier: a linear model settles the clear cases, a small transformer judges the rest.

Between the screening step and the files in `builtin/`. Needs no network and no torch; a few thousand short posts a
second on one core, where one in twenty goes to stage two.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.models import judgement as judgements
from processors.models import linear as linears
from processors.models.classifier import LABELS, Scored, flags_of
from processors.models.files import BUILTIN, JUDGEMENT, LINEAR, TOKENIZER, TRANSFORMER, ModelUnavailable, verify
from processors.models.linear import Floats, suspicion
from processors.models.prepare import prepared
from processors.models.transformer import Transformer

NAME = "builtin"
_EXPLAINED = 3
_MOST_WORDS = 48


class Builtin:
    """The two stages, loaded; implements `processors.models.classifier.Classifier`."""

    def __init__(self, folder: Path = BUILTIN, threads: int = 1) -> None:
        """Load a model's files. Raises ModelUnavailable, with the cure, where one is missing or not what it was."""
        verify(folder)
        try:
            self._judgement = judgements.read(folder / JUDGEMENT)
            self._lowest = np.array([self._judgement.thresholds[name] for name in LABELS], np.float32)
            self._linear = linears.load(folder / LINEAR)
            self._transformer = Transformer(folder / TRANSFORMER, folder / TOKENIZER, threads)
        except Exception as error:  # a damaged or foreign file: onnxruntime and tokenizers raise kinds of their own
            raise ModelUnavailable(
                f"the model in {folder} cannot be loaded ({type(error).__name__}): {error}"
            ) from error

    @property
    def version(self) -> str:
        """Return name and version."""
        return self._judgement.version

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Return the threshold of each label."""
        return self._judgement.thresholds

    def score(self, texts: Sequence[str]) -> list[Scored]:
        """Return one result a text, in order."""
        scores, second = self._scores([prepared(text) for text in texts])
        return [
            Scored(tuple(row), flags_of(row, self.thresholds), 2 if judged else 1)
            for row, judged in zip(scores.tolist(), second.tolist(), strict=True)
        ]

    def explain(self, text: str, label: str) -> tuple[str, ...]:
        """Return the words without which a label's score falls most, the strongest first."""
        words = prepared(text).split(" ")
        different = list(dict.fromkeys(words))[:_MOST_WORDS]
        without = [" ".join(other for other in words if other != word) for word in different]
        column = LABELS.index(label)
        scores, _ = self._scores([" ".join(words), *without], always=True)
        falls = scores[0, column] - scores[1:, column]
        strongest = np.argsort(-falls, kind="stable")[:_EXPLAINED].tolist()
        return tuple(different[at] for at in strongest if falls[at] > scores[0, column] * 0.1)

    def _scores(self, texts: Sequence[str], *, always: bool = False) -> tuple[Floats, NDArray[np.bool_]]:
        """Return scores of prepared texts, of shape (texts, 6), and which of them stage two has read.

        Nothing is flagged that it has not read.
        """
        found = self._linear.logits(texts)
        labels = found[:, : len(LABELS)]
        scores = self._judgement.first(labels)
        second = (suspicion(found) >= self._judgement.route) | (scores >= self._lowest).any(axis=1) | always
        places = np.flatnonzero(second).tolist()
        if places:
            judged = self._transformer.logits([texts[at] for at in places])
            scores[places] = self._judgement.second(labels[places], judged)
        return scores, second


@lru_cache(maxsize=4)
def builtin(threads: int = 1) -> Builtin:
    """Return the shipped model, loaded once in a process. Raises ModelUnavailable."""
    return Builtin(threads=threads)
