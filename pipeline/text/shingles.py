"""Salted hashes of word triples: how a quotation of a document is known without the document.

Used when a document is added to a topic, and when a post is screened. The telling words of a sentence, as stems, are
hashed in threes with this installation's salt; a triple may leave out one word between, so that a quotation with a word
changed, dropped or added keeps most of its hashes. Nothing leads back from a hash to a text.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from pipeline.text.analysis import stem
from pipeline.text.fold import fold

BOILERPLATE = Path(__file__).with_name("boilerplate.txt")
SHORTEST = 6
"""A sentence with fewer telling words is a title or a table's cell, and not kept."""
LONGEST = 40
"""Longer stretches without the end of a sentence are cut."""
HASH_BYTES = 8

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*(?=[•·▪*\-–—]\s|\(?[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?\s|\(?[a-z]{1,3}\)\s)")
_SENTENCE = re.compile(r"(?<=[.!?;:])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9£])")
_HYPHENATED = re.compile(r"(?<=[a-z])-\s*\n\s*(?=[a-z])")
_SMALL_WORDS = (
    "a about above after again all also am an and any are as at be because been before being below between both but "
    "by can cannot could did do does doing done down during each else ever every few for from further get got had "
    "has have having he her here hers him his how however i if in into is it its itself just may me might more most "
    "much must my no nor not now of off on once one only or other our ours out over own per quite rather said same "
    "say shall she should since so some such than that the their theirs them then there therefore these they this "
    "those through thus to too under until up upon us very was we were what when where which while who whom whose "
    "why will with within without would yet you your yours "
)
_ENDS = (".", "!", "?", ";", ":", '"', "\u201d", ")")
_TITLE = 14
"""A paragraph of so few words that ends like no sentence is a title or a heading."""
_COMMON = frozenset(_SMALL_WORDS.split())


def telling(folded: str) -> list[tuple[str, int, int]]:
    """Return the telling words of a folded text as stems with their bounds, small words left out."""
    return [
        (stem(found.group()), found.start(), found.end())
        for found in _WORD.finditer(folded)
        if found.group() not in _COMMON
    ]


def many_enough(folded: str, least: int) -> bool:
    """Return whether a text has so many words at all: a quick look before anything is hashed."""
    return folded.count(" ") + folded.count("\n") + 1 >= least


def hashed(salt: bytes, one: str, two: str, three: str) -> int:
    """Return the salted hash of three stems."""
    triple = f"{one} {two} {three}".encode()
    return int.from_bytes(hashlib.blake2b(triple, digest_size=HASH_BYTES, key=salt).digest(), "big")


def triples(stems: Sequence[str], *, gaps: bool) -> Iterator[tuple[int, int, int]]:
    """Yield triples of places: three that follow each other, or, with gaps, those that leave out one between."""
    for at in range(len(stems) - 2):
        if not gaps:
            yield at, at + 1, at + 2
        elif at + 3 < len(stems):
            yield at, at + 2, at + 3
            yield at, at + 1, at + 3


def sentences(text: str) -> list[str]:
    """Return the sentences of a document; lines that only wrap are joined, titles and headings are left out."""
    joined = _HYPHENATED.sub("", text.replace("\r\n", "\n"))
    found = []
    for paragraph in _PARAGRAPH.split(joined):
        line = " ".join(paragraph.split())
        if line.endswith(_ENDS) or len(line.split()) > _TITLE:
            found += _SENTENCE.split(line)
    return [one for one in found if one]


def document_hashes(text: str, salt: bytes, published: Iterable[str] = ()) -> list[list[int]]:
    """Return the hashes of a document by sentence, what is boilerplate or published left out.

    published are texts that anybody may quote, such as the open report. Sentences come in the order of their hashes,
    so that nothing of the document's order is kept.
    """
    known = _boilerplate(salt) | {one for other in published for kept in _kept(other) for one in _all(kept, salt)}
    found = []
    for stems in _kept(text):
        hashes = _all(stems, salt)
        if 2 * len(hashes & known) < len(hashes):
            found.append(sorted(hashes - known))
    return sorted(found)


def _kept(text: str) -> Iterator[list[str]]:
    for sentence in sentences(text):
        stems = [one for one, _, _ in telling(fold(sentence).text)]
        for at in range(0, len(stems), LONGEST):
            part = stems[at : at + LONGEST]
            if len(part) >= SHORTEST:
                yield part


def _all(stems: Sequence[str], salt: bytes) -> set[int]:
    return {
        hashed(salt, stems[one], stems[two], stems[three])
        for gaps in (False, True)
        for one, two, three in triples(stems, gaps=gaps)
    }


@cache
def _boilerplate(salt: bytes) -> frozenset[int]:
    """Return the hashes of what stands in every council's reports, written down by us."""
    lines = BOILERPLATE.read_text(encoding="utf-8").splitlines()
    texts = (line for line in lines if line and not line.startswith("#"))
    return frozenset(one for text in texts for kept in _kept(text) for one in _all(kept, salt))
