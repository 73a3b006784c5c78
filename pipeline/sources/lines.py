r"""Lines of a JSONL file as bytes: split on \n only, for U+2028 and its like may stand inside JSON.

First in the flow. A byte order mark and CRLF are accepted, empty lines are skipped but counted.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.sources.cursors import Cursor
from pipeline.sources.intake import MAX_BYTES

_BOM = b"\xef\xbb\xbf"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Line:
    """One line without its end; after is the cursor behind it. One over 1 MiB is cut just past that, to be refused."""

    content: bytes
    after: Cursor


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(file: BinaryIO, cursor: Cursor) -> Iterator[Line]:
    """Yield the lines of a file from a cursor on, empty ones left out."""
    file.seek(cursor.offset)
    number = cursor.lines
    while content := file.readline(MAX_BYTES + 2):
        number += 1
        first = number == 1
        while not content.endswith(b"\n") and (more := file.readline(_BLOCK)):
            if more.endswith(b"\n"):
                break
        if first:
            content = content.removeprefix(_BOM)
        content = content.removesuffix(b"\n").removesuffix(b"\r")
        if content.strip():
            yield Line(content, Cursor(offset=file.tell(), lines=number))
