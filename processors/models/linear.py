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
"""What the model gives; route is high for whatever could be any label or menace, however it is said."""
_STEPS = 127
_ROUTE = COLUMNS.index("route")
_LOUDEST = 2.0
"""What the highest label counts beside the routing column: that was trained on more than the labels were."""


@dataclass(frozen=True)
class Linear:
    """The model. weights has shape (BUCKETS, 7), rare and bias as their names say.

    scale: of a model from a file, whose weights stay in eight bits: what the largest of each column stands for.
    """

    weights: Floats | NDArray[np.int8]
    rare: Floats
    bias: Floats
    scale: Floats | None = None

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return logits of prepared texts, of shape (texts, 7)."""
        found = [self._batch(batch) for batch in batched(texts)]
        return np.concatenate(found) if found else np.zeros((0, len(COLUMNS)), np.float32)

    def _batch(self, texts: Sequence[str]) -> Floats:
        logits = np.tile(self.bias, (len(texts), 1))
        for block in blocks(texts):
            if len(block.text):
                weighed = self._weights_of(block) * values(block, self.rare, len(texts))[:, None]
                counts = np.bincount(block.text, minlength=len(texts))
                some = counts > 0
                logits[some] += np.add.reduceat(weighed, (np.cumsum(counts) - counts)[some], axis=0)
        return logits

    def _weights_of(self, block: Block) -> Floats:
        held = self.weights[block.buckets].astype(np.float32, copy=False)
        if self.scale is None:
            return held
        grown: Floats = (np.abs(held) * held * self.scale).astype(np.float32, copy=False) / np.float32(_STEPS**2)
        return grown


def suspicion(logits: Floats) -> Floats:
    """Return how much each text deserves stage two's reading, from logits of shape (texts, 7)."""
    found: Floats = logits[:, _ROUTE] + _LOUDEST * logits[:, : len(LABELS)].max(axis=1)
    return found


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
        model = Linear(held["weights"], held["rare"].astype(np.float32), held["bias"], held["scale"])
    if model.weights.shape != (BUCKETS, len(COLUMNS)) or model.rare.shape != (BUCKETS,):
        raise ValueError(f"{path.name} is of another form than this version of Parapet reads: install parapet again")
    return model


def word_weights(model: Linear, text: str, label: str) -> list[tuple[str, float]]:
    """Return each different word of a prepared text with how much the logit falls without it, the strongest first."""
    words = list(dict.fromkeys(text.split(" ")))[:60]
    without = [" ".join(other for other in text.split(" ") if other != word) for word in words]
    logits = model.logits([text, *without])[:, COLUMNS.index(label)]
    return sorted(zip(words, (logits[0] - logits[1:]).tolist(), strict=True), key=lambda one: -one[1])
