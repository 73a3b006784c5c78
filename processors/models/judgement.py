"""How logits become scores and flags: who goes to stage two, how the two are blended and calibrated, the thresholds.

Beside the weights of the built-in model, in one small file, written by calibration in training.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np

from pipeline.vocabulary.categories import Category
from processors.models.classifier import HEARD, LABELS
from processors.models.linear import Floats

Six = Annotated[tuple[float, ...], msgspec.Meta(min_length=6, max_length=6)]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of one trained model.

    route is the suspicion from which a text goes to stage two (`processors.models.linear`). alone and alone_shift turn
    the logits of stage one into calibrated ones where it judges alone; transformer, linear and shift blend the stages.
    false_alarms is the rate on ordinary talk for which each threshold was chosen. heard: how surely each category
    must be heard to count. certain: the score of threat from which a threat at a person may alert by itself.
    """

    version: str
    route: float
    alone: Six
    alone_shift: Six
    transformer: Six
    linear: Six
    shift: Six
    thresholds: Mapping[str, float]
    false_alarms: float
    heard: Mapping[Category, float]
    certain: float

    def first(self, linear: Floats) -> Floats:
        """Return scores of texts that stage one judges alone, from its logits of shape (texts, 6)."""
        return _sigmoid(linear * np.array(self.alone, np.float32) + np.array(self.alone_shift, np.float32))

    def second(self, linear: Floats, transformer: Floats) -> Floats:
        """Return scores of texts that both stages have read; of the transformer's logits, the labels count."""
        judged = transformer[:, : len(LABELS)]
        blended = linear * np.array(self.linear, np.float32) + judged * np.array(self.transformer, np.float32)
        return _sigmoid(blended + np.array(self.shift, np.float32))


def read(path: Path) -> Judgement:
    """Return the numbers of a file. Raises ValueError naming the fault."""
    try:
        judgement = msgspec.json.decode(path.read_bytes(), type=Judgement)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path.name}: {error}; install parapet again") from error
    missing = [name for name in LABELS if name not in judgement.thresholds]
    missing += [name for name in HEARD if name not in judgement.heard]
    if missing:
        raise ValueError(f"{path.name} has no threshold for {missing[0]}; install parapet again")
    return judgement


def heard(transformer: Floats) -> Floats:
    """Return how surely each category is heard, of shape (texts, categories), from the transformer's logits."""
    return _sigmoid(transformer[:, len(LABELS) :])


def _sigmoid(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
