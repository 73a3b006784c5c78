"""A Detoxify checkpoint in a folder, for machines without internet: verified, and made to find its parts there.

Before `processors.models.detoxify` loads it. The folder holds one `*.ckpt` in Detoxify's own format, config.json and
the tokenizer's files of its base model, and SHA256SUMS with at least the checkpoint's line. A checkpoint is a pickle:
it is opened only after its checksum matches.
"""

import io
import re
from pathlib import Path
from typing import Any

from processors.models.files import SUMS, ModelUnavailable, digest_of

_RELEASED = re.compile(r"-([0-9a-f]{8})\.ckpt$")
"""Detoxify's release files carry the first eight digits of their SHA-256 in their name, as torch's hub does."""


def opened(folder: Path) -> io.BytesIO:
    """Return the checkpoint, its base model named as this folder. Raises ModelUnavailable with the cure."""
    path = checkpoint_in(folder)
    check(path)
    import torch  # noqa: PLC0415 - needs the extra, and takes seconds

    loaded: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=False)
    if "config" not in loaded or "state_dict" not in loaded:
        raise ModelUnavailable(f"{path} is no Detoxify checkpoint: it has no config and state_dict")
    loaded["config"]["arch"]["args"]["model_type"] = str(folder)
    held = io.BytesIO()
    torch.save(loaded, held)
    held.seek(0)
    return held


def checkpoint_in(folder: Path) -> Path:
    """Return the one checkpoint of a folder. Raises ModelUnavailable where there is none, or more."""
    found = sorted(folder.glob("*.ckpt"))
    if len(found) != 1:
        raise ModelUnavailable(f"{folder} holds {len(found)} files *.ckpt: put one checkpoint there, with config.json")
    return found[0]


def check(path: Path) -> None:
    """Compare a checkpoint with SHA256SUMS beside it, else with the digits in its name. Raises ModelUnavailable."""
    digest = digest_of(path)
    sums = path.with_name(SUMS)
    if sums.exists():
        lines = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines() if line.strip())
        listed = {name.strip().lstrip("*"): value for value, name in lines}.get(path.name)
        matches = listed == digest
    else:
        released = _RELEASED.search(path.name)
        if released is None:
            raise ModelUnavailable(
                f"{path.name} has no checksum: write it with `sha256sum *.ckpt > {SUMS}` at its source"
            )
        matches = digest.startswith(released.group(1))
    if not matches:
        raise ModelUnavailable(f"{path} is not what its checksum says: copy it again from its source")
