"""From the search form to a query of the store, and to the codes of it that the audit log keeps. Pure.

Dates are day first, whole days in the council's zone; the second date counts to its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.registers.types import Registers
from pipeline.store.interface import Query
from pipeline.store.searchable import name_key
from pipeline.topics import PLATFORMS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level

FIELDS = ("text", "person", "author", "paragraph", "category", "level", "platform", "state", "gathered")
DATE_FIELDS = tuple(f"{name}-{part}" for name in ("from", "until") for part in ("day", "month", "year"))
LONGEST_TEXT = 500
PAGE_SIZE = 25

MATCHED: Mapping[str, str] = {
    "person": "who it concerns",
    "author": "author",
    "paragraph": "paragraph",
    "category": "what it possibly is",
    "levels": "level",
    "platform": "platform",
    "states": "state",
    "complaint": "complaint",
    "posted_from": "date",
    "posted_until": "date",
}
"""Why a hit matched, in words, by the store's field names."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True)
class Asked:
    """A query, or what is wrong with the form, by field."""

    query: Query
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        """Say whether anything but a level, state or platform narrows the query: if not, it is a browse."""
        narrowing = (self.query.text, self.query.person, self.query.author, self.query.paragraph)
        return any((*narrowing, self.query.category, self.query.complaint, self.query.posted_from))


def kept_fields(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the form that are filled in, and no others."""
    return {name: sent[name] for name in (*FIELDS, *DATE_FIELDS) if sent.get(name)}


def read_query(sent: Mapping[str, str], registers: Registers, zone: ZoneInfo) -> Asked:
    """Return the query of a search form, with an error for each field that cannot be read."""
    errors: dict[str, str] = {}
    start = read_day(sent, "from", errors)
    last = read_day(sent, "until", errors)
    if start and last and last < start:
        errors["until"] = "The second date must not be before the first"
    if len(sent.get("text", "")) > LONGEST_TEXT:
        errors["text"] = f"Words must be {LONGEST_TEXT} characters or fewer"
    query = Query(
        text=sent.get("text", ""),
        person=_one_of(sent, "person", people_ids(registers), errors),
        author=sent.get("author") or None,
        paragraph=sent.get("paragraph") or None,
        category=Category(found) if (found := _one_of(sent, "category", set(Category), errors)) else None,
        levels=(Level(level),) if (level := _one_of(sent, "level", set(Level), errors)) else (),
        states=(IncidentState(state),) if (state := _one_of(sent, "state", set(IncidentState), errors)) else (),
        platform=_one_of(sent, "platform", set(PLATFORMS), errors),
        complaint=sent.get("gathered", "").upper() or None,
        posted_from=_midnight(start, zone),
        posted_until=_midnight(last + timedelta(days=1), zone) if last else None,
        limit=PAGE_SIZE,
    )
    return Asked(query, errors)


def people_ids(registers: Registers) -> set[str]:
    """Return the ids of everybody an incident can concern."""
    return {one.id for one in registers.councillors} | {one.id for one in registers.officers}


def audit_detail(query: Query) -> dict[str, str]:
    """Return what the audit log keeps of a query: codes and dates; words as their number, an author as a hash."""
    detail = {
        "words": str(len(query.text.split())) if query.text else "",
        "author": name_key(query.author) if query.author else "",
        "person": query.person or "",
        "paragraph": query.paragraph or "",
        "category": query.category or "",
        "levels": " ".join(query.levels),
        "states": " ".join(query.states),
        "platform": query.platform or "",
        "gathered": query.complaint or "",
        "from": query.posted_from.isoformat() if query.posted_from else "",
        "until": query.posted_until.isoformat() if query.posted_until else "",
    }
    return {name: str(value) for name, value in detail.items() if value}


def _one_of(sent: Mapping[str, str], name: str, allowed: set[str], errors: dict[str, str]) -> str | None:
    value = sent.get(name) or None
    if value is not None and value not in allowed:
        errors[name] = "Select an entry of the list"
        return None
    return value


def read_day(sent: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    """Return the day of a date field, None where it is empty or no real date; then `errors` says so."""
    parts = [sent.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return None
    try:
        found = date(int(parts[2]), _month(parts[1]), int(parts[0]))
    except ValueError:
        errors[name] = "Enter a real date, such as 27 3 2026"
        return None
    if not 2000 <= found.year <= 2100:
        errors[name] = "Year must have 4 digits, such as 2026"
        return None
    return found


def _month(text: str) -> int:
    short = text[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else int(text)


def _midnight(on: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(on, time.min, zone) if on is not None else None
