"""Abuse of a person (6.1), or offensive language by a councillor (2.4, 5.2.5): two rude words apart weigh as one
abusive one.

Words that name nobody ("absolute scum", "he's a tosser") mean the person spoken to, unless the text or the thread tells
of somebody else whom they fit better: thieves, a neighbour, whoever dumped it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Judged
from processors.rules.model import Aim

_ADDRESSED = re.compile(r"\b(?:you|u|ya|ye|yer|ur|your|youre|yous)\b|xq[pob]")
_LONE = frozenset({"abuse.emoji"})
"""Rules of which two matches are still one insult."""


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible abuse; where several rude words mean one person, the first weighs as abusive."""
    by_person: dict[str, list[Finding]] = {}
    for judged in case.judged("abuse"):
        if _about_others(case, judged):
            continue
        level = judged.rule.level_for(case.reading.direction)
        finding = case.finding(judged, level, f"{level} because: {judged.rule.reason}")
        if judged.rule.aim is Aim.GROUP:
            yield finding
        else:
            for person in _people(judged):
                by_person.setdefault(person, []).append(msgspec.structs.replace(finding, target=person))
    for held in by_person.values():
        yield from _weighed(case, held)


def _people(judged: Judged) -> tuple[str, ...]:
    """Return whom the words mean: everybody named in them, as in 'X and Y are clowns', else the one person meant."""
    match = judged.match
    named = [one.person for one in judged.marked.people() if match.start <= one.start < match.end]
    if len(named) < 2 and judged.aimed.person is not None:
        return (judged.aimed.person,)
    return tuple(dict.fromkeys(one for one in named if one is not None))


def _weighed(case: Case, held: list[Finding]) -> list[Finding]:
    best = max(held, key=lambda one: one.level.rank)
    if case.reading.outbound:
        return [msgspec.structs.replace(one, level=Level.MODERATE, reason=_moderate(one)) for one in held]
    if best.level is Level.LOW and best.rule not in _LONE and _apart(held):
        raised = msgspec.structs.replace(best, level=Level.MODERATE, reason="moderate because: several insults")
        return [raised, *(one for one in held if one is not best)]
    return held


def _moderate(finding: Finding) -> str:
    return f"moderate because: {finding.reason.partition(' because: ')[2]}"


def _apart(findings: list[Finding]) -> bool:
    spans = sorted(one.span for one in findings if one.span is not None)
    return any(after[0] >= before[1] for before, after in pairwise(spans))


def _about_others(case: Case, judged: Judged) -> bool:
    """Return whether words that name nobody fit somebody else in the text, or the wrongdoers of the thread, better."""
    match, text = judged.match, judged.marked.text
    if _ADDRESSED.search(text, match.start, match.end):
        return False
    if case.cues.bystanders.search(text, 0, match.start) is not None:
        return True
    event = case.reading.event
    around = " ".join(
        text for text in (event.thread_title, event.in_reply_to.text if event.in_reply_to else None) if text
    )
    return not judged.marked.people() and case.cues.wrongdoers.search(around.lower()) is not None
