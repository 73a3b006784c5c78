"""Disclosure of confidential business (5.2.11): a registered topic inside its embargo, or the markings of an exempt
paper.

A councillor who tells something specific: high at once, vague: moderate. A resident: high where the words say it
comes from
inside, moderate for rumour. Questions, FOI, complaints about secrecy and what is published are no disclosure. The
words of a topic stand in no finding: it has the topic's reference and the place, and no quote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.text.fold import Folded
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.sense import sentence
from processors.reading.topics import Term, Topic
from processors.rules.patterns import compile_pattern

RULE = "leak.topic"
MARKING_RULE = "leak.marking"
_ENOUGH = 2
_NEAR = 220
_MARKING = compile_pattern(
    r"not for publication|exempt (?:information|report|appendix|from publication)|schedule 12a|"
    r"by virtue of paragraphs? \d|part (?:ii|2|b)\s*[-:(]\s*(?:exempt|confidential|not for|private)|"
    r"(?:strictly )?(?:private and )?confidential\s*[-:]\s*(?:not|members|cabinet|do not|exempt)|"
    r"pink papers?\b.{0,40}exempt|"
    r"restricted circulation|official[- ]sensitive|legally privileged|embargoed until|members only"
)


@dataclass(frozen=True)
class _Told:
    """What of a topic stands in a text: how much it tells, and where."""

    weight: int
    start: int
    end: int
    named: bool


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
    found = _MARKING.search(folded.text)
    if found is not None:
        span = folded.span(found.start(), found.end())
        reason = "high because: the image carries the marking of an exempt or confidential paper"
        yield Fact(
            rule=MARKING_RULE, category=Category.CONFIDENTIAL_LEAK, level=Level.HIGH, paragraphs=("5.2.11",),
            reason=reason, field=Field.OCR_TEXT, span=span,
        ).finding()  # fmt: skip


def _topics(case: Case, field: Field, folded: Folded) -> Iterator[Finding]:
    topics = case.context.topics
    if topics.any_subject is None or topics.any_subject.search(folded.text) is None:
        return
    event = case.reading.event
    when = event.posted_at or event.observed_at
    for topic in topics.topics:
        if not topic.confidential_at(when) or (topic.harmless and topic.harmless.search(folded.text)):
            continue
        told = _told(topic, folded)
        if told is not None and not _free(case, folded, told):
            level = _level(case, folded, told)
            if level is not None:
                span = folded.span(told.start, told.end)
                yield Fact(
                    rule=RULE, category=Category.CONFIDENTIAL_LEAK, level=level, paragraphs=("5.2.11",),
                    reason=_reason(case, level, topic.ref), topic_ref=topic.ref, field=field, span=span,
                ).finding()  # fmt: skip


def _told(topic: Topic, folded: Folded) -> _Told | None:
    text = folded.text
    for term in topic.strong:
        found = term.pattern.search(text)
        if found is not None:
            return _Told(_ENOUGH, found.start(), found.end(), named=True)
    subject = _first(topic.subject, text)
    if subject is None or not topic.secrets:
        return None
    spans, weight, named = [subject], 0, False
    first, last = max(0, subject[0] - _NEAR), min(len(text), subject[1] + _NEAR)
    for group in topic.secrets:
        hits = [(term, found) for term in group for found in term.pattern.finditer(text, first, last)]
        if not hits:
            return None
        spans += [(found.start(), found.end()) for _, found in hits]
        weight += max(len({found.start() for _, found in hits}), *(term.weight for term, _ in hits))
        named = named or any(_is_name(folded, found.start(), found.end()) for _, found in hits)
    return _Told(weight, min(start for start, _ in spans), max(end for _, end in spans), named)


def _first(terms: tuple[Term, ...], text: str) -> tuple[int, int] | None:
    found = [match for term in terms if (match := term.pattern.search(text)) is not None]
    return min(((one.start(), one.end()) for one in found), default=None)


def _is_name(folded: Folded, start: int, end: int) -> bool:
    """Return whether the words carry a figure, or are written as a name in the middle of a sentence."""
    words = folded.words(start, end).strip(" .,!?:;'\"()")
    parts = words.split()
    return any(letter.isdigit() for letter in words) or (len(parts) > 1 and all(part[:1].isupper() for part in parts))


def _free(case: Case, folded: Folded, told: _Told) -> bool:
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    if case.cues.leak_free.search(words) is not None and not _hinted(case, folded):
        return True
    return case.cues.leak_published.search(folded.text) is not None


def _hinted(case: Case, folded: Folded) -> bool:
    return case.cues.leak_hint.search(folded.text) is not None


def _level(case: Case, folded: Folded, told: _Told) -> Level | None:
    cues = case.cues
    hinted = _hinted(case, folded)
    first, last = sentence(folded.text, told.start, told.end)
    words = folded.text[first:last]
    coming = cues.leak_future.search(words) is not None
    rumour = cues.leak_rumour.search(folded.text) is not None
    lasting = cues.leak_lasting.search(words) is not None
    weak = told.weight < _ENOUGH
    if weak and not hinted and cues.leak_routine.search(words) is not None:
        return None
    if told.weight + hinted + lasting + (rumour and coming) < _ENOUGH:
        return None
    if not (hinted or coming or told.weight > _ENOUGH):
        return None
    specific = told.named or cues.leak_specific.search(words) is not None
    if case.reading.outbound:
        return Level.HIGH if specific or hinted else Level.MODERATE
    if rumour:
        return Level.MODERATE
    return Level.HIGH if specific else Level.MODERATE


def _reason(case: Case, level: Level, ref: str) -> str:
    who = "a councillor's account" if case.reading.outbound else "a resident"
    return f"{level} because: words of topic {ref} from {who} while it is confidential"
