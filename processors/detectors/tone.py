"""Tone: what a classifier hears where the rules find nothing. A signal, so it stays low.

A score alone raises at most low, with somebody it is aimed at moderate. Only a threat score far above its threshold,
which hardly any harmless post reaches (`Tone.certain`), about a person in the registers, can alert. What rules find in
the same post takes its place (`processors.screener.merged`), but for such a threat.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.vocabulary.categories import THREATS, Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.detectors.voice import authorised
from processors.models.classifier import FROM_BOTH, FROM_COUNCILLORS, FROM_THE_PUBLIC, HEARD_WITH_MORE
from processors.reading.audience import aimed
from processors.reading.case import Case, Fact
from processors.reading.names import Marked
from processors.reading.tone import Tone

PREFIX = "tone."
MENACES = (Category.THREAT_VEILED, *sorted(THREATS - {Category.THREAT_VEILED}), Category.SELF_HARM_ENCOURAGEMENT)
"""What a threat by its label can be: what is heard most surely, a veiled one where nothing is."""
LABELLED = (("threat", Category.THREAT_VEILED), ("identity_attack", Category.HATE), ("toxicity", Category.ABUSE))
"""The labels that make a finding and what it possibly is, the gravest first; one finding a post."""
CLEAR = 0.6
"""How much of the way from threshold to certainty a label makes a finding at all: people's time is short."""
_WORDS = {"threat": "a threat", "identity_attack": "hate", "toxicity": "abuse"}
_PARAGRAPHS = {
    Category.PERSONAL_DATA: ("5.2.10", "7.4"),
    Category.MEDIA_ENQUIRY: ("3.2",),
    Category.MISUSE_REPORT: ("5.4",),
    Category.IMPERSONATION: ("6.2", "5.2.11"),
    Category.BULLYING: ("5.2.3",),
    Category.DISCRIMINATION: ("5.2.3", "5.2.7"),
    Category.OFFENSIVE_LANGUAGE: ("2.4", "5.2.5"),
    Category.DISPARAGEMENT: ("5.2.2",),
    Category.DEFAMATION_RISK: ("5.2.2", "5.2"),
    Category.FALSE_STATEMENT: ("5.2.4",),
    Category.LOGIN_SHARING: ("6.2",),
    Category.TAKEDOWN_REFUSED: ("8.2",),
    Category.SPEAKING_FOR_COUNCIL: ("5.2.9", "3.2"),
    Category.COPYRIGHT: ("5.2.8",),
    Category.UNLAWFUL_CONTENT: ("5.2.6",),
}
_BY_COUNCILLORS = {Category.HATE: ("5.2.7",)}
_AUTHORS_OWN = frozenset({Category.OWN_SAFETY})
"""What is about the author."""


class _Heard(NamedTuple):
    """What is heard: its name, what it possibly is, in words, and how surely."""

    name: str
    category: Category
    words: str
    surely: float


def by_score(finding: Finding) -> bool:
    """Say whether a finding rests on a score alone: it gives way to what a rule finds, and makes no occasion."""
    return finding.rule.startswith(PREFIX)


def paragraphs_of(category: Category, *, outbound: bool) -> tuple[str, ...]:
    """Return the paragraphs that what is heard rests on, the main one first."""
    known = _PARAGRAPHS.get(category, ("6.1",))
    return _BY_COUNCILLORS.get(category, known) if outbound else known


def spoken_for(case: Case, found: Sequence[Finding]) -> bool:
    """Say whether detectors have found something of the kind that is listened for: then a score has nothing to add,
    but that what they found to be abuse, say, is a threat as well.
    """
    if case.reading.outbound:
        return any(one.category in (*FROM_COUNCILLORS, *FROM_BOTH) for one in found)
    if case.tone is not None and _certain(case.tone):
        return any(one.category in MENACES for one in found)
    return bool(found)


def detect(case: Case) -> Iterator[Finding]:
    """Yield at most one finding, where a classifier ran."""
    if case.tone is None:
        return
    heard = _by_councillors(case, case.tone) if case.reading.outbound else _by_the_public(case.tone)
    if heard is not None:
        yield _finding(case, case.tone, heard)


def _by_the_public(tone: Tone) -> _Heard | None:
    for label, category in LABELLED:
        if tone.over(label) and tone.beyond(label, CLEAR):
            kind = category if label != "threat" else max(MENACES, key=tone.scored.hears)
            return _Heard(label, kind, _WORDS[label], tone.surely(label))
    return _of(tone, _surest(tone, (*FROM_THE_PUBLIC, *FROM_BOTH)))


def _by_councillors(case: Case, tone: Tone) -> _Heard | None:
    found = _of(tone, _surest(tone, (*FROM_COUNCILLORS, *FROM_BOTH)))
    allowed = found is not None and found.category is Category.SPEAKING_FOR_COUNCIL and authorised(case)
    return None if allowed else found


def _of(tone: Tone, category: Category | None) -> _Heard | None:
    if category is None:
        return None
    return _Heard(category, category, category.label[0].lower() + category.label[1:], tone.surely(category))


def _surest(tone: Tone, among: Sequence[Category]) -> Category | None:
    """Return the category that is heard most surely, if any is heard at all."""
    heard = [one for one in among if one not in HEARD_WITH_MORE and tone.hears(one)]
    return max(heard, key=tone.surely, default=None)


def _finding(case: Case, tone: Tone, heard: _Heard) -> Finding:
    marked = case.reading.marked(Field.TEXT)
    words = tone.words(heard.name)
    person = _person(case, heard, marked)
    level = _level(tone, heard.category, person)
    behind = f"; heard in: {', '.join(words)}" if words else ""
    start, end = _place(marked, words)
    return Fact(
        rule=f"tone.{heard.name}",
        category=heard.category,
        level=level,
        paragraphs=paragraphs_of(heard.category, outbound=case.reading.outbound),
        reason=f"{level} because: a classifier hears {heard.words} ({heard.surely:.2f}){behind}",
        target=person,
        field=Field.TEXT,
        span=(start, end),
        quote=marked.folded.original[start:end],
    ).finding()


def _person(case: Case, heard: _Heard, marked: Marked) -> str | None:
    if heard.category in _AUTHORS_OWN:
        return case.reading.owner
    return aimed(case.reading, Field.TEXT, (0, len(marked.text))).person


def _level(tone: Tone, category: Category, person: str | None) -> Level:
    if person is None:
        return Level.LOW
    return Level.HIGH if category in MENACES and _certain(tone) else Level.MODERATE


def _certain(tone: Tone) -> bool:
    return tone.surely("threat") >= tone.certain


def _place(marked: Marked, words: tuple[str, ...]) -> tuple[int, int]:
    """Return where the first of the words stands in the original; the whole text where it cannot be found again."""
    at = marked.text.find(words[0]) if words else -1
    if at < 0:
        return 0, len(marked.folded.original)
    return marked.folded.span(at, at + len(words[0]))
