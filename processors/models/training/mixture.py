"""What a model is shown, and how often: phrases and threats more than their share, one-sided sources less.

Before both stages of training. The comments are rich in abuse and hold few threats; nearly all of what Davidson's set
calls offensive is so by its words alone, which teaches nothing of tone.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random

from processors.models.classifier import LABELS
from processors.models.training.rows import JIGSAW, TRAIN, Row

KEPT = {"davidson": 0.15, "civil_comments_toxic_spans": 0.5}
"""The part of a source's rows that is shown; all of the others."""
KEPT_CLEAN = {"jigsaw": 0.35, "edos": 0.5}
"""The same for rows without any label."""
THREAT_TIMES = 4
"""How often a comment that threatens is shown in each round."""
SEVERE_TIMES = 2
_SEVERE, _THREAT = LABELS.index("severe_toxicity"), LABELS.index("threat")


def mixture(rows: Sequence[Row], seed: int, comments: float = 1.0) -> list[Row]:
    """Return the training rows in the order of one round, each as often as it is shown; fixed for a seed.

    comments is the part of the comments that is shown; lines from the phrases are shown all.
    """
    random = Random(seed)  # noqa: S311 - order of training, not a secret
    shown = [row for row in rows if row.split == TRAIN for _ in range(_times(row, random, comments))]
    random.shuffle(shown)
    return shown


def _times(row: Row, random: Random, comments: float) -> int:
    if row.source.startswith("phrases/"):
        return 1
    if row.labels[_THREAT] == 1:
        return max(1, round(THREAT_TIMES * comments))
    if row.source in JIGSAW and row.labels[_SEVERE] == 1:
        return max(1, round(SEVERE_TIMES * comments))
    kept = KEPT.get(row.source, 1.0) if any(row.labels) else KEPT_CLEAN.get(row.source, KEPT.get(row.source, 1.0))
    return int(random.random() < kept * comments)


def by_source(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many rows each source gives, for the model card."""
    return dict(sorted(Counter(row.source.split("/", maxsplit=1)[0] for row in rows).items()))
