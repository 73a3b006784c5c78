"""Rows as the sparse matrix that stage one learns from. Needs the dependency group `train`.

Between the rows and `processors.models.training.linear`. The values are those of screening: `processors.models.linear`.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, vstack

from processors.models.features import BUCKETS, batched, blocks
from processors.models.linear import Floats, values
from processors.models.prepare import prepared


def rarity(texts: Sequence[str], fewest: int) -> Floats:
    """Return, by bucket, how much its features tell apart (inverse document frequency); 0 where fewer texts have it."""
    seen = np.zeros(BUCKETS, np.int64)
    for batch in batched([prepared(text) for text in texts]):
        for block in blocks(batch):
            np.add.at(seen, block.buckets, 1)
    rare = np.log((1 + len(texts)) / (1 + seen)) + 1
    return np.where(seen >= fewest, rare, 0).astype(np.float32)


def matrix(texts: Sequence[str], rare: Floats) -> csr_matrix:
    """Return features of shape (texts, BUCKETS), float32."""
    return vstack([_rows(batch, rare) for batch in batched([prepared(text) for text in texts])], format="csr")


def _rows(texts: Sequence[str], rare: Floats) -> csr_matrix:
    parts = [(values(block, rare, len(texts)), block) for block in blocks(texts)]
    return sum(
        csr_matrix((worth, (block.text, block.buckets)), shape=(len(texts), BUCKETS), dtype=np.float32)
        for worth, block in parts
    )
