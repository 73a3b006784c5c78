"""How a line looks once a person has typed it: openers and afterthoughts, capitals, slips, disguised letters, emoji.

Used by `processors.models.training.phrases`. Slips and disguises fall on harmless lines as well, so that a disguise
alone is no sign of abuse.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processors.models.training.phrases import Phrases

_LEET = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"})
_SIGNS = str.maketrans({"a": "@", "i": "!", "s": "$"})
_ALIKE = str.maketrans({"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "i": "і", "x": "х", "y": "у"})
_TABLES = (_LEET, _SIGNS, _ALIKE)
_SHORT = {"you": "u", "your": "ur", "are": "r", "be": "b", "to": "2", "for": "4", "people": "ppl", "please": "pls",
          "because": "cos", "going to": "gonna", "tonight": "2nite", "mate": "m8", "great": "gr8", "you're": "youre",
          "don't": "dont", "isn't": "isnt", "won't": "wont", "what": "wot", "thanks": "thx"}  # fmt: skip


def varied(text: str, phrases: Phrases, random: Random, harmful: bool) -> str:
    """Return a line as one of many people might have typed it."""
    if random.random() < 0.22:
        text = f"{phrases.filled('{opener}', random)} {text}"
    if random.random() < 0.2:
        text = f"{text} {phrases.filled('{closer}', random)}"
    if random.random() < 0.14:
        other = phrases.ordinary(random)
        text = f"{text}. {other}" if random.random() < 0.5 else f"{other}. {text}"
    if random.random() < (0.16 if harmful else 0.07):
        text = disguised(text, random)
    if random.random() < 0.14:
        text = _slipped(text, random)
    if random.random() < 0.12:
        text = _shortened(text)
    return _cased(text, random)


def disguised(text: str, random: Random) -> str:
    """Return a line with one or more of its longer words disguised."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for at in random.sample(long, min(len(long), random.choice((1, 1, 2, 3)))):
        words[at] = _disguise(words[at], random)
    return " ".join(words)


def _disguise(word: str, random: Random) -> str:
    way = random.randrange(7)
    if way < len(_TABLES):
        return word.translate(_TABLES[way])
    if way == len(_TABLES):
        return random.choice((" ", ".", "-", "*")).join(word)
    return _bent(word, way, random)


def _bent(word: str, way: int, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    if way == 4:
        return word[:at] + "*" + word[at + 1 :]
    if way == 5:
        return word[:at] + word[at] * random.randrange(2, 6) + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _slipped(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    way = random.randrange(3)
    if way == 0:
        return text[:at] + text[at + 1 :] or text
    if way == 1:
        return text[:at] + text[at] + text[at:]
    return text.replace("'", "").replace(",", "")


def _shortened(text: str) -> str:
    return " ".join(_SHORT.get(word.lower(), word) for word in text.split(" "))


def _cased(text: str, random: Random) -> str:
    way = random.random()
    if way < 0.3:
        return text.lower()
    if way < 0.36:
        return text.upper()
    if way < 0.75 and text[:1].isalpha():
        text = text[0].upper() + text[1:]
    return text + random.choice(("", "", "", ".", "!", "!!", "?")) if text[-1:].isalnum() else text
