"""Screenshots that officers add to an incident: kept by their hash in home/evidence, read back by who may read words.

The kind of a file is judged by its first bytes alone; nothing but still images is taken.
"""

import hashlib
import os
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCHEME = "evidence:"
"""Before the hash in an attachment's url."""

LARGEST = 5 * 1024 * 1024

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_NAME = re.compile(r"[0-9a-f]{64}")


class ScreenshotRefused(ValueError):
    """A file that is not taken; the message says why and what would do."""


@dataclass(frozen=True)
class Screenshot:
    """A kept image and its media type."""

    content: bytes
    media_type: str


class EvidenceFiles:
    """The folder of kept screenshots; a file never changes once it is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep an image and return its attachment url, `evidence:<sha256>`. Raises ScreenshotRefused."""
        if len(content) > LARGEST:
            raise ScreenshotRefused(f"Screenshot must be smaller than {LARGEST // 1024 // 1024}MB")
        if media_type(content) is None:
            raise ScreenshotRefused("Screenshot must be a PNG or JPEG file")
        name = hashlib.sha256(content).hexdigest()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / name
        if not path.exists():
            partial = path.with_suffix(f".{os.getpid()}.partial")
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        return SCHEME + name

    def read(self, name: str) -> Screenshot | None:
        """Return a kept image by its hash; None where there is none, or where it is no longer what was kept."""
        path = self._folder / name
        if not _NAME.fullmatch(name) or not path.exists():
            return None
        content = path.read_bytes()
        kind = media_type(content)
        if kind is None or hashlib.sha256(content).hexdigest() != name:
            return None
        return Screenshot(content, kind)

    def remove_others(self, held: Container[str], before: datetime) -> int:
        """Remove the images that nothing holds and that were kept before a time; return how many."""
        gone = 0
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            old = path.stat().st_mtime < before.timestamp()
            if _NAME.fullmatch(path.name) and path.name not in held and old:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def media_type(content: bytes) -> str | None:
    """Return the media type of a PNG or JPEG image, else None."""
    return next((kind for start, kind in _KINDS if content.startswith(start)), None)
