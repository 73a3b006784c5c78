"""Letters to a councillor, filled in for a person to send (2.2, 4.1, 4.3, 5.1, 6.1, 6.2, 7.1), from letters.toml.

Nothing is sent from here. A letter names no resident and quotes no post.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from pipeline.guidance import Guidance
from pipeline.registers.types import Registers
from pipeline.vocabulary.assistance import Letter
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.incident import Incident

FILE = Path(__file__).with_name("letters.toml")


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One letter: its title, the paragraph it cites, the categories it suits, and its text with places to fill."""

    title: str
    paragraph: str
    categories: tuple[Category, ...]
    text: str


@cache
def templates() -> Mapping[Letter, Template]:
    """Return the letters. Raises msgspec.ValidationError naming the field."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[Letter, Template])


def suggested(incident: Incident) -> tuple[Letter, ...]:
    """Return the letters that suit an incident: for what a councillor's account wrote, by what was found."""
    if incident.direction != Direction.OUTBOUND:
        return ()
    return tuple(
        letter for letter, one in templates().items() if not set(one.categories).isdisjoint(incident.categories)
    )


def filled(letter: Letter, incident: Incident, registers: Registers, guidance: Guidance, officer: str) -> str:
    """Return a letter's text to the councillor whose account wrote, signed by an officer."""
    template = templates()[letter]
    account = registers.accounts.get(incident.account)
    paragraph = guidance.by_id.get(template.paragraph)
    wording = f"Paragraph {template.paragraph}: {paragraph.wording}" if paragraph is not None else ""
    councillor = registers.person_name(account.councillor_id) if account is not None else ""
    return template.text.strip().format(
        councillor=councillor or "Councillor", council=registers.council.name, officer=officer, wording=wording
    )
