"""The built-in classifier: a linear model settles the clear cases, a small transformer judges the rest.

Between the screening step and the files in `builtin/`. Needs no network and no torch; a few thousand short posts a
second on one core, where one in twenty goes to stage two.
"""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.vocabulary.categories import Category
from processors.models import judgement as judgements
from processors.models import linear as linears
from processors.models.classifier import HEARD, LABELS, Scored, flags_of
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

    @property
    def certain(self) -> float:
        """Return the score of threat that hardly any harmless text reaches."""
        return self._judgement.certain

    @property
    def heard_from(self) -> Mapping[Category, float]:
        """Return how surely each category must be heard to count."""
        return self._judgement.heard

    def score(self, texts: Sequence[str], closely: Container[str] = ()) -> list[Scored]:
        """Return one result a text, in order; stage two reads those in closely whatever stage one says."""
        always = np.array([text in closely for text in texts], bool)
        scores, heard = self._scores([prepared(text) for text in texts], always)
        return [
            Scored(tuple(row), flags_of(row, self.thresholds), 2 if at in heard else 1, heard.get(at, ()))
            for at, row in enumerate(scores.tolist())
        ]

    def explain(self, text: str, what: str) -> tuple[str, ...]:
        """Return the words without which a label's or a category's score falls most, the strongest first."""
        words = prepared(text).split(" ")
        different = list(dict.fromkeys(words))[:_MOST_WORDS]
        without = [" ".join(other for other in words if other != word) for word in different]
        scores, heard = self._scores([" ".join(words), *without], np.ones(len(without) + 1, bool))
        column = (
            scores[:, LABELS.index(what)] if what in LABELS else np.array(list(heard.values()))[:, HEARD.index(what)]
        )
        falls = column[0] - column[1:]
        strongest = np.argsort(-falls, kind="stable")[:_EXPLAINED].tolist()
        return tuple(different[at] for at in strongest if falls[at] > column[0] * 0.1)

    def _scores(self, texts: Sequence[str], always: NDArray[np.bool_]) -> tuple[Floats, dict[int, tuple[float, ...]]]:
        """Return scores of prepared texts, of shape (texts, 6), and what stage two hears, by the texts it has read.

        Nothing is flagged that it has not read. always says which texts it reads in any case.
        """
        found = self._linear.logits(texts)
        labels = found[:, : len(LABELS)]
        scores = self._judgement.first(labels)
        second = (suspicion(found) >= self._judgement.route) | (scores >= self._lowest).any(axis=1) | always
        places = np.flatnonzero(second).tolist()
        if places:
            judged = self._transformer.logits([texts[at] for at in places])
            scores[places] = self._judgement.second(labels[places], judged)
            return scores, dict(zip(places, map(tuple, judgements.heard(judged).tolist()), strict=True))
        return scores, {}


@lru_cache(maxsize=4)
def builtin(threads: int = 1) -> Builtin:
    """Return the shipped model, loaded once in a process. Raises ModelUnavailable."""
    return Builtin(threads=threads)
