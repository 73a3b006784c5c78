"""Names of people who hold no office, found in the original words: a title with a name, or two names in a row.

Used by the personal-data detector, beside a detail or a case. Streets, places, institutions and registered people are
no private names. What is not sure stays so: a name alone is never a finding.
"""

import re

from processors.reading.names import Marked

_NOT_NAMES = frozenset((
    "road", "street", "lane", "avenue", "close", "drive", "terrace", "crescent", "row", "way", "gardens", "grove",
    "hill", "court", "mews", "walk", "rise", "view", "place", "square", "green", "park", "house", "hall", "centre",
    "center", "church", "school", "library", "surgery", "hospital", "station", "bridge", "inn", "arms", "club",
    "team", "services", "council", "committee", "ltd", "limited", "homes", "developments", "group", "estate",
    "farm", "market", "cross", "gate", "primary", "academy", "college", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "christmas", "easter", "the", "a", "an", "and", "of",
    "in", "on", "at", "to", "for", "is", "are", "was", "dear", "hi", "hello", "thanks", "thank", "you", "your",
    "we", "they", "he", "she", "it", "this", "that", "my", "our", "cllr", "councillor", "leader", "mayor",
    "officer", "police", "planning", "housing", "benefit", "universal", "credit", "great", "good", "happy", "new",
    "first", "last", "north", "south", "east", "west", "upper", "lower", "old", "st", "saint", "meadow", "bank",
    "bay", "field",
))  # fmt: skip
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Master)\.?\s+[A-Z][a-z'’\-]+(?:\s+[A-Z][a-z'’\-]+)?")
_PAIR = re.compile(r"\b([A-Z][a-z'’]+)\s+([A-Z][a-z'’]+(?:-[A-Z][a-z]+)?)\b")


def private_name(original: str, marked: Marked) -> tuple[int, int] | None:
    """Return where the first private name stands, in code points of the original, or None."""
    known = [marked.folded.span(one.start, one.end) for one in marked.mentions]
    for pattern in (_TITLED, _PAIR):
        at = 0
        while found := pattern.search(original, at):
            start, end = found.span()
            registered = any(start < last and first < end for first, last in known)
            if not registered and not _ordinary(found.group(), titled=pattern is _TITLED):
                return start, end
            at = found.start() + len(found.group().split()[0])
    return None


def _ordinary(words: str, *, titled: bool) -> bool:
    parts = [part.lower().strip("'’.") for part in re.split(r"[\s\-]+", words)]
    return any(
        part in _NOT_NAMES or part.removesuffix("'s").removesuffix("’s") in _NOT_NAMES for part in parts[titled:]
    )
