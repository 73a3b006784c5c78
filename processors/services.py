"""Whose matter a text is: the Council's services by residents' words, and the head of each by the officers register.

Used by the contacts detector (is it council business?) and by capacity (3.2: whom a councillor asks before answering).
A suggestion for a person, never a finding; words that two services share name both.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from pipeline.registers.types import Officer, Registers
from processors.rules.patterns import Pattern, any_of

SHIPPED = Path(__file__).with_name("services.toml")


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service: words in its name in the officers register, and the words by which residents speak of it."""

    names: tuple[str, ...]
    words: tuple[str, ...]


@cache
def services() -> Mapping[str, tuple[Service, Pattern]]:
    """Return the services by key, each with its pattern. Raises msgspec.ValidationError naming the field."""
    table = msgspec.convert(tomllib.loads(SHIPPED.read_text(encoding="utf-8")), dict[str, Service])
    patterns = {key: any_of(one.words, {}) for key, one in table.items()}
    return {key: (table[key], pattern) for key, pattern in patterns.items() if pattern is not None}


def services_in(text: str) -> tuple[str, ...]:
    """Return the services that a folded text speaks of, by key."""
    return tuple(key for key, (_, pattern) in services().items() if pattern.search(text) is not None)


def head_of(key: str, registers: Registers) -> Officer | None:
    """Return the officer who heads a service: no team, none's subordinate; None where the register knows none."""
    names = services()[key][0].names
    for name in names:
        for one in registers.officers:
            if name in one.service.lower() and one.service_head is None:
                return one
    return None
