"""Whether a text is, for the larger part, in a language that the rules do not cover.

Asked by screening for each post, so it must be quick and seldom wrong about English: a post in dialect, in slang or of
a few names is English here. It goes by script, and in Latin script by the commonest words of both sides; it does not
say which language it is.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from pipeline.text.common_words import common_words

FEWEST_WORDS = 5
"""Fewer words in Latin script are taken for English: names, greetings, cries."""
_MANY_WORDS = 14
_FEW_ENGLISH = 0.06
"""So small a share of common English words makes a text of many words foreign, whatever language it is."""
_ENOUGH = 2
_LETTERS = 4
"""So many letters of another script, and more than of ours, make a text foreign."""
_SAMPLE = 4000
_REMEMBERED = 50_000
_LONGEST = 40
"""No common word has so many letters: what is longer is not remembered whole."""
_MARKS = frozenset("ęąśżźćńłčšžřěůťďňőűğşıțșăųįėūāēīļņģķọẹụøåœßõãñ")
"""Letters of other languages' own: those of Welsh and Gaelic names, or of café and naïve, are not here."""
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\S+|:[a-z_]+:", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PLAIN = str.maketrans({"’": "'", "ł": "l", "ı": "i", "ß": "s", "ø": "o", "đ": "d"})


def covered(text: str) -> bool:
    """Return whether the rules cover the larger part of a text: its beginning, middle and end where it is long."""
    if len(text) <= _SAMPLE:
        return _covered(text)
    middle = len(text) // 2
    parts = (text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:])
    return sum(map(_covered, parts)) > 1


def _covered(text: str) -> bool:
    words = _WORD.findall(_NO_WORDS.sub(" ", text) if "@" in text or "#" in text or "/" in text else text)
    if not text.isascii() and _other_script(words):
        return False
    if len(words) < FEWEST_WORDS:
        return True
    plain = [_plain(word[:_LONGEST]) for word in words]
    english = sum(map(_english().__contains__, plain))
    if english * 3 >= len(plain):
        return True
    foreign = sum(short in _foreign() or not _MARKS.isdisjoint(word) for word, short in zip(words, plain, strict=True))
    if foreign >= _ENOUGH and foreign > english:
        return False
    return len(plain) < _MANY_WORDS or english >= len(plain) * _FEW_ENGLISH


def _other_script(words: list[str]) -> bool:
    """Return whether most letters are of another script; Latin letters in fancy dress are ours."""
    letters = [letter for word in words for letter in word]
    other = sum(_is_other(letter) for letter in letters)
    return other >= _LETTERS and other * 2 > len(letters)


@cache
def _is_other(letter: str) -> bool:
    return not letter.isascii() and not unicodedata.normalize("NFKD", letter)[0].isascii() and not _latin(letter)


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@lru_cache(maxsize=_REMEMBERED)
def _plain(word: str) -> str:
    word = word.lower().translate(_PLAIN)
    if word.isascii():
        return word.replace("'", "")
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isascii()).replace("'", "")


@cache
def _english() -> frozenset[str]:
    return frozenset(common_words())


@cache
def _foreign() -> frozenset[str]:
    table = tomllib.loads(Path(__file__).with_name("other_languages.toml").read_text(encoding="utf-8"))
    return frozenset(word for words in table.values() for word in words.split()) - _english()
