"""Stage one: a linear model over hashed n-grams, six logits and a seventh that says who must be read by stage two.

In front of the transformer. Most posts end here. Weights are eight bits each, rooted so that small ones keep their
difference; one table serves characters and words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.models.classifier import LABELS
from processors.models.features import BUCKETS, Block, batched, blocks

Floats = NDArray[np.float32]
COLUMNS = (*LABELS, "route")
"""What the model gives; route is high for whatever could be any label, however it is said."""
_STEPS = 127


@dataclass(frozen=True)
class Linear:
    """The model. weights has shape (BUCKETS, 7), rare and bias as their names say."""

    weights: Floats
    rare: Floats
    bias: Floats

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return logits of prepared texts, of shape (texts, 7)."""
        found = [self._batch(batch) for batch in batched(texts)]
        return np.concatenate(found) if found else np.zeros((0, len(COLUMNS)), np.float32)

    def _batch(self, texts: Sequence[str]) -> Floats:
        logits = np.tile(self.bias, (len(texts), 1))
        for block in blocks(texts):
            if len(block.text):
                weighed = self.weights[block.buckets] * values(block, self.rare, len(texts))[:, None]
                counts = np.bincount(block.text, minlength=len(texts))
                some = counts > 0
                logits[some] += np.add.reduceat(weighed, (np.cumsum(counts) - counts)[some], axis=0)
        return logits


def values(block: Block, rare: Floats, texts: int) -> Floats:
    """Return the worth of each feature: damped count times rarity, of length one for each text and sort."""
    worth = (1 + np.log(block.times)).astype(np.float32) * rare[block.buckets]
    size = np.sqrt(np.maximum(np.bincount(block.text, worth * worth, texts), 1e-9)).astype(np.float32)
    scaled: Floats = worth / size[block.text]
    return scaled


def save(model: Linear, path: Path) -> None:
    """Write a model, its weights rounded to eight bits."""
    scale = np.maximum(np.abs(model.weights).max(axis=0), 1e-9)
    rooted = np.sqrt(np.abs(model.weights) / scale) * np.sign(model.weights)
    np.savez_compressed(
        path,
        weights=np.rint(rooted * _STEPS).astype(np.int8),
        scale=scale.astype(np.float32),
        rare=model.rare.astype(np.float16),
        bias=model.bias.astype(np.float32),
    )


def load(path: Path) -> Linear:
    """Read a model. ValueError where the file is of another form than this code reads."""
    with np.load(path, allow_pickle=False) as held:
        rooted = held["weights"].astype(np.float32) / _STEPS
        weights = np.abs(rooted) * rooted * held["scale"]
        model = Linear(weights, held["rare"].astype(np.float32), held["bias"])
    if model.weights.shape != (BUCKETS, len(COLUMNS)) or model.rare.shape != (BUCKETS,):
        raise ValueError(f"{path.name} is of another form than this version of Parapet reads: install parapet again")
    return model


def word_weights(model: Linear, text: str, label: str) -> list[tuple[str, float]]:
    """Return each different word of a prepared text with how much the logit falls without it, the strongest first."""
    words = list(dict.fromkeys(text.split(" ")))[:60]
    without = [" ".join(other for other in text.split(" ") if other != word) for word in words]
    logits = model.logits([text, *without])[:, COLUMNS.index(label)]
    return sorted(zip(words, (logits[0] - logits[1:]).tolist(), strict=True), key=lambda one: -one[1])
