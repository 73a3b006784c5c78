"""The words of a notification: level, reference, office, reasons, link; never a post's text, a name or a secret term.

Between alert and sender. Everything said here is made from codes and registers, so nothing a resident wrote can leak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.registers.types import Registers
from pipeline.vocabulary.alert import Alert, AlertKind
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level

EMERGENCY = "If anyone is in immediate danger call 999."
FORD = "For a report to the police use 101 or the force's online form and say that it is an Operation Ford incident."
NO_FORD = "For a report to the police use 101 or the force's online form."
JUDGE = (
    "The words of the post are not in this message: open the incident to read them. Nothing has been decided; "
    "a person judges. Please do not answer the author."
)

AGGRAVATORS: Mapping[str, str] = {
    "time": "a time is named",
    "place": "a place is named",
    "means": "a weapon or other means is named",
    "capability": "signs of capability or preparation",
    "surveillance": "signs of watching or following",
    "family": "family is named",
    "earlier_incident": "an earlier high or critical incident by the same author",
}


@dataclass(frozen=True)
class Notice:
    """One message as a sender takes it. number counts the messages sent under the alert's id, from 1."""

    alert: Alert
    subject: str
    text: str
    link: str
    count: int = 1
    number: int = 1

    @property
    def message_id(self) -> str:
        """Return the identity that a repeat of the same message carries again."""
        return self.alert.alert_id if self.number == 1 else f"{self.alert.alert_id}.{self.number}"


def notice(alert: Alert, registers: Registers, public_url: str, count: int = 1, number: int = 1) -> Notice:
    """Return the message for an alert. count is the number of incidents that a summary stands for."""
    base = public_url.rstrip("/")
    link = base + "/" if alert.kind is AlertKind.SUMMARY else f"{base}/incidents/{alert.reference}"
    subject, lines = _WORDS[alert.kind](alert, registers, count)
    text = "\n".join([*lines, "", f"Open: {link}", "", f"Parapet, for {registers.council.name}", ""])
    return Notice(alert, " ".join(subject.split()), text, link, count, number)


def concerned(alert: Alert, registers: Registers) -> str:
    """Return whom or what an alert concerns, by office and never by name."""
    if alert.person is not None:
        return registers.office_of(alert.person) or "a person no longer in the register"
    if Category.CONFIDENTIAL_LEAK in alert.categories:
        return "a confidential topic"
    return "the Council"


def _page(alert: Alert, registers: Registers, _count: int) -> tuple[str, list[str]]:
    about = concerned(alert, registers)
    raised = "raised to " if alert.kind is AlertKind.RISE else ""
    subject = f"[Parapet] {raised}{alert.level.value.upper()}: {alert.reference}, {about}"
    at = alert.created_at.astimezone(ZoneInfo(registers.council.timezone))
    lines = [
        *([EMERGENCY, ""] if alert.level is Level.CRITICAL else []),
        f"Level: {raised}{alert.level.value}",
        f"Reference: {alert.reference}",
        f"Concerns: {about}",
        f"Possible: {'; '.join(category.label for category in alert.categories)}",
        *([f"Because: {'; '.join(_reasons(alert))}"] if alert.aggravators else []),
        f"Raised: {at.day} {at:%B %Y, %H:%M %Z}",
        "",
        *([FORD if _ford(alert, registers) else NO_FORD] if alert.person is not None else []),
        JUDGE,
    ]
    return subject, lines


def _summary(_alert: Alert, _registers: Registers, count: int) -> tuple[str, list[str]]:
    incidents = "1 incident that came late waits" if count == 1 else f"{count} incidents that came late wait"
    return f"[Parapet] Summary: {incidents} in the queue", [
        f"{incidents} in the queue. Each would have paged you if it had come in time.",
        "They were more than a day old when they reached Parapet, so none of them paged by itself.",
        "Open the live page and look at them, the most serious first.",
        "",
        EMERGENCY,
    ]


def _test(alert: Alert, _registers: Registers, _count: int) -> tuple[str, list[str]]:
    return f"[Parapet] TEST of the alert chain: nothing has happened ({alert.reference})", [
        "This is a TEST. Nobody has been threatened and there is nothing to do.",
        "Somebody posted the harmless trigger phrase, or asked for a test, and this message proves that an alert",
        "would have reached you.",
        f"Reference of the test: {alert.reference}",
    ]


def _reasons(alert: Alert) -> list[str]:
    return [AGGRAVATORS.get(code, code.replace("_", " ")) for code in alert.aggravators]


def _ford(alert: Alert, registers: Registers) -> bool:
    """Operation Ford covers councillors of the borough, not parish councillors and not officers."""
    return any(one.id == alert.person and one.tier != "parish" for one in registers.councillors)


_WORDS = {
    AlertKind.PAGE: _page,
    AlertKind.RISE: _page,
    AlertKind.SUMMARY: _summary,
    AlertKind.TEST: _test,
}
