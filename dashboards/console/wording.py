"""Codes in words: levels, states, platforms, times, timeline entries. What people read on every page of the console."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboards.console.letters import templates
from pipeline.vocabulary.alert import AlertKind, DeliveryState
from pipeline.vocabulary.assistance import Letter, TakedownOutcome
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Field
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState, TimelineEntry, VerdictCode
from pipeline.vocabulary.levels import Level, Role, Route
from pipeline.vocabulary.operations import DeadLetterReason

MANUAL_ACCOUNT = "manual"
"""The account of an incident recorded by hand that was not seen on a registered account."""

LEVEL_TAGS: Mapping[Level, str] = {
    Level.CRITICAL: "parapet-tag--critical",
    Level.HIGH: "govuk-tag--orange",
    Level.MODERATE: "govuk-tag--yellow",
    Level.LOW: "govuk-tag--grey",
}

STATES: Mapping[IncidentState, str] = {
    IncidentState.OPEN: "Open",
    IncidentState.ACKNOWLEDGED: "In hand",
    IncidentState.CLOSED: "Closed",
}

VERDICTS: Mapping[VerdictCode, str] = {
    VerdictCode.CONFIRMED: "Confirmed",
    VerdictCode.NOT_A_FINDING: "Not a finding",
    VerdictCode.LEVEL_CHANGED: "Level changed",
}

ROLES: Mapping[Role, str] = {
    Role.COMMUNICATIONS_TEAM: "Communications Team",
    Role.MONITORING_OFFICER: "Monitoring Officer",
    Role.SERVICE_HEAD: "service head",
    Role.DATA_PROTECTION_OFFICER: "data protection officer",
    Role.ICT_SECURITY: "ICT security",
    Role.RETURNING_OFFICER: "Returning Officer",
    Role.COUNCILLOR: "the councillor, by a person",
}

PLATFORMS: Mapping[str, str] = {
    "x": "X",
    "youtube": "YouTube",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "generic": "Another site",
}

FIELDS: Mapping[Field, str] = {
    Field.TEXT: "What was written",
    Field.BIO: "Profile text",
    Field.ALT_TEXT: "Description given with an image",
    Field.OCR_TEXT: "Words in an image, read by software",
    Field.SHARED: "The post that was shared",
}

DIRECTIONS: Mapping[str | None, str] = {
    Direction.INBOUND.value: "Written to the Council or a councillor",
    Direction.OUTBOUND.value: "Written from the Council's or a councillor's account",
    None: "Not known",
}

DELIVERIES: Mapping[DeliveryState, str] = {
    DeliveryState.SENT: "Sent",
    DeliveryState.RETRYING: "Not sent yet: trying again",
    DeliveryState.FAILED: "Not sent: given up",
}

ALERTS: Mapping[AlertKind, str] = {
    AlertKind.PAGE: "Alert",
    AlertKind.RISE: "Alert: level rose",
    AlertKind.SUMMARY: "Summary of what came late",
    AlertKind.TEST: "Test alert",
}

DEAD_LETTERS: Mapping[str, str] = {
    DeadLetterReason.BAD_JSON: "Could not be read as JSON",
    DeadLetterReason.BAD_FIELD: "A field is missing or wrong",
    DeadLetterReason.UNKNOWN_ACCOUNT: "Names an account that is not in the register",
    DeadLetterReason.ENDED_ACCOUNT: "Names an account whose agreement has ended",
    DeadLetterReason.NOT_A_SOURCE: "Came from something that is not a source",
    DeadLetterReason.TOO_LARGE: "Too large",
    DeadLetterReason.NOT_SCREENED: "Not screened, or not all of it: an officer must read it",
    DeadLetterReason.PROCESSING_FAILED: "Processing failed",
    DeadLetterReason.STORE_REFUSED: "The store refused it",
}

KEPT_AS: Mapping[str, str] = {"disputed": "Disputed", "on_hold": "On hold", "restricted": "Restricted"}

SCHEDULE: Mapping[str, str] = {
    "complaint": "Gathered under a complaint, from when it was closed",
    "critical": "Critical, from when it was closed",
    "high": "High, from when it was closed",
    "moderate": "Moderate, from the last post",
    "low": "Low, from the last post",
    "not_a_finding": "Judged to be no finding, from that verdict",
    "other": "Drafts, tests and summaries, from the last post",
}
"""The lines of the retention schedule in words, by their names in `processors.retention.Months`."""

REMOVALS: Mapping[TakedownOutcome | None, str] = {
    None: "Open",
    TakedownOutcome.DONE: "Removed",
    TakedownOutcome.REFUSED: "Refused",
    TakedownOutcome.NOT_FOUND: "Post not found any more",
}

_TIMELINE: Mapping[str, str] = {
    "opened": "Incident opened",
    "event_added": "Another post added",
    "events_added": "Posts added",
    "level_raised": "Level raised",
    "alert_raised": "Alert raised",
    "test_raised": "Test alert raised",
    "summary_raised": "Put into the summary of what came late",
    "nobody_to_tell": "Nobody in the recipients register to tell",
    "acknowledged": "Acknowledged",
    "verdict": "Verdict given",
    "note": "Note added",
    "gathered": "Gathered under a complaint",
    "recorded": "Recorded by hand",
    "prompted": "Letter sent by an officer",
    "referred": "Referred to the Monitoring Officer",
    "removal_asked": "Removal asked for",
    "removal_closed": "Request to remove closed",
    "held": "Put on hold",
    "released": "Hold released",
    "disputed": "Marked as disputed",
    "settled": "Dispute settled",
    "restricted": "Restricted",
    "lifted": "Restriction lifted",
    "refused": "Not done",
}

_ROUTES: Mapping[Route, str] = {
    Route.POLICE_999: "Call 999 if anyone is in immediate danger. Otherwise report to the police on 101 or online.",
    Route.POLICE_101: "Report to the police on 101 or online. If anyone is in immediate danger, call 999.",
}


def platform(name: str) -> str:
    """Return a platform's name as people write it."""
    return PLATFORMS.get(name, name.capitalize())


def on_screen(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as people read it: 14 March 2026, 9:05pm GMT."""
    local = at.astimezone(zone)
    return f"{day(at, zone)}, {clock(at, zone)} {local.tzname()}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return a day as people read it: 14 March 2026."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def plain_day(on: date) -> str:
    """Return a day without a time as people read it: 14 March 2026."""
    return f"{on.day} {on:%B %Y}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return a time of day as people read it: 9:05pm."""
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def ago(span: timedelta) -> str:
    """Return how long ago in words: just now, 4 minutes ago, 3 hours ago, 2 days ago."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"{minutes // size} {unit}{'s' if minutes // size > 1 else ''} ago"
    raise AssertionError("a minute or more is always one of the three")


def timeline(entry: TimelineEntry) -> str:
    """Return a timeline entry in words, without who and when."""
    words = _TIMELINE.get(entry.code, entry.code.replace("_", " ").capitalize())
    detail = entry.detail
    if not detail or entry.code == "event_added":  # its detail is the event's id, which says nothing to people
        return words
    if entry.code == "verdict":
        code, _, level = detail.partition(" ")
        given = VERDICTS[VerdictCode(code)] if code in set(VerdictCode) else code
        return f"{words}: {given.lower()}{f' to {level}' if level else ''}"
    if entry.code == "nobody_to_tell" and detail in set(Role):
        detail = ROLES[Role(detail)]
    if entry.code == "prompted" and detail in set(Letter):
        detail = letter(Letter(detail))
    if entry.code == "removal_closed" and detail in set(TakedownOutcome):
        detail = REMOVALS[TakedownOutcome(detail)].lower()
    return f"{words}: {detail}"


def letter(code: Letter) -> str:
    """Return the title of a letter."""
    return templates()[code].title


def advice(incident: Incident, tier: str | None) -> str:
    """Return the advice on whom to tell outside the Council, or nothing. tier is the councillor's, None for an officer.

    Operation Ford is for borough councillors, not for those of a parish or town alone (domain reference, 2.2).
    """
    if incident.route is None:
        return ""
    words = _ROUTES[incident.route]
    if tier is None:
        return words
    if tier in {"parish", "town"}:
        return f"{words} Operation Ford does not apply to parish and town councillors."
    return f"{words} Say that it is an Operation Ford incident."


def names(incident: Incident) -> str:
    """Return what an incident possibly is, in words, the most serious first."""
    ranks: dict[Category, int] = {}
    for piece in incident.evidence:
        for finding in piece.findings:
            ranks[finding.category] = max(ranks.get(finding.category, 0), finding.level.rank)
    if incident.kind is IncidentKind.PILE_ON:
        return "Possible pile-on: many authors, one person"
    labels = [one.label for one in sorted(incident.categories, key=lambda one: -ranks.get(one, 0))]
    return ", ".join([*labels[:1], *(label[0].lower() + label[1:] for label in labels[1:])]) or "Recorded incident"
