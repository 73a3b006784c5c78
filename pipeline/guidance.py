"""The paragraphs of the Social Media Guidance for Councillors: what every finding rests on and every screen can cite.

Shipped as a summary in guidance.toml; a council's own wording in the same form takes its place.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """One paragraph. mode says what software can do: detect, assist, duty (an obligation) or info."""

    id: str
    title: str
    mode: str
    wording: str


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the Guidance."""

    version: str
    paragraph: tuple[Paragraph, ...]

    @property
    def by_id(self) -> Mapping[str, Paragraph]:
        """Return the paragraphs by id, in the Guidance's order."""
        return MappingProxyType({one.id: one for one in self.paragraph})


SHIPPED = Path(__file__).with_name("guidance.toml")


def load_guidance(path: Path = SHIPPED) -> Guidance:
    """Return the Guidance in a TOML file.

    Raises:
        ValueError: naming the file, and the field that is missing or wrong.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Guidance)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {error}: write version and [[paragraph]] with id, title, mode, wording") from error


_SHIPPED = load_guidance()
GUIDANCE_VERSION = _SHIPPED.version
PARAGRAPHS: Mapping[str, Paragraph] = _SHIPPED.by_id
