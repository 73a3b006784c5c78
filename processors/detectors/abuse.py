"""Abuse of a person (6.1), or offensive language by a councillor (2.4, 5.2.5): two rude words together weigh as one
abusive one.
"""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Judged
from processors.rules.model import Aim

_BARE = frozenset({"abuse.bare", "abuse.dismissal", "abuse.mild"})


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible abuse, one finding a person."""
    by_person: dict[str | None, list[tuple[Judged, Finding]]] = {}
    for judged in case.judged("abuse"):
        if judged.rule.id in _BARE and _about_others(case, judged):
            continue
        level = judged.rule.level_for(case.reading.direction)
        finding = case.finding(judged, level, f"{level} because: {judged.rule.reason}")
        if judged.rule.aim is Aim.GROUP:
            yield finding
        else:
            by_person.setdefault(finding.target, []).append((judged, finding))
    for held in by_person.values():
        yield _weighed(case, held)


def _weighed(case: Case, held: list[tuple[Judged, Finding]]) -> Finding:
    best = max((finding for _, finding in held), key=lambda one: one.level.rank)
    if case.reading.outbound:
        return msgspec.structs.replace(best, level=Level.MODERATE, reason=f"moderate because: {held[0][0].rule.reason}")
    if best.level is Level.LOW and best.rule != "abuse.emoji" and _apart([finding for _, finding in held]):
        return msgspec.structs.replace(best, level=Level.MODERATE, reason="moderate because: several insults")
    return best


def _apart(findings: list[Finding]) -> bool:
    spans = sorted(one.span for one in findings if one.span is not None)
    return any(after[0] >= before[1] for before, after in pairwise(spans))


def _about_others(case: Case, judged: Judged) -> bool:
    """Words without a person in a thread about thieves or fly-tippers mean those, not the councillor."""
    event = case.reading.event
    around = " ".join(
        text for text in (event.thread_title, event.in_reply_to.text if event.in_reply_to else None) if text
    )
    return not judged.marked.people() and case.cues.wrongdoers.search(around.lower()) is not None
