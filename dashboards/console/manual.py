"""An incident recorded by hand, from the form to the act: the event with its ids, the person, the paragraph. Pure.

What was not seen on a registered account stands under the account `manual`. Its text and link are the officer's to
vouch for; nothing is fetched.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from dashboards.console.queries import people_ids
from dashboards.console.wording import MANUAL_ACCOUNT
from pipeline import ids
from pipeline.guidance import Guidance
from pipeline.registers.types import Registers
from pipeline.topics import PLATFORMS
from pipeline.vocabulary.activity import Activity, ActivityKind, ManualRecord
from pipeline.vocabulary.categories import NO_FINDING, Category
from pipeline.vocabulary.event import Action, Attachment, Author, Direction, Event, Ingest, Leg, Observation
from pipeline.vocabulary.levels import Level

LONGEST_TEXT = 20_000
_TIME_FIELDS = ("posted-day", "posted-month", "posted-year", "posted-hour", "posted-minute")


@dataclass(frozen=True)
class Known:
    """What a record is checked against, and who makes it, when."""

    registers: Registers
    guidance: Guidance
    zone: ZoneInfo
    by: str
    now: datetime


@dataclass(frozen=True)
class Recorded:
    """The act to send, or what is wrong with the form, by field."""

    activity: Activity | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_record(sent: Mapping[str, str], screenshot: str | None, known: Known) -> Recorded:
    """Return the act that records an incident. screenshot is its attachment url, once it is kept."""
    errors = _errors(sent, screenshot, known)
    if errors:
        return Recorded(errors=errors)
    seen = _observation(sent, screenshot, known)
    content = ids.content_hash(seen)
    identity = ids.event_id(seen, content, None)
    event = Event(**msgspec.structs.asdict(seen), event_id=identity, content_hash=content)
    return Recorded(record_of(event, sent, known))


def judgement_errors(sent: Mapping[str, str], known: Known) -> dict[str, str]:
    """Return what is wrong with whom it concerns, what it possibly is, on which paragraph, at which level."""
    checks = {
        "person": (sent.get("person", "") in {"", *people_ids(known.registers)}, "Select a person of the list"),
        "category": (sent.get("category") in set(Category) - NO_FINDING, "Select what it possibly is"),
        "paragraph": (sent.get("paragraph") in known.guidance.by_id, "Select the paragraph it rests on"),
        "level": (sent.get("level") in set(Level), "Select a level"),
    }
    return _failed(checks)


def record_of(event: Event, sent: Mapping[str, str], known: Known) -> Activity:
    """Return the act that records an event as an incident, once `judgement_errors` finds nothing wrong."""
    person = sent.get("person") or None
    record = ManualRecord(
        event=event,
        person=person,
        category=Category(sent["category"]),
        paragraph=sent["paragraph"],
        level=Level(sent["level"]),
    )
    concern = ids.concern_of(person, None, event.account)
    incident = ids.incident_id(concern, event.author.id if event.author else None, event.event_id)
    token = sent.get("form_token") or secrets.token_urlsafe(9)
    return Activity(
        activity_id=ids.digest("activity", incident, known.by, f"record:{token}"),
        incident_id=incident,
        concern=concern,
        kind=ActivityKind.RECORD,
        by=known.by,
        at=known.now,
        seen_version=0,
        record=record,
    )


def _errors(sent: Mapping[str, str], screenshot: str | None, known: Known) -> dict[str, str]:
    link = sent.get("link", "")
    checks = {
        "text": (
            bool(sent.get("text") or screenshot or link),
            "Enter what was written, or add a link or a screenshot",
        ),
        "link": (not link or _is_link(link), "Enter a web address that begins with https:// or http://"),
        "platform": (sent.get("platform") in PLATFORMS, "Select where it was seen"),
        "account": (sent.get("account") in {MANUAL_ACCOUNT, *known.registers.accounts}, "Select whose page it was on"),
    }
    found = _failed(checks) | judgement_errors(sent, known)
    if len(sent.get("text", "")) > LONGEST_TEXT:
        found["text"] = f"What was written must be {LONGEST_TEXT} characters or fewer"
    if _posted_at(sent, known) is None:
        found["posted"] = "Enter when it was posted, as a real date and time that is not in the future"
    return found


def _failed(checks: Mapping[str, tuple[bool, str]]) -> dict[str, str]:
    return {name: words for name, (good, words) in checks.items() if not good}


def _observation(sent: Mapping[str, str], screenshot: str | None, known: Known) -> Observation:
    handle, platform = sent.get("author", ""), sent["platform"]
    link, text = sent.get("link") or None, sent.get("text") or None
    account = known.registers.accounts.get(sent["account"])
    return Observation(
        platform=platform,
        object_id=f"{platform}:manual:{ids.digest(link, text, screenshot, handle)}",
        object_type="post",
        action=Action.CREATE,
        account=account.id if account else MANUAL_ACCOUNT,
        direction=Direction.INBOUND,
        text=text,
        author=Author(id=f"{platform}:handle:{handle.lower()}", handle=handle) if handle else None,
        permalink=link,
        attachments=(Attachment(type="image", url=screenshot),) if screenshot else (),
        posted_at=_posted_at(sent, known),
        observed_at=known.now,
        ingest=Ingest(connector="console", leg=Leg.MANUAL, source=known.by),
    )


def _posted_at(sent: Mapping[str, str], known: Known) -> datetime | None:
    parts = [sent.get(name, "") for name in _TIME_FIELDS]
    if not all(part.isdigit() and len(part) <= 4 for part in parts):
        return None
    day, month, year, hour, minute = (int(part) for part in parts)
    try:
        date(year, month, day)
        at = datetime(year, month, day, hour, minute, tzinfo=known.zone)
    except ValueError:
        return None
    return at if year >= 2000 and at <= known.now else None


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable() and " " not in text
