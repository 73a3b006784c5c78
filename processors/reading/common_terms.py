"""Terms of confidential topics that match too much: held against ordinary talk, or against posts that came in.

Used by `parapet check` and `parapet topics common`. Says which field and entry, never the term.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.registers.confidential import FILE, TERM_LISTS
from pipeline.registers.topic import ConfidentialTopic
from pipeline.text.fold import fold
from pipeline.text.words import Word, words_of
from processors.reading.terms import Term, term_of

SHARE = 0.04
"""A term of a group is too common from this share of the lines on; one that is enough alone, from the first line on."""
ALONE = frozenset({"strong_terms", "code_names"})


@dataclass(frozen=True)
class Line:
    """A line of talk, folded, with its words."""

    folded: str
    words: Sequence[Word]

    def holds(self, term: Term) -> bool:
        """Return whether a term stands in the line."""
        return any(term.at(self.words, at, self.folded) is not None for at in range(len(self.words)))


def lines_of(texts: Iterable[str]) -> list[Line]:
    """Return texts made ready to be compared with terms."""
    folded = [fold(text).text for text in texts]
    return [Line(one, words_of(one)) for one in folded]


def too_common(topics: Iterable[ConfidentialTopic], lines: Sequence[Line], of: str) -> list[str]:
    """Return which terms match too many lines, with the cure; of says what the lines are."""
    notes = []
    for topic in topics:
        for where, alone, terms in _fields(topic):
            for at, written in enumerate(terms, start=1):
                term = term_of(written)
                count = sum(line.holds(term) for line in lines)
                if count >= (1 if alone else max(2, SHARE * len(lines))):
                    notes.append(
                        f"{FILE}: {topic.ref!r}: {where}, entry {at} stands in {count} of {len(lines)} {of}: "
                        "it matches too much; write more of it, or what goes with it"
                    )
    return notes


def _fields(topic: ConfidentialTopic) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    for at, group in enumerate(topic.terms_all_of, start=1):
        yield f"terms_all_of, group {at}", False, group
    for name in TERM_LISTS:
        yield name, name in ALONE, getattr(topic, name)
