"""Amplification (5.2.1): a councillor shares, likes or quotes what the inbound rules would find. The level is carried
over.

A like counts one level lower, unless what is liked is a threat or hate.
"""

from collections.abc import Iterator

import msgspec

from pipeline.vocabulary.categories import THREATS, Category
from pipeline.vocabulary.event import Action, Author, Direction
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact

_CARRIED = THREATS | {
    Category.ABUSE, Category.OFFENSIVE_LANGUAGE, Category.HATE, Category.DOXXING, Category.SELF_HARM_ENCOURAGEMENT,
    Category.DEFAMATION_RISK, Category.FALSE_STATEMENT, Category.DISPARAGEMENT, Category.UNLAWFUL_CONTENT,
}  # fmt: skip
_GRAVE = THREATS | {Category.HATE, Category.SELF_HARM_ENCOURAGEMENT}


def detect(case: Case) -> Iterator[Finding]:
    """Yield amplification where what is shared would be a finding by itself."""
    reading = case.reading
    event = reading.event
    if not reading.outbound or event.shared is None or not event.shared.text:
        return
    if event.text and _speaks_against(case):
        return
    found = [one for one in _of_shared(case) if one.category in _CARRIED]
    if not found:
        return
    worst = max(found, key=lambda one: one.level.rank)
    level = worst.level
    if event.action is Action.REACT and worst.category not in _GRAVE:
        level = level.raised(-1) if level is not Level.LOW else level
    yield Fact(
        rule="sharing.amplification",
        category=Category.AMPLIFICATION,
        level=level,
        paragraphs=("5.2.1",),
        reason=f"{level} because: passes on what is {worst.category.label.lower()}",
        target=worst.target,
        field=Field.SHARED,
        span=worst.span,
        quote=worst.quote,
        state=worst.state,
    ).finding()
    if worst.category is Category.HATE:
        yield msgspec.structs.replace(worst, paragraph="5.2.7", paragraphs=("5.2.7", "5.2.1"), field=Field.SHARED)


def _speaks_against(case: Case) -> bool:
    """Return whether the councillor's own words are against what is shared; words that only repeat it are not."""
    event = case.reading.event
    own = case.reading.marked(Field.TEXT).text
    if event.shared is not None and event.shared.text and event.shared.text in (event.text or ""):
        return False
    return any(cue.search(own) is not None for cue in (case.cues.counter, case.cues.condemns))


def _of_shared(case: Case) -> list[Finding]:
    """Return what the inbound rules find in what is shared."""
    event = case.reading.event
    if case.again is None or event.shared is None:
        return []
    shared = msgspec.structs.replace(
        event,
        direction=Direction.INBOUND,
        action=Action.CREATE,
        text=event.shared.text,
        author=Author(id=f"shared:{event.shared.author_handle}", handle=event.shared.author_handle),
        shared=None,
        in_reply_to=None,
        thread_title=None,
        attachments=(),
        mentions=(),
    )
    return case.again(shared)
