"""Tone: what a classifier hears where the rules of abuse and threats find nothing (6.1). A signal, so it stays low.

A score alone raises at most low, with somebody it is aimed at moderate. Only a threat score that has left nearly all
of the way to certainty behind it, about a person in the registers, can alert. What rules find in the same post takes
its place (`processors.screener.merged`).
"""

from collections.abc import Iterator

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.audience import aimed
from processors.reading.case import Case, Fact
from processors.reading.names import Marked
from processors.reading.tone import Tone

PREFIX = "tone."
HEARD = (("threat", Category.THREAT_VEILED), ("identity_attack", Category.HATE), ("toxicity", Category.ABUSE))
"""The label that makes a finding and what it possibly is, the gravest first; one finding a post."""
CLEAR = 0.6
"""How much of the way from threshold to certainty makes a finding at all: rules come first, people's time is short."""
CERTAIN = 0.95
"""The same for a threat that may alert."""
_WORDS = {"threat": "a threat", "identity_attack": "hate", "toxicity": "abuse"}


def by_score(finding: Finding) -> bool:
    """Say whether a finding rests on a score alone: it gives way to what a rule finds, and makes no occasion."""
    return finding.rule.startswith(PREFIX)


def detect(case: Case) -> Iterator[Finding]:
    """Yield at most one finding, where the public writes and a classifier ran."""
    if case.tone is None or case.reading.outbound:
        return
    for label, category in HEARD:
        if case.tone.over(label) and case.tone.beyond(label, CLEAR):
            yield _finding(case, case.tone, label, category)
            return


def _finding(case: Case, tone: Tone, label: str, category: Category) -> Finding:
    marked = case.reading.marked(Field.TEXT)
    words = tone.words(label)
    person = aimed(case.reading, Field.TEXT, (0, len(marked.text))).person
    level = _level(tone, label, person)
    heard = f"; heard in: {', '.join(words)}" if words else ""
    start, end = _place(marked, words)
    return Fact(
        rule=f"tone.{label}",
        category=category,
        level=level,
        paragraphs=("6.1",),
        reason=f"{level} because: a classifier hears {_WORDS[label]} ({tone.scored.score(label):.2f}){heard}",
        target=person,
        field=Field.TEXT,
        span=(start, end),
        quote=marked.folded.original[start:end],
    ).finding()


def _level(tone: Tone, label: str, person: str | None) -> Level:
    if person is None:
        return Level.LOW
    return Level.HIGH if label == "threat" and tone.beyond(label, CERTAIN) else Level.MODERATE


def _place(marked: Marked, words: tuple[str, ...]) -> tuple[int, int]:
    """Return where the first of the words stands in the original; the whole text where it cannot be found again."""
    at = marked.text.find(words[0]) if words else -1
    if at < 0:
        return 0, len(marked.folded.original)
    return marked.folded.span(at, at + len(words[0]))
