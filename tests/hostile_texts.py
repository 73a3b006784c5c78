"""Random and hostile texts, each a pure function of its number: fuzzed Unicode, nested quotes, fragments of rules glued
together, thousands of mentions.

Beside the flow, for `tests/faults/test_hostile_texts.py`.
"""

import random
import tomllib
from collections.abc import Callable
from functools import cache

from processors.rules.load import SHIPPED

SIGNS = "\u202e\u202d\u2066\u2069\u200b\u200d\ufe0f\u0301\u0334\u20e3\x00\x07\ufeff\u00ad\U000e0067\u1160\u3164"
EMOJI = "🔪👩🏽‍🚒🏴󠁧󠁢󠁥󠁮󠁧󠁿🇬🇧🇰🇮👨‍👩‍👧‍👦☠️❤️‍🔥1️⃣🅺🫠"
QUOTES = "\"'“”‘’«»„`"
PUNCTUATION = ".,!?;:*#@$%^&_-+=/\\|()[]{}<>~\n\t "
RANGES: tuple[tuple[int, int], ...] = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0xDFF), (0x1D00, 0x2BFF), (0x3040, 0x9FFF),
    (0xFB00, 0xFFFD), (0x1D400, 0x1D7FF), (0x1F000, 0x1FAFF), (0xE0000, 0xE01EF),
)  # fmt: skip


@cache
def fragments() -> list[str]:
    """Return pieces of the shipped rules: words of the lexicon, patterns and examples, cut anywhere."""
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(SHIPPED.glob("*.toml"))]
    told = [text for table in tables for rule in table.get("rule", ()) for text in (*rule["hits"], *rule["patterns"])]
    told += [text for table in tables for entries in table.get("words", {}).values() for text in entries]
    return sorted({text[at : at + 25] for text in told for at in range(0, len(text), 20)})


def _unicode(chance: random.Random) -> str:
    ranges = chance.choices(RANGES, k=3)
    return "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(chance.randrange(200)))


def _glued(chance: random.Random) -> str:
    between = chance.choice(["", " ", "\u200b", ". ", "*", "\n", "-"])
    return between.join(chance.choices(fragments(), k=chance.randrange(1, 14)))


def _quotes(chance: random.Random) -> str:
    opening = "".join(chance.choices(QUOTES, k=chance.randrange(1, 60)))
    return opening + "I will kill Fenwick" * chance.randrange(2) + opening[::-1] + chance.choice(QUOTES) * 3


def _emoji(chance: random.Random) -> str:
    return "".join(chance.choices(EMOJI + SIGNS + "k1 ", k=chance.randrange(1, 120)))


def _mentions(chance: random.Random) -> str:
    return " ".join(f"@{chance.choice(['CllrFenwick', 'castle', 'a', '_' * 9])}" for _ in range(chance.randrange(300)))


def _punctuation(chance: random.Random) -> str:
    return "".join(chance.choices(PUNCTUATION + "ki1l", k=chance.randrange(400)))


def _one_sign(chance: random.Random) -> str:
    sign: str = chance.choice(
        [*SIGNS, *EMOJI, *PUNCTUATION, "a", "1", "k ", "f*", "1a", "a-", "Fenwick ", "@a ", "\"'"]
    )
    return sign * chance.randrange(1, 1_200)


def _cut(chance: random.Random) -> str:
    text = KINDS[chance.randrange(5)](chance)
    return "".join(sign + chance.choice(SIGNS) * (chance.random() < 0.2) for sign in text)


KINDS: tuple[Callable[[random.Random], str], ...] = (
    _unicode, _glued, _quotes, _emoji, _punctuation, _mentions, _one_sign, _cut,
)  # fmt: skip


def hostile_text(number: int) -> str:
    """Return the text of a number."""
    chance = random.Random(number)
    return KINDS[number % len(KINDS)](chance)
