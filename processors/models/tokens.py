"""Token ids of prepared texts for the transformer, cut to its length and laid out in batches of about one length.

Used by stage two, in training as in screening.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ints = NDArray[np.int64]
LENGTH = 160
"""Most tokens of a text: of a longer one the first five eighths and the rest from its end: abuse stands at either."""


def open_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a tokenizer.json, without its own padding and cutting."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str], most: int = LENGTH) -> list[list[int]]:
    """Return the token ids of each text, at most so many of them."""
    return [_cut(one.ids, most) for one in tokenizer.encode_batch_fast(list(texts))]


def _cut(ids: list[int], most: int) -> list[int]:
    head = most * 5 // 8
    return ids if len(ids) <= most else ids[:head] + ids[head - most :]


def batches(lengths: Sequence[int], most_tokens: int, most_rows: int) -> Iterator[list[int]]:
    """Yield places of texts, shortest first, so that a batch wastes little on padding."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) >= most_rows or lengths[at] * (len(batch) + 1) > most_tokens):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def padded(ids: Sequence[list[int]]) -> tuple[Ints, Ints]:
    """Return ids and mask as arrays of shape (texts, longest)."""
    longest = max(len(one) for one in ids)
    array = np.zeros((len(ids), longest), dtype=np.int64)
    mask = np.zeros_like(array)
    for row, one in enumerate(ids):
        array[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return array, mask
