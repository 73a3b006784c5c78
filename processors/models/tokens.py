"""Token ids of prepared texts for the transformer, cut to its length and laid out in batches of about one length.

Used by stage two, in training as in screening.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ints = NDArray[np.int64]
LENGTH = 96
"""Most tokens of a text: of a longer one the first 60 and the last 36, since abuse stands at either end."""
HEAD = 60


def open_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a tokenizer.json, without its own padding and cutting."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, at most LENGTH of them."""
    return [_cut(one.ids) for one in tokenizer.encode_batch_fast(list(texts))]


def _cut(ids: list[int]) -> list[int]:
    return ids if len(ids) <= LENGTH else ids[:HEAD] + ids[HEAD - LENGTH :]


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
