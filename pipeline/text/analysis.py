"""One analysis for texts and queries, so that both stores find the same: fold, split into words, stem.

Used by the stores alone. A term holds letters and digits of any script, lower case; an emoji's has the sign ¤ between
the words of its name. No term holds white space or ASCII punctuation, so a text's terms can be handed to a store as one
string with spaces. All words are kept, also the small ones, because phrases need them in their places.
"""

import re
import threading
from functools import lru_cache

import msgspec
import snowballstemmer

from pipeline.ids import digest
from pipeline.text.fold import fold
from pipeline.text.spelling import british

MOST_TERMS = 100
"""A query may ask for so many different words and phrases together."""

LONGEST_TERM = 64
"""Longer words count by their first so many code points."""

EMOJI_SIGN = "¤"
"""Stands before an emoji's name and between its words; folding leaves it alone, and no word holds it."""

_LINK = re.compile(r"https?://[^\s\"“”<>]+", re.IGNORECASE)
_EMOJI = re.compile(r"(?<!\S):([a-z0-9][\w’.()!#&*,\-]*):(?!\S)")
_WORD = re.compile(rf"[^\W_{EMOJI_SIGN}]+(?:'[^\W_]+)*|{EMOJI_SIGN}[^\W_](?:[^\W_]|{EMOJI_SIGN})*")
_NOT_PLAIN = re.compile(r"[\W_]+")
_QUOTED = re.compile(r'["“”„]([^"“”„]*)["“”„]')
_stemming = threading.Lock()
"""The stemmer keeps the word it works on in itself, and the console asks from several threads."""
_stemmer = snowballstemmer.stemmer("english")


class ParsedQuery(msgspec.Struct, frozen=True):
    """What a person asked for: terms that must all occur, and runs of terms that must stand together."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """Return each word, and each phrase as its terms with spaces between."""
        return (*self.words, *(" ".join(phrase) for phrase in self.phrases))


def terms(text: str) -> list[str]:
    """Return the terms of a text in order. A web address or emoji counts as a whole, and by its words after that."""
    found: list[str] = []
    at = 0
    for link in _LINK.finditer(text):
        found += [*_words(text[at : link.start()]), link_term(link.group()), *_words(link.group())]
        at = link.end()
    return found + _words(text[at:])


def link_term(address: str) -> str:
    """Return the one term of a web address: without scheme, letter case and what a sentence puts behind it."""
    return "link" + digest(address.partition("://")[2].casefold().rstrip("/.,;:!?)'"))


def parse_query(text: str) -> ParsedQuery:
    """Return the words and "quoted phrases" of what was typed; there are no operators, wildcards or errors of syntax.

    Raises:
        ValueError: more than MOST_TERMS different words and phrases.
    """
    links = [link_term(link) for link in _LINK.findall(text)]
    text = _LINK.sub(" ", text)
    quoted = [_asked(phrase) for phrase in _QUOTED.findall(text)]
    words = [*_asked(_QUOTED.sub(" ", text)), *links, *(phrase[0] for phrase in quoted if len(phrase) == 1)]
    parsed = ParsedQuery(
        words=tuple(dict.fromkeys(words)), phrases=tuple(dict.fromkeys(phrase for phrase in quoted if len(phrase) > 1))
    )
    asked = len(parsed.words) + sum(map(len, parsed.phrases))
    if asked > MOST_TERMS:
        raise ValueError(f"the search has {asked} different words: give at most {MOST_TERMS}")
    return parsed


def folded_name(name: str) -> str:
    """Return a handle or display name in the form that names are compared in: folded, one space, no leading @."""
    return " ".join(fold(name).text.split()).removeprefix("@")


def stem(word: str) -> str:
    """Return the term of one folded word: its stem, in British spelling."""
    return _term(word)


def _words(text: str) -> list[str]:
    """Return the terms of a text without web addresses; an emoji's own term stands before the words of its name."""
    return [_term(word) for word in _WORD.findall(_EMOJI.sub(_name_and_words, fold(text).text))]


def _asked(text: str) -> tuple[str, ...]:
    """Return the terms of a part of a query: an emoji is asked for itself, not for the words of its name."""
    return tuple(_term(word) for word in _WORD.findall(_EMOJI.sub(_name, fold(text).text)))


def _name(emoji: re.Match[str]) -> str:
    return EMOJI_SIGN + _NOT_PLAIN.sub(EMOJI_SIGN, emoji.group(1))


def _name_and_words(emoji: re.Match[str]) -> str:
    return f"{_name(emoji)} {emoji.group(1)}"


@lru_cache(maxsize=50_000)
def _term(word: str) -> str:
    plain = word.removesuffix("'s").replace("'", "")[:LONGEST_TERM]
    if plain.startswith(EMOJI_SIGN):
        return plain
    with _stemming:
        return str(_stemmer.stemWord(british(plain)))
