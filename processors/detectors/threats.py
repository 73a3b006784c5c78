"""Threats, incitement, wishes, figures of speech (6.1): the level comes from the situation and what makes it worse.

Levels are those of the domain reference, 2.6. The reasons stand in words: 'critical because: threat of injury,
Friday, your surgery'. Each phrase counts once.
"""

from collections.abc import Iterator

import msgspec

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.reading.aggravators import Aggravator, aggravators_of
from processors.reading.case import Case, Judged
from processors.rules.model import Aim, Situation

_GRAVE = frozenset({Situation.DEATH, Situation.RAPE, Situation.FIRE, Situation.INJURY})
_DEADLY = frozenset({Situation.DEATH, Situation.RAPE, Situation.FIRE})


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible threats. Where rules of words alone find any, those that also ask for a score add nothing; else
    the one that is heard most surely does.
    """
    judged = list(case.judged("threats"))
    found = [finding for one in judged if one.rule.score is None for finding in _of(case, one)]
    yield from found
    heard = [one for one in judged if one.rule.score is not None]
    if heard and not found:
        yield from _of(case, max(heard, key=lambda one: _surely(case, one)))


def _of(case: Case, judged: Judged) -> Iterator[Finding]:
    if judged.aimed.person is None and judged.rule.aim is not Aim.ANYONE:
        yield from _at_nobody_known(case, judged)
    else:
        yield _threat(case, judged)


def _surely(case: Case, judged: Judged) -> float:
    """Return how surely what a rule asks for is heard."""
    score = judged.rule.score
    return case.tone.surely(score.label) if case.tone is not None and score is not None else 0.0


def _threat(case: Case, judged: Judged) -> Finding:
    found = aggravators_of(case, judged)
    level = _level(case, judged, found)
    reason = _reason(level, judged, found)
    finding = case.finding(judged, level, reason, tuple(sorted({one.code for one in found})))
    if _by_the_author(case, judged):
        finding = msgspec.structs.replace(finding, category=Category.THREAT_DIRECT)
    elif _by_others(case, judged, finding):
        return msgspec.structs.replace(finding, category=Category.THREAT_INCITEMENT)
    return _conditional(case, judged, finding)


def _by_others(case: Case, judged: Judged, finding: Finding) -> bool:
    """Whether others are called on to do what a rule for any wording of a threat has found: 'someone should brick'."""
    if finding.category is not Category.THREAT_DIRECT:
        return False
    match = judged.match
    words = judged.marked.text[match.start : match.end]
    return case.cues.to_others.search(words) is not None and case.cues.foretold.search(words) is None


def _by_the_author(case: Case, judged: Judged) -> bool:
    """Whether somebody says that they themselves will see to the harm: 'gets his jaw broke by me'."""
    if judged.rule.situation not in _GRAVE | {Situation.BEATING, Situation.HYPERBOLE}:
        return False
    return case.cues.by_author.search(judged.marked.text, judged.match.end, judged.sentence[1]) is not None


def _at_nobody_known(case: Case, judged: Judged) -> Iterator[Finding]:
    """A threat at a body of people, or at somebody in no register: queued for a person, never a page by itself."""
    if case.reading.answers_resident and not judged.aimed.group:
        return
    situation = judged.rule.situation
    if situation in _GRAVE and judged.rule.level is Level.CRITICAL:
        level = Level.HIGH if judged.aimed.group else Level.MODERATE
    elif situation in _GRAVE or situation is Situation.HYPERBOLE:
        level = Level.LOW
    else:
        return
    yield case.finding(judged, level, f"{level} because: {situation}, at nobody who can be named")


def _level(case: Case, judged: Judged, found: list[Aggravator]) -> Level:
    rule = judged.rule
    level = rule.level_for(case.reading.direction)
    if _by_the_author(case, judged):
        return Level.CRITICAL
    if rule.situation is Situation.HYPERBOLE:
        return level
    if rule.situation is not Situation.WISH and len({one.code for one in found}) >= 2:
        level = Level.CRITICAL
    if _joked(case, judged):
        level = level.raised(-1)
        if rule.situation in _DEADLY and level.rank < Level.HIGH.rank:
            level = Level.HIGH
    return level


def _joked(case: Case, judged: Judged) -> bool:
    explicit = judged.rule.category in {Category.THREAT_DIRECT, Category.THREAT_CONDITIONAL}
    return explicit and case.cues.joked.search(judged.marked.text) is not None


def _reason(level: Level, judged: Judged, found: list[Aggravator]) -> str:
    parts = [judged.rule.reason, *dict.fromkeys(one.words for one in found)]
    return f"{level} because: {', '.join(parts)}"


def _conditional(case: Case, judged: Judged, finding: Finding) -> Finding:
    """A threat that depends on something is a conditional one, where it says what will be done."""
    if finding.category is not Category.THREAT_DIRECT and not judged.rule.promised:
        return finding
    first, last = judged.sentence
    if case.cues.condition.search(judged.marked.text[first:last]) is None:
        return finding
    return msgspec.structs.replace(finding, category=Category.THREAT_CONDITIONAL)
