"""Perceptual hashes: whether one picture looks like another, whatever its size, format and shade. A hash is no face.

Of `pipeline.images`, and used by the impersonation detector, which only compares hashes. A hash is
`p1:<bits>:<aspect>`: the signs of the low frequencies of the picture against their median, as hex, and its
width divided by its height.
"""

import math
from functools import cache, lru_cache
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE, LOW = 32, 12
BITS = LOW * LOW - 1
_KIND = "p1"
_ASPECT = 0.2
"""Pictures whose shapes differ by more than this part are not alike."""
_PLAIN = 12
"""A picture whose shades lie within so many steps of 256 shows nothing."""


def hash_of(picture: "Image.Image") -> str:
    """Return the hash of a picture in shades of grey, its plain border left out; empty where it shows nothing."""
    from PIL import Image  # noqa: PLC0415 - an extra

    cut = trimmed(picture)
    lowest, highest = cut.getextrema()
    if not isinstance(lowest, int | float) or not isinstance(highest, int | float) or highest - lowest < _PLAIN:
        return ""
    small = cut.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    shades = small.tobytes()
    waves = _waves()
    rows = [[sum(wave[x] * shades[y * SIDE + x] for x in range(SIDE)) for wave in waves] for y in range(SIDE)]
    low = [sum(wave[y] * rows[y][u] for y in range(SIDE)) for wave in waves for u in range(LOW)][1:]
    middle = median(low)
    bits = sum(1 << at for at, value in enumerate(low) if value > middle)
    return f"{_KIND}:{bits:0{(BITS + 3) // 4}x}:{cut.width / cut.height:.2f}"


def trimmed(picture: "Image.Image") -> "Image.Image":
    """Return a picture without the border that has the shade of its corner."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - an extra

    corner = picture.getpixel((0, 0))
    shade = corner if isinstance(corner, int) else 255
    apart = ImageChops.difference(picture, Image.new("L", picture.size, shade)).point([0] * 33 + [255] * 223)
    box = apart.getbbox()
    return picture.crop(box) if box is not None and min(box[2] - box[0], box[3] - box[1]) >= 8 else picture


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[int, float] | None:
    kind, _, rest = text.partition(":")
    bits, _, aspect = rest.partition(":")
    try:
        read = (int(bits, 16), float(aspect))
    except ValueError:
        return None
    return read if kind == _KIND and read[0] < 1 << BITS and math.isfinite(read[1]) and read[1] > 0 else None


def is_hash(text: str) -> bool:
    """Return whether a text is a hash as this module writes it."""
    return _read(text) is not None


def likeness(one: str, other: str) -> float:
    """Return how alike two pictures are, from 0 to 1, from their hashes; 0 for other shapes, or what is no hash."""
    first, second = _read(one), _read(other)
    if first is None or second is None:
        return 0.0
    if abs(math.log(first[1] / second[1])) > _ASPECT:
        return 0.0
    return 1 - (first[0] ^ second[0]).bit_count() / BITS


@cache
def _waves() -> list[list[float]]:
    return [[math.cos(math.pi * u * (2 * x + 1) / (2 * SIDE)) for x in range(SIDE)] for u in range(LOW)]
