"""Text in a picture, by Tesseract (Debian's package), as a process of its own with a time limit.

Of `pipeline.images`. The picture goes in as a file we made ourselves, so that no byte from outside reaches the program.
"""

import io
import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from pipeline.images.picture import ImageRefused

if TYPE_CHECKING:
    from PIL import Image

PROGRAM = "tesseract"
ABSENT = "tesseract is not installed: apt-get install tesseract-ocr"
LONGEST_TEXT = 20_000
_SMALL, _LARGE = 1_400, 4_000
"""A picture whose longer side is smaller is enlarged, one whose longer side is larger made smaller, in pixels."""


@cache
def program() -> str | None:
    """Return where Tesseract stands, or None where it is not installed. Looked for once a process."""
    return shutil.which(PROGRAM)


def text_in(picture: "Image.Image", seconds: float) -> str:
    """Return the text in a picture in shades of grey, empty where there is none.

    Raises:
        ImageRefused: Tesseract is absent, failed, or took longer than `seconds`.
    """
    where = program()
    if where is None:
        raise ImageRefused(ABSENT)
    command = [where, "stdin", "stdout", "-l", "eng", "--psm", "3"]
    surroundings = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    if "TESSDATA_PREFIX" in os.environ:
        surroundings["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell
            command, input=_as_file(picture), capture_output=True, timeout=seconds, check=False, env=surroundings
        )
    except subprocess.TimeoutExpired:
        raise ImageRefused(f"reading it took longer than {seconds:g} seconds") from None
    except OSError as error:
        raise ImageRefused(f"tesseract could not be started ({error.strerror})") from None
    if done.returncode != 0:
        raise ImageRefused("tesseract could not read it")
    lines = (line.strip() for line in done.stdout.decode("utf-8", "replace").replace("\f", "\n").splitlines())
    return "\n".join(line for line in lines if any(letter.isalnum() for letter in line))[:LONGEST_TEXT]


def _as_file(picture: "Image.Image") -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - an extra

    longest = max(picture.size)
    if longest < _SMALL or longest > _LARGE:
        scale = (_SMALL if longest < _SMALL else _LARGE) / longest
        size = max(8, round(picture.width * scale)), max(8, round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    ImageOps.expand(ImageOps.autocontrast(picture), 20, 255).save(kept, "PNG")
    return kept.getvalue()
