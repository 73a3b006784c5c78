"""Fingerprints of exempt documents: salted hashes by sentence in registers/fingerprints.json, and the salt beside them.

A register as the others: read with them, watched with them. The salt is made once for an installation and stays in its
home, readable by its owner only; without it the hashes say nothing. A document's text, name and order are never kept.
"""

import base64
import fcntl
import hashlib
import os
import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from pipeline.text.shingles import document_hashes

FILE = "fingerprints"
SALT_FILE = "fingerprint.salt"
SALT_BYTES = 32
LONGEST_TEXT = 2_000_000
"""Characters of text in one document: some 700 pages."""

_ROW = struct.Struct(">QH")
_MOST_SENTENCES = 1 << 16


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a topic. hashes is base64 of rows: 8 bytes of hash, 2 bytes of sentence number."""

    id: str
    topic_ref: str
    added_at: datetime
    added_by: str
    sentences: int
    salted_with: str
    hashes: str


class FingerprintError(ValueError):
    """A document that cannot be added; the message says why and what would do."""


@dataclass(frozen=True)
class NewDocument:
    """A document to add: its text, whose topic, who adds it and when, and texts that anybody may quote."""

    topic_ref: str
    text: str
    by: str
    at: datetime
    published: Sequence[str] = ()


def rows(fingerprint: Fingerprint) -> Iterator[tuple[int, int]]:
    """Yield hash and sentence number of every row. Raises ValueError where the register was damaged."""
    try:
        yield from _ROW.iter_unpack(base64.b64decode(fingerprint.hashes, validate=True))
    except struct.error as error:
        raise ValueError(str(error)) from error


def read_salt(folder: Path) -> bytes:
    """Return the salt of an installation, empty where there is none yet."""
    path = folder / SALT_FILE
    return bytes.fromhex(path.read_text(encoding="ascii").strip()) if path.exists() else b""


def salt_mark(salt: bytes) -> str:
    """Return what tells one salt from another and says nothing of it."""
    return hashlib.sha256(b"parapet fingerprint salt" + salt).hexdigest()[:12]


def add_document(folder: Path, new: NewDocument) -> Fingerprint:
    """Keep the hashes of a document and return its fingerprint; the same document again changes nothing.

    Raises:
        FingerprintError: too long, or nothing in it that could be told from ordinary papers.
    """
    if len(new.text) > LONGEST_TEXT:
        raise FingerprintError(f"the document has more than {LONGEST_TEXT} characters: add it in parts")
    with _held(folder):
        salt = _made_salt(folder)
        found = document_hashes(new.text, salt, new.published)
        if len(found) < 2:
            raise FingerprintError(
                "the document has fewer than two sentences that could be recognised: what is boilerplate, published or "
                "shorter than six telling words is not kept; give the topic terms instead"
            )
        if len(found) > _MOST_SENTENCES:
            raise FingerprintError(f"the document has more than {_MOST_SENTENCES} sentences: add it in parts")
        packed = b"".join(_ROW.pack(one, number) for number, hashes in enumerate(found) for one in hashes)
        made = Fingerprint(
            id=hashlib.blake2b(new.text.encode(), key=salt, digest_size=6).hexdigest(),
            topic_ref=new.topic_ref,
            added_at=new.at,
            added_by=new.by,
            sentences=len(found),
            salted_with=salt_mark(salt),
            hashes=base64.b64encode(packed).decode(),
        )
        kept = [one for one in read_fingerprints(folder) if (one.id, one.topic_ref) != (made.id, made.topic_ref)]
        _write(folder, [*kept, made])
    return made


def remove_document(folder: Path, identity: str) -> bool:
    """Forget a document; return whether there was one."""
    with _held(folder):
        known = read_fingerprints(folder)
        kept = [one for one in known if one.id != identity]
        _write(folder, kept)
    return len(kept) < len(known)


def read_fingerprints(folder: Path) -> tuple[Fingerprint, ...]:
    """Return the fingerprints as they stand in a folder. Raises msgspec.DecodeError for a damaged file."""
    path = folder / f"{FILE}.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[Fingerprint, ...]) if path.exists() else ()


def _made_salt(folder: Path) -> bytes:
    salt = read_salt(folder)
    if not salt:
        if read_fingerprints(folder):
            raise FingerprintError(
                f"{SALT_FILE} is missing and there are fingerprints: restore it from a copy of the home, or take "
                f"{FILE}.json away and add the documents again"
            )
        salt = secrets.token_bytes(SALT_BYTES)
        _put(folder / SALT_FILE, salt.hex().encode() + b"\n")
    return salt


def _write(folder: Path, fingerprints: Sequence[Fingerprint]) -> None:
    _put(folder / f"{FILE}.json", msgspec.json.format(msgspec.json.encode(fingerprints), indent=1) + b"\n")


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder, so that the console and a command never write over each other."""
    with (folder / ".fingerprints.lock").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
