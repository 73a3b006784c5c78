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

from pipeline.text.fold import Folded, fold
from pipeline.text.words import words_of
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.disclosure import ENOUGH, Heard, Told, told_of
from processors.reading.sense import sentence
from processors.reading.topics import Topic
from processors.rules.patterns import compile_pattern

RULE = "leak.topic"
MARKING_RULE = "leak.marking"
PICTURED = frozenset({Field.OCR_TEXT, Field.ALT_TEXT})
"""Where words of a picture stand."""
_AROUND = 500
"""So much of a title, and of an item answered, is read for the matter."""
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
"""The end of a line of a page, which ends no sentence."""
MARKING = compile_pattern(
    r"not for publication|exempt (?:information|report|appendix|item|minutes|from publication)|schedule 12a|"
    r"by virtue of paragraphs? \d|part (?:ii|2|b)\s*[-:.,(]\s*(?:exempt|confidential|not for|private)|"
    r"(?:strictly |private and |members'? )confidential\b|"
    r"confidential (?:report|appendix|annex|briefing|minutes|paper)|"
    r"confidential\s*[-:.]\s*(?:not|no|members|cabinet|do not|exempt|for|councillors|officers|restricted|draft)|"
    r"pink papers?\b.{0,40}exempt|(?:do not|not to be|not for) (?:circulat\w+|copied|shared|disclosed|distribut\w+)|"
    r"restricted circulation|official[- ]sensitive|legally privileged|legal(?:ly)? (?:professional )?privilege|"
    r"commercial(?:ly)?[ -](?:in confidence|sensitive)|embargoed (?:until|to)|strict embargo|"
    r"(?:cabinet |group )?members only\b.{0,60}(?:report|briefing|appendix|annex|confidential|exempt|paper)|"
    r"(?:report|briefing|appendix|annex|confidential|exempt|paper)\b.{0,60}\bmembers only"
)


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible disclosures."""
    reading = case.reading
    for field in reading.fields():
        folded = reading.folded(field)
        if field is not Field.ALT_TEXT and not reading.by_council:
            yield from _topics(case, field, folded)
        if field in PICTURED:
            yield from _marking(field, folded)


def _marking(field: Field, folded: Folded) -> Iterator[Finding]:
    found = MARKING.search(folded.text)
    if found is not None:
        span = folded.span(found.start(), found.end())
        reason = "high because: the image carries the marking of an exempt or confidential paper"
        yield Fact(
            rule=MARKING_RULE, category=Category.CONFIDENTIAL_LEAK, level=Level.HIGH, paragraphs=("5.2.11",),
            reason=reason, field=field, span=span,
        ).finding()  # fmt: skip


def _topics(case: Case, field: Field, folded: Folded) -> Iterator[Finding]:
    topics = case.context.topics
    thread = _thread(case) if field is Field.TEXT else ""
    if not topics.concern(folded.text) and not (thread and topics.concern(thread)):
        return
    text = _LINE_BREAK.sub(" ", folded.text) if field is Field.OCR_TEXT else folded.text
    hits = topics.hits(words_of(text), text)
    around = topics.hits(words_of(thread), thread) if hits and thread else {}
    times = told_at(case.reading.event)
    for topic in topics.topics if hits else ():
        when = next((time for time in times if topic.confidential_at(time)), None)
        told = told_of(topics, topic, Heard(folded, hits, when, around)) if when is not None else None
        if told is None or _free(case, folded, told):
            continue
        level = _level(case, folded, told)
        if level is not None:
            yield Fact(
                rule=RULE, category=Category.CONFIDENTIAL_LEAK, level=level, paragraphs=("5.2.11",),
                reason=_reason(case, level, topic), topic_ref=topic.ref, field=field,
                span=folded.span(told.start, told.end),
            ).finding()  # fmt: skip


def _thread(case: Case) -> str:
    """Return what is answered and what the thread is about, folded: the matter may stand there alone."""
    event = case.reading.event
    reply = event.in_reply_to.text if event.in_reply_to is not None else None
    return fold("\n".join(one[:_AROUND] for one in (reply, event.thread_title) if one)).text


def told_at(event: Event) -> tuple[datetime, ...]:
    """Return when the words were told: when it was posted, and for an edit also when it was edited."""
    posted = event.posted_at or event.observed_at
    return (posted, event.edited_at) if event.action is Action.UPDATE and event.edited_at else (posted,)


def _free(case: Case, folded: Folded, told: Told) -> bool:
    """Return whether it is a question, a complaint about secrecy, a refusal to tell, or what is published."""
    cues = case.cues
    if cues.leak_published.search(folded.text) is not None:
        return True
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    if cues.leak_silent.search(words) is not None:
        return True
    if _hinted(case, folded):
        return False
    if cues.leak_free.search(words) is not None:
        return True
    asks = cues.leak_asks_outright if case.reading.outbound else cues.leak_asks
    asked = asks.search(words)
    if asked is None:
        return False
    told_after = case.reading.outbound and not asked.start() <= told.end - first <= asked.end()
    return not told_after


def _hinted(case: Case, folded: Folded) -> bool:
    return case.cues.leak_hint.search(folded.text) is not None


def _level(case: Case, folded: Folded, told: Told) -> Level | None:
    cues = case.cues
    hinted = _hinted(case, folded) or cues.leak_pointer.search(folded.text) is not None
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    rumour = cues.leak_rumour.search(folded.text) is not None
    if not _enough(case, words, told, hinted=hinted, rumour=rumour):
        return None
    specific = told.named or cues.leak_specific.search(words) is not None
    if case.reading.outbound:
        return Level.HIGH if specific or hinted or told.strong or told.weight > ENOUGH else Level.MODERATE
    if rumour:
        return Level.MODERATE
    return Level.HIGH if specific else Level.MODERATE


def _enough(case: Case, words: str, told: Told, *, hinted: bool, rumour: bool) -> bool:
    """Return whether what is told, and how, is more than talk about the place.

    A secret that is more than a plain word is enough from a councillor; plain words want something that points to
    more: a hint, what will be or has been done, or that it is for ever.
    """
    cues = case.cues
    coming = cues.leak_future.search(words) is not None
    lasting = cues.leak_lasting.search(words) is not None
    plain = not told.strong
    if plain and not hinted and (
        (told.weight < ENOUGH and cues.leak_routine.search(words) is not None)
        or cues.leak_wish.search(words) is not None
    ):  # fmt: skip
        return False
    if told.weight + hinted + lasting + (rumour and coming) < ENOUGH:
        return False
    exact = told.named or cues.leak_specific.search(words) is not None
    known = told.strong or exact if case.reading.outbound else told.strong and told.named
    return hinted or coming or known or told.weight > ENOUGH


def _reason(case: Case, level: Level, topic: Topic) -> str:
    who = "a councillor's account" if case.reading.outbound else "a resident"
    return f"{level} because: words of topic {topic.ref} ({topic.basis.label}) from {who} while it is confidential"
