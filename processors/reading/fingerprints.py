"""Quotations of exempt documents: the hashes of a register's fingerprints in one index, and what of them a text holds.

Built once from the register and used by the quotation detector. Without fingerprints nothing is read; with them a post
costs a few microseconds, for its words are hashed in threes and looked up.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.registers.fingerprints import rows
from pipeline.registers.types import Registers
from pipeline.text.shingles import hashed, many_enough, telling, triples

LEAST_WORDS = 8
"""So many telling words of a document must stand in a text, close together."""
OF_EACH = 3
"""So many of them from each of two sentences of the document ..."""
OF_ONE = 16
"""... or so many from a single long one."""
APART = 12
"""Telling words of one quotation stand at most so far from the next."""


@dataclass(frozen=True)
class Quotation:
    """Words of a document in a text: its topic, bounds in the folded text, and from how many sentences they come."""

    topic_ref: str
    start: int
    end: int
    sentences: int


Sentence = tuple[int, int]
"""A document, by its place in the register, and a sentence of it."""


class Fingerprints:
    """All fingerprints of a register, from a hash to the sentences that hold it."""

    def __init__(self, registers: Registers) -> None:
        self._salt = registers.salt
        self._refs = [one.topic_ref for one in registers.fingerprints]
        self._sentences: dict[int, tuple[Sentence, ...]] = {}
        for document, fingerprint in enumerate(registers.fingerprints):
            for value, sentence in rows(fingerprint):
                self._sentences[value] = (*self._sentences.get(value, ()), (document, sentence))

    def __bool__(self) -> bool:
        return bool(self._sentences)

    def quotations(self, folded: str) -> list[Quotation]:
        """Return what a folded text quotes, at most one quotation a topic: the one that holds most."""
        if not self._sentences or not many_enough(folded, LEAST_WORDS):
            return []
        words = telling(folded)
        if len(words) < LEAST_WORDS:
            return []
        stems = [one for one, _, _ in words]
        places = self._places(stems, gaps=False)
        if sum(map(len, places.values())) < 2:
            return []
        for sentence, more in self._places(stems, gaps=True).items():
            places[sentence] |= more
        best: dict[str, tuple[int, Quotation]] = {}
        for document in {document for document, _ in places}:
            of_it = {number: found for (one, number), found in places.items() if one == document}
            ref = self._refs[document]
            for cluster in _clusters(set().union(*of_it.values())):
                counts = [len(found & cluster) for found in of_it.values()]
                if not _enough(stems, cluster, counts):
                    continue
                told = sum(count >= OF_EACH for count in counts)
                quotation = Quotation(ref, words[min(cluster)][1], words[max(cluster)][2], told)
                if ref not in best or len(cluster) > best[ref][0]:
                    best[ref] = (len(cluster), quotation)
        return [quotation for _, quotation in best.values()]

    def _places(self, stems: Sequence[str], *, gaps: bool) -> defaultdict[Sentence, set[int]]:
        """Return, by sentence of a document, the places in a text that its triples cover."""
        found: defaultdict[Sentence, set[int]] = defaultdict(set)
        salt, known = self._salt, self._sentences
        for one, two, three in triples(stems, gaps=gaps):
            for sentence in known.get(hashed(salt, stems[one], stems[two], stems[three]), ()):
                found[sentence].update((one, two, three))
        return found


def _clusters(places: set[int]) -> list[set[int]]:
    clusters: list[set[int]] = []
    last = -APART - 1
    for place in sorted(places):
        if place - last > APART:
            clusters.append(set())
        clusters[-1].add(place)
        last = place
    return clusters


def _enough(stems: Sequence[str], cluster: set[int], counts: Sequence[int]) -> bool:
    if len({stems[place] for place in cluster}) < LEAST_WORDS:
        return False
    return sum(count >= OF_EACH for count in counts) >= 2 or max(counts) >= OF_ONE
