"""Disclosure of confidential business (5.2.11): a registered topic inside its embargo, or the markings of an exempt
paper.

A councillor who tells something specific: high at once, vague: moderate. A resident: high where the words say it
comes from
inside, moderate for rumour. Questions, FOI, complaints about secrecy and what is published are no disclosure. The
words of a topic stand in no finding: it has the topic's reference and the place, and no quote.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from pipeline.text.fold import Folded
from pipeline.text.words import words_of
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.disclosure import ENOUGH, Told, told_of
from processors.reading.sense import sentence
from processors.reading.topics import Topic
from processors.rules.patterns import compile_pattern

RULE = "leak.topic"
MARKING_RULE = "leak.marking"
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
"""The end of a line of a page, which ends no sentence."""
MARKING = compile_pattern(
    r"not for publication|exempt (?:information|report|appendix|from publication)|schedule 12a|"
    r"by virtue of paragraphs? \d|part (?:ii|2|b)\s*[-:(]\s*(?:exempt|confidential|not for|private)|"
    r"(?:strictly )?(?:private and )?confidential\s*[-:]\s*(?:not|members|cabinet|do not|exempt)|"
    r"pink papers?\b.{0,40}exempt|"
    r"restricted circulation|official[- ]sensitive|legally privileged|embargoed until|members only"
)


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible disclosures."""
    reading = case.reading
    if reading.by_council:
        return
    for field in reading.fields():
        folded = reading.folded(field)
        if field is not Field.ALT_TEXT:
            yield from _topics(case, field, folded)
        if field is Field.OCR_TEXT:
            yield from _marking(folded)


def _marking(folded: Folded) -> Iterator[Finding]:
    found = MARKING.search(folded.text)
    if found is not None:
        span = folded.span(found.start(), found.end())
        reason = "high because: the image carries the marking of an exempt or confidential paper"
        yield Fact(
            rule=MARKING_RULE, category=Category.CONFIDENTIAL_LEAK, level=Level.HIGH, paragraphs=("5.2.11",),
            reason=reason, field=Field.OCR_TEXT, span=span,
        ).finding()  # fmt: skip


def _topics(case: Case, field: Field, folded: Folded) -> Iterator[Finding]:
    topics = case.context.topics
    if not topics.concern(folded.text):
        return
    text = _LINE_BREAK.sub(" ", folded.text) if field is Field.OCR_TEXT else folded.text
    hits = topics.hits(words_of(text), text)
    times = told_at(case.reading.event)
    for topic in topics.topics if hits else ():
        when = next((time for time in times if topic.confidential_at(time)), None)
        told = told_of(topics, topic, hits, folded, when) if when is not None else None
        if told is None or _free(case, folded, told):
            continue
        level = _level(case, folded, told)
        if level is not None:
            yield Fact(
                rule=RULE, category=Category.CONFIDENTIAL_LEAK, level=level, paragraphs=("5.2.11",),
                reason=_reason(case, level, topic), topic_ref=topic.ref, field=field,
                span=folded.span(told.start, told.end),
            ).finding()  # fmt: skip


def told_at(event: Event) -> tuple[datetime, ...]:
    """Return when the words were told: when it was posted, and for an edit also when it was edited."""
    posted = event.posted_at or event.observed_at
    return (posted, event.edited_at) if event.action is Action.UPDATE and event.edited_at else (posted,)


def _free(case: Case, folded: Folded, told: Told) -> bool:
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    if case.cues.leak_free.search(words) is not None and not _hinted(case, folded):
        return True
    return case.cues.leak_published.search(folded.text) is not None


def _hinted(case: Case, folded: Folded) -> bool:
    return case.cues.leak_hint.search(folded.text) is not None


def _level(case: Case, folded: Folded, told: Told) -> Level | None:
    cues = case.cues
    hinted = _hinted(case, folded)
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    coming = cues.leak_future.search(words) is not None
    rumour = cues.leak_rumour.search(folded.text) is not None
    lasting = cues.leak_lasting.search(words) is not None
    weak = told.weight < ENOUGH
    if weak and not hinted and cues.leak_routine.search(words) is not None:
        return None
    if told.weight + hinted + lasting + (rumour and coming) < ENOUGH:
        return None
    if not (hinted or coming or told.weight > ENOUGH):
        return None
    specific = told.named or cues.leak_specific.search(words) is not None
    if case.reading.outbound:
        return Level.HIGH if specific or hinted else Level.MODERATE
    if rumour:
        return Level.MODERATE
    return Level.HIGH if specific else Level.MODERATE


def _reason(case: Case, level: Level, topic: Topic) -> str:
    who = "a councillor's account" if case.reading.outbound else "a resident"
    return f"{level} because: words of topic {topic.ref} ({topic.basis.label}) from {who} while it is confidential"
