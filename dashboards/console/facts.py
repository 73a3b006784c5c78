"""Published facts that may answer a claim (5.2.4): entries of the register that share words with the post. Pure.

The software says "check this claim", never "false": a person reads what the Council has published and judges.
"""

from pipeline.registers.types import Published, Registers
from pipeline.text.analysis import terms
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.incident import Incident

LEAST_SHARED = 2
MOST_SHOWN = 3
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "by",
        "with",
        "from",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "it",
        "its",
        "this",
        "that",
        "they",
        "we",
        "you",
        "he",
        "she",
        "not",
        "no",
        "as",
        "will",
        "would",
        "can",
        "all",
        "our",
        "your",
        "their",
        "council",
        "borough",
    ]
)


def facts_for(incident: Incident, registers: Registers) -> tuple[Published, ...]:
    """Return up to three published entries, the nearest first; nothing for incidents without a claim to check."""
    if Category.FALSE_STATEMENT not in incident.categories or not incident.evidence:
        return ()
    event = incident.evidence[-1].event
    said = _words(" ".join(text for text in (event.text, event.shared.text if event.shared else None) if text))
    known = [one for one in registers.published if _may_answer(one, event)]
    shared = sorted(known, key=lambda one: (-len(said & _of(one)), one.ref))
    return tuple(one for one in shared[:MOST_SHOWN] if len(said & _of(one)) >= LEAST_SHARED)


def _may_answer(entry: Published, event: Event) -> bool:
    return entry.topic_ref is None or entry.published_at <= event.happened_at


def _of(entry: Published) -> frozenset[str]:
    return _words(f"{entry.title} {entry.summary}")


def _words(text: str) -> frozenset[str]:
    return frozenset(terms(text)) - _SMALL
