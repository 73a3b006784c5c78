"""Words in disguise, in a text in lower case: masked (`f***`), spelled out (`k i l l`), with figures for letters
(`k1ll`), drawn out (`killll`), broken at a line's end.

Used by folding only. Each function gives the places to change and what is read there. Prices, times, postcodes, plates,
ordinals, web addresses, hashtags and handles are no disguise; nothing joins two words.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from string import ascii_lowercase

import re2

from pipeline.text.common_words import common_words

Edit = tuple[int, int, str]
"""A replacement: start and end in the text before, and what stands there after."""

_GAP = r"(?:[ \t\n]{1,3}| ?[.,\-_*/+~'|] ?)"
_SPACED = re.compile(
    rf"(?<![a-z0-9_'@&.£])[a-z0-9@$!]({_GAP})(?:[a-z0-9@$!]\1){{1,40}}[a-z0-9@$!](?![a-z0-9_@&]|['.][a-z0-9])"
)
_SURE = 4
"""Fewer letters with gaps between are joined only where that makes a word we know: n.h.s. and A B C are none."""
_REPEATED = re.compile(r"([a-z])\1\1+")
_ROMAN = re.compile(r"(?<![a-z])[ivxlc]+(?![a-z])")
_LEET = re.compile(
    r"(?<![a-z0-9_@$!.£/#])@?[a-z0-9@$!|]{0,20}[a-z][0-9@$!|]{1,12}[a-z]?[a-z0-9@$!|]{0,20}(?![a-z0-9_@$/]|\.[a-z0-9])"
    r"|(?<![\w@$!.£/#])[0-9$@]{1,2}[a-z]{3,}(?![\w@/]|\.[a-z])"
)
_LEET_LETTERS = str.maketrans("013457@$!|", "oieastasii")
_ELL = str.maketrans("013457@$!|", "oleastasll")
"""The same where 1, ! and | stand for l."""
_CODE = re.compile(r"[a-z]{1,2}\d[a-z\d]?|\d+[a-z]*|[a-z]{1,3}\d{1,3}[a-z]?|[a-z]+\$?\d+|[248][a-z]+")
"""Postcodes, plates, ordinals, times, names of models and roads, and figures before a word (4ever, 11posts)."""
_EXCLAIMED = re.compile(r"![!1]*$")
_MASK = re.compile(
    r"(?<![a-z0-9_*#:@.])[a-z](?:[a-z]*[*#@%&][a-z*#@%&]*|[a-z]?[._\-][._\-a-z]*[a-z])(?![a-z0-9_@]|[.&][a-z0-9])"
)
_STARS = frozenset("*#@%&")
_BROKEN = re.compile(r"(?<=[a-z])-[ ]?\n[ ]*(?=[a-z])")
_DOUBLED = frozenset("lsofze")
_DISGUISED = re2.compile(
    r"(?:^|[^a-z0-9_'@])[a-z0-9@$!](?:[ \t\n]{1,3}| ?[.,\-_*/+~'|] ?)[a-z0-9@$!](?:[^a-z0-9@$!]|$)|[a-z]- ?\n *[a-z]|"
    r"[a-z][0134578@$!|]+[a-z]|[a-z][0134578@$!|]+(?:[^a-z0-9]|$)|(?:^|[^a-z0-9])[0-9$@]{1,2}[a-z]{3}|[a-z][*#@%&]|"
    r"(?:^|[^a-z0-9_:])[a-z]{1,2}[._\-]+[a-z]|" + "|".join(letter * 3 for letter in ascii_lowercase)
)
"""Whether any disguise can be in a folded text at all: one linear pass, so that ordinary posts stop there."""


def disguised(text: str) -> bool:
    """Return whether a folded text can hold a disguise at all."""
    return _DISGUISED.search(text) is not None


def broken(text: str) -> list[Edit]:
    """Return the hyphens at a line's end with which a word goes on in the next line."""
    return [(one.start(), one.end(), "") for one in _BROKEN.finditer(text)]


def masked(text: str) -> list[Edit]:
    """Return the masked words that we know."""
    edits: list[Edit] = []
    for found in _MASK.finditer(text):
        word = _unmask(found.group())
        if word:
            edits.append((*found.span(), word))
    return edits


@lru_cache(maxsize=4096)
def _unmask(written: str) -> str | None:
    starred = not _STARS.isdisjoint(written)
    if not starred and sum(not letter.isalpha() for letter in written) > 2:
        return None
    joined = "".join(letter for letter in written if letter.isalpha())
    if len(joined) > 3 and joined in _maskable(starred).get(len(joined), ()):
        return joined
    for word in _maskable(starred).get(len(written), ()):
        if all(sign == letter or not sign.isalpha() for sign, letter in zip(written, word, strict=True)):
            return word
    return None


@cache
def _maskable(starred: bool) -> dict[int, list[str]]:
    table = tomllib.loads(Path(__file__).with_name("masked_words.toml").read_text(encoding="utf-8"))
    by_length: dict[int, list[str]] = {}
    for word in (*table["words"], *(table["acts"] if starred else ())):
        by_length.setdefault(len(word), []).append(word)
    return by_length


@cache
def _known() -> frozenset[str]:
    return frozenset(word for words in _maskable(True).values() for word in words)


def spaced(text: str) -> list[Edit]:
    """Return single letters with the same gap between them, as the word they spell."""
    edits: list[Edit] = []
    for found in _SPACED.finditer(text):
        gap = found.group(1)
        letters = found.group().split(gap)
        word = "".join(letters)
        if sum(letter.isalpha() for letter in letters) * 2 <= len(letters):
            continue
        read = _leet_reading(word) if not word.isalpha() else word
        if (len(word) >= _SURE and read) or read in _known():
            edits.append((*found.span(), read or word))
    return edits


def leet(text: str) -> list[Edit]:
    """Return the words with figures and signs for letters."""
    edits: list[Edit] = []
    for found in _LEET.finditer(text):
        word = found.group()
        plain = _EXCLAIMED.sub("", word, count=1)
        read = _leet_reading(plain)
        if read and read != plain:
            edits.append((found.start(), found.start() + len(plain), read))
    return edits


@lru_cache(maxsize=4096)
def _leet_reading(word: str) -> str | None:
    """Return the word that is meant, or None where it is no disguise but a code, a price, a handle or two words."""
    for table in (_LEET_LETTERS, _ELL):
        read = word.translate(table)
        if read in _known() or (read in common_words() and len(read) > 2 and word[0].isalpha() and word[-1].isalpha()):
            return read
    read = word.translate(_LEET_LETTERS)
    if not read.isalpha() or sum(letter.isalpha() for letter in word) < 2 or word.startswith("@"):
        return None
    if _CODE.fullmatch(word):
        return None
    _, exclaimed, after = word.rpartition("!")
    return None if exclaimed and len(after) > 2 and after in common_words() else read


def repeated(text: str) -> list[Edit]:
    """Return letters that stand more than twice in a row, as one or two."""
    edits: list[Edit] = []
    for found in _REPEATED.finditer(text):
        start, end = found.span()
        letter = found.group(1)
        alone = (start == 0 or not text[start - 1].isalpha()) and (end == len(text) or not text[end].isalpha())
        if (alone and end - start <= 4) or (letter in "ixc" and _is_roman(text, start, end)):
            continue
        ends_word = end == len(text) or not text[end].isalpha()
        keep = 2 if letter in _DOUBLED and not (ends_word and letter in "eo") else 1
        edits.append((start, end, letter * keep))
    return edits


def _is_roman(text: str, start: int, end: int) -> bool:
    return end - start == 3 and any(one.start() <= start < one.end() for one in _around(text, start))


def _around(text: str, at: int) -> Iterator[re.Match[str]]:
    return _ROMAN.finditer(text, max(0, at - 6), at + 9)
