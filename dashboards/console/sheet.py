"""Incidents as a CSV file: references, dates and codes, no words of posts and no author names. Pure.

Spreadsheet programs run a cell that begins like a formula; such a cell gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboards.console import wording
from dashboards.console.source_lines import source_name
from pipeline.registers.types import Registers
from pipeline.vocabulary.incident import Incident

COLUMNS = (
    "reference",
    "level",
    "state",
    "verdict",
    "possibly",
    "categories",
    "paragraphs",
    "concerns",
    "platform",
    "source",
    "posts",
    "first_posted_at",
    "last_posted_at",
    "opened_at",
    "acknowledged_at",
    "complaints",
    "kept_as",
    "permalinks",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def make_sheet(incidents: Iterable[Incident], registers: Registers, zone: ZoneInfo) -> str:
    """Return the CSV, with a byte order mark so that spreadsheet programs read it as UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for incident in incidents:
        writer.writerow(neutral(cell) for cell in _row(incident, registers, zone))
    return out.getvalue()


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(incident: Incident, registers: Registers, zone: ZoneInfo) -> tuple[str, ...]:
    links = dict.fromkeys(one.event.permalink for one in incident.evidence if one.event.permalink)
    return (
        incident.reference,
        incident.level,
        wording.STATES[incident.state],
        wording.VERDICTS[incident.verdict.code] if incident.verdict else "",
        wording.names(incident),
        " ".join(incident.categories),
        " ".join(incident.paragraphs),
        registers.person_name(incident.person) or (incident.topic_ref or ""),
        wording.platform(incident.platform),
        source_name(registers, incident.account),
        str(len(incident.event_times)),
        _time(incident.first_posted_at, zone),
        _time(incident.last_posted_at, zone),
        _time(incident.opened_at, zone),
        _time(incident.acknowledged_at, zone),
        " ".join(incident.complaints),
        ", ".join(wording.KEPT_AS[one] for one in incident.kept_as),
        " ".join(link for link in links if link),
    )


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at is not None else ""
