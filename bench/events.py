"""The benchmark's events: a pure function of a seed and a number, so that every run and every runtime gets the same.

Before the flow. Ordinary posts of wide variety on the example borough's own accounts, and among them, evenly spread,
3 % hostile ones, each by an author of its own, so that each is an incident of its own.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.texts import HOSTILE, ORDINARY, WORDS
from pipeline.registers.types import Account, Registers
from pipeline.vocabulary.event import Action, Author, Direction, Ingest, Observation

HOSTILE_PER_HUNDRED = 3
_HOSTILE_PLACES = (17, 50, 83)
"""Which of a hundred in a row are hostile."""
AUTHORS = 20_000
_SLOT = re.compile(r"\{(\w+)\}")
_OBJECT_TYPES = {"youtube": "chat_message", "wikipedia": "revision"}


@dataclass(frozen=True)
class Mix:
    """What the events are drawn from."""

    seed: int
    accounts: tuple[Account, ...]
    councillors: tuple[str, ...]
    wards: tuple[str, ...]


def mix_of(registers: Registers, seed: int = 1) -> Mix:
    """Return a mix over the accounts that collect today and the councillors as people name them, `Cllr Surname`.

    Raises:
        ValueError: no open account, or no councillor.
    """
    accounts = tuple(account for account in registers.accounts.values() if account.active_until is None)
    councillors = tuple(f"{one.title} {one.name}" for one in registers.councillors)
    if not accounts or not councillors:
        raise ValueError("the registers hold no open account or no councillor: the benchmark needs both")
    return Mix(seed, accounts, councillors, tuple(sorted({one.ward for one in registers.councillors})))


def is_hostile(number: int) -> bool:
    """Whether the event of this number, from 0, is one of the hostile three in a hundred."""
    return number % 100 in _HOSTILE_PLACES


def observation(mix: Mix, number: int, posted_at: datetime) -> Observation:
    """Return the event of a number as an ingestor would write it, posted at an aware time."""
    chance = random.Random(f"{mix.seed}:{number}")  # noqa: S311 - no secret: the same number gives the same post
    hostile = is_hostile(number)
    account = chance.choice(mix.accounts)
    return Observation(
        platform=account.platform,
        object_id=f"{account.platform}:bench:{mix.seed}:{number}",
        object_type=_OBJECT_TYPES.get(account.platform, "comment"),
        action=Action.CREATE,
        account=account.id,
        observed_at=posted_at + timedelta(seconds=1),
        direction=Direction.INBOUND,
        text=_text(mix, chance, hostile=hostile),
        author=_author(f"h{number}" if hostile else str(chance.randrange(AUTHORS))),
        posted_at=posted_at,
        ingest=Ingest(connector="bench", position=str(number)),
    )


def observations(mix: Mix, count: int, end: datetime, seconds_between: float = 0.05) -> list[Observation]:
    """Return so many events in order, the last posted at `end`."""
    return [
        observation(mix, number, end - timedelta(seconds=(count - 1 - number) * seconds_between))
        for number in range(count)
    ]


def _text(mix: Mix, chance: random.Random, *, hostile: bool) -> str:
    sentences = 1 if hostile else chance.choices((1, 2, 3, 6), (60, 25, 12, 3))[0]
    templates = HOSTILE if hostile else ORDINARY
    filled = (_filled(mix, chance, chance.choice(templates)) for _ in range(sentences))
    return ". ".join(filled)


def _filled(mix: Mix, chance: random.Random, template: str) -> str:
    special = {"who": mix.councillors, "ward": mix.wards}

    def choose(slot: re.Match[str]) -> str:
        name = slot.group(1)
        return chance.choice(special.get(name) or WORDS[name])

    return " ".join(_SLOT.sub(choose, template).split())


def _author(name: str) -> Author:
    return Author(id=f"bench:{name}", handle=f"resident_{name}", display_name=f"Resident {name}")
