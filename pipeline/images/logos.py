"""A registered logo in a picture: the picture itself, or a part of a page, such as the head of a letter.

Of `pipeline.images`. Parts are what ink holds together; each is compared as a whole by its perceptual hash.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.images.likeness import hash_of, likeness
from pipeline.registers.types import Logo
from pipeline.vocabulary.event import LogoMatch

if TYPE_CHECKING:
    from PIL import Image

_PAGE = 1000
"""A page is looked at with so many pixels on its longer side."""
_CELL = 6
_GAPS = (0, 1, 2)
"""Ink belongs together where no more than so many cells, on each side, lie between."""
_LEAST, _MOST_PARTS = 5, 14
Box = tuple[int, int, int, int]


def logo_in(picture: "Image.Image", logos: Iterable[Logo]) -> LogoMatch | None:
    """Return the registered logo that a picture or a part of it looks like, with its likeness; None for none."""
    known = [(logo, one) for logo in logos for one in logo.hashes]
    if not known:
        return None
    best: LogoMatch | None = None
    for part in _parts(picture):
        seen = hash_of(part)
        for logo, one in known:
            score = likeness(seen, one)
            if score >= logo.match_threshold and (best is None or score > best.score):
                best = LogoMatch(name=logo.name, score=round(score, 3))
        if best is not None and best.score > 0.95:
            break
    return best


def _parts(picture: "Image.Image") -> Iterator["Image.Image"]:
    """Yield the picture, and then its parts, the largest first."""
    yield picture
    page = picture.copy()
    page.thumbnail((_PAGE, _PAGE))
    seen: set[Box] = set()
    for gap in _GAPS:
        boxes = [box for box in _inked(page, gap) if box not in seen]
        seen.update(boxes)
        for left, top, right, bottom in boxes[:_MOST_PARTS]:
            scale = picture.width / page.width
            yield picture.crop((int(left * scale), int(top * scale), int(right * scale), int(bottom * scale)))


def _inked(page: "Image.Image", gap: int) -> list[Box]:
    """Return the bounds of what ink holds together on a page, the largest first."""
    from PIL import Image, ImageChops, ImageFilter  # noqa: PLC0415 - an extra

    shades = page.histogram()
    paper = max(range(256), key=shades.__getitem__)
    ink = ImageChops.difference(page, Image.new("L", page.size, paper)).point([0] * 49 + [255] * 207)
    columns, rows = max(1, page.width // _CELL), max(1, page.height // _CELL)
    grid = ink.resize((columns, rows), Image.Resampling.BOX).point([0] * 8 + [255] * 248)
    if gap:
        grid = grid.filter(ImageFilter.MaxFilter(2 * gap + 1))
    boxes = _joined(grid.tobytes(), columns, rows)
    across, down = page.width / columns, page.height / rows
    found = [
        (int((left + gap) * across), int((top + gap) * down), int((right - gap) * across), int((bottom - gap) * down))
        for left, top, right, bottom in boxes
        if right - left - 2 * gap >= _LEAST and bottom - top - 2 * gap >= _LEAST
    ]
    return sorted(found, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))


def _joined(cells: bytes, columns: int, rows: int) -> list[Box]:
    """Return the bounds of cells that touch, in cells."""
    left = {at for at, shade in enumerate(cells[: columns * rows]) if shade}
    boxes: list[Box] = []
    while left:
        ahead = [left.pop()]
        first = ahead[0]
        low_x = high_x = first % columns
        low_y = high_y = first // columns
        while ahead:
            at = ahead.pop()
            x, y = at % columns, at // columns
            low_x, high_x, low_y, high_y = min(low_x, x), max(high_x, x), min(low_y, y), max(high_y, y)
            for dx, dy in _AROUND:
                beside = at + dx + dy * columns
                if 0 <= x + dx < columns and beside in left:
                    left.discard(beside)
                    ahead.append(beside)
        boxes.append((low_x, low_y, high_x + 1, high_y + 1))
    return boxes


_AROUND = tuple((dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
