"""Names of people who hold no office, found in the original words: with a title, two in a row, by their label on a
form, or alone where somebody is introduced or spoken to.

Used by the personal-data detector, beside a detail or a case. Streets, places, institutions and registered people are
no private names. What is not sure stays so: a name alone is never a finding, and one word alone is marked as such.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    "bay", "field", "all", "everyone", "everybody", "folks", "team", "again", "there", "sir", "madam", "resident",
    "residents", "neighbour", "neighbours", "general", "oncology", "outpatients", "department", "ward", "clinic",
    "trust", "nhs", "esa", "pip", "capability", "work", "borough", "county", "district", "royal", "crown", "city",
    "town", "radio", "news", "echo", "times", "post", "herald", "gazette", "fm", "tv", "bbc", "itv", "deputy", "chief",
    "executive", "head", "director", "chair", "cabinet", "member", "minister", "prime", "secretary", "king", "queen",
    "prince", "princess", "lord", "lady", "labour", "conservative", "liberal", "democrat", "democrats", "reform",
    "independent", "party", "budget", "zoom", "facebook", "twitter", "whatsapp", "disabled", "facilities", "attendance",
    "allowance", "carer", "carers", "carer's", "personal", "independence", "payment", "blue", "badge", "support", "day",
    "week", "night", "holiday", "result", "spent", "anyone", "advice", "citizens", "age", "action", "mental", "health",
    "quay", "harbour", "wharf", "island", "river", "canal", "beach", "garden", "public", "community", "youth", "cafe",
    "english", "british", "welsh", "irish", "polish", "united", "rovers", "food", "scout", "scouts", "girl", "guides",
    "act", "part", "notice", "not", "but", "if", "what", "who", "why", "when", "how", "so", "no", "yes", "i'm", "i",
    "from", "subject", "re", "number", "flat", "year", "home", "no", "here", "now", "just", "out", "up", "ok", "okay",
    "call", "ring", "text", "phone", "email", "contact", "ask", "meet", "see", "tell", "vote", "join", "visit", "read",
    "macmillan", "samaritans", "shelter", "memorial", "festival", "carnival", "fair", "show", "big", "little",
))  # fmt: skip
_FORENAME = r"[A-Z][a-z]+"
_SURNAME = r"(?:O['’]|Mc|Mac|D['’]|de |van )?[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?"
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Master|Prof|Sister)\.?\s+(?:[A-Z]\.?\s+){{0,3}}{_SURNAME}(?:\s+{_SURNAME})?"
)
_INITIAL = re.compile(rf"(?<![\w.])(?:[A-Z]\.\s?){{1,3}}{_SURNAME}\b")
_PAIR = re.compile(rf"\b({_FORENAME})\s+({_SURNAME})\b")
_FAMILY = re.compile(
    rf"\b[Tt]he\s+({_SURNAME})\s+(?:family|children|kids|twins|household|brothers|sisters|boys|girls)\b"
)
_FIELD = re.compile(
    r"\b(?:surname|first names?|forenames?|full name|patient(?: name)?|claimant|applicant|tenant|name of \w+)"
    r"\s*[:\-]\s*"
    r"([A-Z][A-Za-z'’\-]+(?:\s+[A-Z][A-Za-z'’\-]+){0,2})",
    re.IGNORECASE,
)
_HOUSED = re.compile(rf"\b({_FORENAME})\s+(?:at|from|of)\s+(?:number|no\.?|flat|house)?\s*\d+", re.IGNORECASE)
_LOWER = re.compile(
    r"\b(?:was|is|called|named|name'?s|it'?s)\s+([a-z]{3,}\s+[a-z]{3,})\s+(?:at|of|from|in)\s+(?:number\s*|no\.?\s*|flat\s*)?\d+\b"
)
_INTRODUCED = re.compile(
    r"\b(?:called|named|name is|name's|name’s|name was|he's|she's|he’s|she’s|it's|it’s|it was|hi|hello|hiya|dear|poor|"
    r"little|young|baby|auntie|whose youngest,|whose eldest,)\s+([A-Z][a-z]{2,})\b",
    re.IGNORECASE,
)
_SURE = (_TITLED, _FAMILY, _FIELD, _PAIR, _INITIAL, _HOUSED, _LOWER)
_LETTER_IN_NAME = re.compile(r"[A-Z]")


@dataclass(frozen=True)
class PrivateName:
    """A name and where it stands in the original, in code points. sure: more than one word, or with a place to find."""

    start: int
    end: int
    sure: bool


def private_name(original: str, marked: Marked) -> PrivateName | None:
    """Return the first private name, a sure one before one that is not, or None."""
    known = [marked.folded.span(one.start, one.end) for one in marked.mentions]
    for pattern in (*_SURE, _INTRODUCED):
        for start, end, words in _found(pattern, original):
            registered = any(start < last and first < end for first, last in known)
            if not registered and not _ordinary(words, titled=pattern is _TITLED):
                return PrivateName(start, end, pattern is not _INTRODUCED)
    return None


def _found(pattern: re.Pattern[str], original: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    while found := pattern.search(original, at):
        group = 0 if pattern in {_TITLED, _INITIAL, _PAIR} else 1
        words = found.group(group)
        if pattern not in {_INTRODUCED, _HOUSED} or _LETTER_IN_NAME.match(words):
            yield found.start(group), found.end(group), words
        at = found.start() + len(found.group().split()[0])


def _ordinary(words: str, *, titled: bool) -> bool:
    parts = [part.lower().strip("'’.") for part in re.split(r"[\s\-]+", words)]
    return any(
        part in _NOT_NAMES or part.removesuffix("'s").removesuffix("’s") in _NOT_NAMES for part in parts[titled:]
    )
