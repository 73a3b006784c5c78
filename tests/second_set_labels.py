"""Labels of the second set: `6.1 threat_direct critical lisle` as the shared examples write what is expected."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.vocabulary.categories import THREATS, Category
from pipeline.vocabulary.levels import ALERTING, Level

ROUTED = THREATS | {Category.SELF_HARM_ENCOURAGEMENT, Category.HATE, Category.HARASSMENT}
OWN = {
    Category.PERSONAL_DATA: "data_protection_officer",
    Category.LOGIN_SHARING: "ict_security",
    Category.IMPERSONATION: "ict_security",
    Category.CONFIDENTIAL_LEAK: "service_head",
    Category.FALSE_STATEMENT: "communications_team",
}


def labels(short: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the findings of short labels, and the whole `expected` with alert, least roles and route.

    Raises:
        ValueError: naming a label that has too few words, or a category or level that is none.
    """
    findings = [_finding(one) for one in short]
    alert = any(one["level"] in ALERTING for one in findings)
    return findings, {"findings": findings, "alert": alert, "notify": _told(findings, alert), "route": _route(findings)}


def _finding(short: str) -> dict[str, Any]:
    paragraph, category, level, *rest = short.split()
    named = [None if word == "-" else word for word in rest]
    person = named[0] if not named[0] or named[0].startswith("off-") else f"cllr-{named[0]}"
    finding = {"paragraph": paragraph, "category": Category(category).value, "level": Level(level).value}
    return {**finding, "target": person} | ({"topic_ref": named[1]} if len(named) > 1 else {})


def _told(findings: Iterable[dict[str, Any]], alert: bool) -> list[str]:
    told = ["communications_team", "monitoring_officer"] if alert else []
    for one in findings:
        if one["level"] != Level.LOW:
            told.append("communications_team")
            told.extend([OWN[one["category"]]] if one["category"] in OWN else [])
            told.extend(["service_head"] if (one["target"] or "").startswith("off-") else [])
    return list(dict.fromkeys(told))


def _route(findings: Iterable[dict[str, Any]]) -> str | None:
    levels = {one["level"] for one in findings if one["category"] in ROUTED}
    if Level.CRITICAL in levels:
        return "police_999"
    return "police_101" if Level.HIGH in levels else None
