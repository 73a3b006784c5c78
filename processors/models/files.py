"""The built-in model's files and their checksums: what does not match is not used.

Before anything is loaded. The list has the form of `sha256sum`, so that anybody can check it with that tool.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

BUILTIN = Path(__file__).with_name("builtin")
SUMS = "SHA256SUMS"
LINEAR, TRANSFORMER, TOKENIZER, JUDGEMENT, CARD = (
    "linear.npz",
    "transformer.onnx",
    "tokenizer.json",
    "judgement.json",
    "MODEL_CARD.md",
)
CHECKED = (LINEAR, TRANSFORMER, TOKENIZER, JUDGEMENT)


class ModelUnavailable(RuntimeError):
    """A classifier that cannot be used; the message says why and what to do. It holds no text of a post."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """Write the list of checksums of a folder's files."""
    lines = [f"{digest_of(folder / name)}  {name}\n" for name in CHECKED]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def verify(folder: Path = BUILTIN) -> None:
    """Check every file of a model. Raises ModelUnavailable naming the file and the cure."""
    fault = next(faults(folder), None)
    if fault is not None:
        raise ModelUnavailable(fault)


def faults(folder: Path = BUILTIN) -> Iterator[str]:
    """Yield what is wrong with a model's files, in words with the cure."""
    sums = folder / SUMS
    if not sums.exists():
        yield f"{sums} is missing: install parapet again, or train with `parapet models train`"
        return
    lines = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines() if line)
    listed = {name: digest for digest, name in lines}
    for name in CHECKED:
        path = folder / name
        if not path.exists():
            yield f"{path} is missing: install parapet again"
        elif listed.get(name) != digest_of(path):
            yield f"{path} is not the file that was shipped (its SHA-256 differs): install parapet again"
