"""Exports with words, sealed: a zip file under AES-256 with a passphrase that is shown once, gone after seven days.

Beside the flow, in home/exports. The passphrase is kept nowhere; who loses it makes a new export.
"""

import io
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pyzipper

KEPT = timedelta(days=7)
_NAME = re.compile(r"[0-9a-f]{32}")


class SealedExports:
    """The folder of sealed exports."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def seal(self, files: Mapping[str, str]) -> tuple[str, str]:
        """Keep files as one sealed zip; return its name and the passphrase."""
        name, passphrase = secrets.token_hex(16), "-".join(secrets.token_hex(2) for _ in range(6))
        out = io.BytesIO()
        with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as made:
            made.setpassword(passphrase.encode())
            for each, text in files.items():
                made.writestr(each, text.encode())
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_bytes(out.getvalue())
        return name, passphrase

    def read(self, name: str, now: datetime) -> bytes | None:
        """Return a sealed export; None where there is none, or where its time is up."""
        self.forget(now)
        path = self._folder / name
        return path.read_bytes() if _NAME.fullmatch(name) and path.exists() else None

    def forget(self, now: datetime) -> None:
        """Remove the exports whose time is up."""
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if _NAME.fullmatch(path.name) and path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)
