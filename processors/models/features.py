"""Word and character n-grams of prepared texts as hashed features, for many texts at once.

Stage one's eyes, in training as in screening. All texts of a batch stand in one buffer; the hash of any span of it is
a difference of prefix sums, so that every n-gram of every text costs a few array operations and no loop.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

BITS = 19
BUCKETS = 1 << BITS
CHARACTERS = (3, 4, 5)
"""Lengths of character n-grams; they cross from word to word, so that `go home` differs from `home`."""
WORDS = (1, 2)
BATCH = 1 << 15
"""Code points from which a batch is full: what fits the processor's cache is quickest."""
MOST = 8192
"""Code points of one prepared text that are read."""
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_JOIN = np.uint64(0x100000001B3)
_TWO_SPACES = 2

Longs = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """The different features of one sort (characters or words), in order of the texts: bucket, text, and how often."""

    buckets: Places
    text: Places
    times: Places


@dataclass(frozen=True)
class _Buffer:
    """Some texts as code points, each framed by spaces."""

    codes: Longs
    text: Places
    """Which text a code point belongs to."""
    prefix: Longs


def batched(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in order, in batches that the arrays here have room for."""
    start = size = 0
    for at, text in enumerate(texts):
        size += min(len(text), MOST) + _TWO_SPACES
        if size >= BATCH:
            yield texts[start : at + 1]
            start, size = at + 1, 0
    if start < len(texts):
        yield texts[start:]


def blocks(texts: Sequence[str]) -> tuple[Block, Block]:
    """Return the features of one batch of prepared texts: those of its characters, and those of its words."""
    buffer = _buffer(texts)
    with np.errstate(over="ignore"):
        return _block([_characters(buffer, n) for n in CHARACTERS]), _block(list(_words(buffer)))


Part = tuple[Places, Places]
"""Buckets, and the text each belongs to."""


def _block(parts: Sequence[Part]) -> Block:
    keys = np.concatenate([(text << BITS) | buckets for buckets, text in parts])
    different, times = np.unique(keys, return_counts=True)
    return Block(different & (BUCKETS - 1), different >> BITS, times)


def _characters(buffer: _Buffer, n: int) -> Part:
    inside = buffer.text[n - 1 :] == buffer.text[: max(0, len(buffer.text) - n + 1)]
    first = np.flatnonzero(inside)
    return _buckets(_span(buffer, first, first + n), n), buffer.text[first]


def _words(buffer: _Buffer) -> Iterator[Part]:
    letter = _letters(buffer.codes)
    edge = np.diff(letter.astype(np.int8), prepend=0, append=0)
    first, last = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    text = buffer.text[first]
    single = _span(buffer, first, last)
    yield _buckets(single, 50), text
    joined = single
    for n in WORDS[1:]:
        joined = joined[:-1] * _JOIN + single[n - 1 :]
        same = text[n - 1 :] == text[: max(0, len(text) - n + 1)]
        yield _buckets(joined[same], 50 + n), text[n - 1 :][same]
    signs = np.flatnonzero(~letter & (buffer.codes != ord(" ")))
    yield _buckets(buffer.codes[signs], 99), buffer.text[signs]


def _buffer(texts: Sequence[str]) -> _Buffer:
    framed = [f" {text[:MOST]} " for text in texts]
    codes = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    text = np.repeat(np.arange(len(framed)), [len(one) for one in framed])
    up, _ = _powers()
    with np.errstate(over="ignore"):
        sums = np.cumsum((codes + np.uint64(1)) * up[: len(codes)], dtype=np.uint64)
    return _Buffer(codes, text, np.concatenate((np.zeros(1, np.uint64), sums)))


@cache
def _powers() -> tuple[Longs, Longs]:
    """Return powers of an odd number and of its inverse, modulo 2 to the 64th: with them spans compare wherever."""
    most = BATCH + MOST + 2 * _TWO_SPACES
    up, down = np.full(most, _BASE, np.uint64), np.full(most, pow(_BASE, -1, 1 << 64), np.uint64)
    up[0] = down[0] = 1
    with np.errstate(over="ignore"):
        return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


def _span(buffer: _Buffer, first: Places, last: Places) -> Longs:
    _, down = _powers()
    hashes: Longs = (buffer.prefix[last] - buffer.prefix[first]) * down[first]
    return hashes


def _buckets(hashes: Longs, salt: int) -> Places:
    mixed = (hashes + np.uint64(salt * 0x632BE59BD9B4E019 & (1 << 64) - 1)) * _MIX
    mixed ^= mixed >> np.uint64(31)
    mixed *= _MIX
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def _letters(codes: Longs) -> NDArray[np.bool_]:
    """Say which code points belong to words: ASCII letters, digits and the apostrophe, and any other script."""
    table = _ascii_letters()
    return table[np.minimum(codes, np.uint64(128)).astype(np.int64)]


@cache
def _ascii_letters() -> NDArray[np.bool_]:
    return np.array([*(chr(code).isalnum() or chr(code) == "'" for code in range(128)), True])
