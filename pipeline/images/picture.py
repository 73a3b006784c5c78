"""A picture opened within limits, or refused with a reason: hostile files end here.

Of `pipeline.images`. Size and pixels are known from the first bytes, before anything is unpacked.
"""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class ImageRefused(ValueError):
    """A picture that was not read; the message says why, and quotes nothing of it."""


@dataclass(frozen=True)
class Limits:
    """How large a picture may be, and how long one may take: bytes, pixels, seconds."""

    most_bytes: int = 10 * 1024 * 1024
    most_pixels: int = 40_000_000
    seconds: float = 10.0


def opened(content: bytes, limits: Limits) -> "Image.Image":
    """Return a picture in shades of grey, what is transparent white; of an animation the first.

    Raises:
        ImageRefused: Pillow is absent, or the file is too large, broken or no picture.
    """
    if len(content) > limits.most_bytes:
        raise ImageRefused(f"the file is larger than {limits.most_bytes} bytes")
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise ImageRefused("Pillow is not installed: pip install 'parapet[images]'") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Image.open(io.BytesIO(content), formats=FORMATS)
            width, height = found.size
            if width * height > limits.most_pixels:
                raise ImageRefused(f"it has more than {limits.most_pixels} pixels")
            if min(width, height) < 8:
                raise ImageRefused("it is smaller than 8 pixels")
            found.load()
            upright = ImageOps.exif_transpose(found) or found
            whole = upright.convert("RGBA")
            paper = Image.new("RGBA", whole.size, "white")
            return Image.alpha_composite(paper, whole).convert("L")
    except ImageRefused:
        raise
    except Image.DecompressionBombError:
        raise ImageRefused(f"it has more than {limits.most_pixels} pixels") from None
    except Exception as error:  # Pillow raises errors of many kinds for a broken file, and none may end the ingest
        raise ImageRefused("it is broken, or no PNG, JPEG, WebP or GIF") from error
