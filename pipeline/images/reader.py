"""What an observation's pictures say, put beside them at ingest: text, a registered logo, a profile picture's hash.

Of `pipeline.images`. Only what came with the observation is read: bytes in it (`data:`), a file that a connector put
into home/media (`media:NAME`), or a screenshot that is kept (`evidence:HASH`). Nothing is fetched. Bytes do not go on
into the log. What was not read says why, in `unread`.
"""

import base64
import binascii
import hashlib
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.images import ocr
from pipeline.images.likeness import hash_of
from pipeline.images.logos import logo_in
from pipeline.images.picture import ImageRefused, Limits, opened
from pipeline.registers.types import Registers
from pipeline.settings import Settings
from pipeline.vocabulary.event import Attachment, Author, Observation

DATA, MEDIA, EVIDENCE = "data:", "media:", "evidence:"
MOST_PICTURES = 4
"""So many pictures of one observation are read; the rest say that they were not."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImageReader:
    """Reads pictures within limits. home holds media/ and evidence/; monotonic gives seconds that never go back."""

    home: Path
    registers: Callable[[], Registers]
    limits: Limits
    monotonic: Callable[[], float] = time.monotonic

    def look(self, seen: Observation) -> Observation:
        """Return the observation with what its pictures say; the very same where there is nothing to read."""
        if not self.limits.seconds:
            return _without_bytes(seen)
        if not any(_referred(one) for one in seen.attachments) and (seen.author is None or not seen.author.picture):
            return seen
        until = self.monotonic() + self.limits.seconds
        attachments, read = [], 0
        for one in seen.attachments:
            if not _referred(one):
                attachments.append(one)
                continue
            read += 1
            late = read > MOST_PICTURES or self.monotonic() > until
            attachments.append(self._read(one, "not read: more pictures than there is time for" if late else ""))
        author = self._author(seen.author) if seen.author is not None and seen.author.picture else seen.author
        return msgspec.structs.replace(seen, attachments=tuple(attachments), author=author)

    def _read(self, one: Attachment, refused: str) -> Attachment:
        url = one.url or ""
        content = b""
        unread = refused or None
        text, logo = one.ocr_text, one.logo_match
        try:
            content = self._content(url)
            if not refused:
                picture = opened(content, self.limits)
                logo = logo or logo_in(picture, self.registers().council.logos)
                text = text if text is not None else ocr.text_in(picture, self.limits.seconds)
        except ImageRefused as error:
            unread = f"not read: {error}"
            _log.warning("a picture was %s", unread)
        return msgspec.structs.replace(one, ocr_text=text, logo_match=logo, unread=unread, url=_kept(url, content))

    def _author(self, author: Author) -> Author:
        url = author.picture or ""
        try:
            found = hash_of(opened(self._content(url), self.limits)) or None
        except ImageRefused as error:
            _log.warning("a profile picture was not read: %s", error)
            found = None
        return msgspec.structs.replace(author, picture=None, picture_hash=found or author.picture_hash)

    def _content(self, url: str) -> bytes:
        if url.startswith(DATA):
            head, _, body = url.partition(",")
            if not head.endswith(";base64"):
                raise ImageRefused("its data is not in base64")
            try:
                return base64.b64decode(body, validate=True)
            except (binascii.Error, ValueError):
                raise ImageRefused("its data is not in base64") from None
        scheme, _, name = url.partition(":")
        path = self.home / scheme / name
        if scheme not in {"media", "evidence"} or not _NAME.fullmatch(name):
            raise ImageRefused("its name leads to no file here")
        try:
            if path.stat().st_size > self.limits.most_bytes:
                raise ImageRefused(f"the file is larger than {self.limits.most_bytes} bytes")
            return path.read_bytes()
        except OSError:
            raise ImageRefused(f"there is no such file in {scheme}/ of the home") from None


def image_reader(settings: Settings, registers: Callable[[], Registers]) -> ImageReader:
    """Return the reader of an installation. Raises SettingError."""
    limits = Limits(
        settings.number("image_max_bytes"), settings.number("image_max_pixels"), settings.number("image_seconds")
    )
    return ImageReader(settings.home, registers, limits)


def why_not(settings: Settings) -> str:
    """Return in words what keeps pictures from being read here, or nothing."""
    try:
        import PIL  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError:
        return "pictures are not read: Pillow is not installed: pip install 'parapet[images]'"
    return (
        "" if ocr.program() or not settings.number("image_seconds") else f"text in pictures is not read: {ocr.ABSENT}"
    )


def _without_bytes(seen: Observation) -> Observation:
    """Return an observation whose pictures are never read, without their bytes."""
    attachments = tuple(
        msgspec.structs.replace(one, url=_kept(one.url or "", (one.url or "").encode())) if _referred(one) else one
        for one in seen.attachments
    )
    author = msgspec.structs.replace(seen.author, picture=None) if seen.author is not None else None
    return msgspec.structs.replace(seen, attachments=attachments, author=author)


def _referred(one: Attachment) -> bool:
    return bool(one.url) and (one.url or "").startswith((DATA, MEDIA, EVIDENCE))


def _kept(url: str, content: bytes) -> str:
    """Return the reference that goes on into the log: bytes go on as their hash."""
    if not url.startswith(DATA):
        return url
    return f"sha256:{hashlib.sha256(content).hexdigest()}" if content else "not kept"
