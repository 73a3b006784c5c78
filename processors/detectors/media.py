"""Media enquiries (3.2): a journalist asks a councillor for comment, or a councillor answers one. A prompt, not a
fault.
"""

from collections.abc import Iterator

from pipeline.text.fold import fold
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Quoted
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.phrases import Token
from processors.reading.reading import Reading
from processors.rules.patterns import Found, compile_pattern

_ANSWER = compile_pattern(r"(?:\S+ ){4,}\S+")
_WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.SHARE})


def detect(case: Case) -> Iterator[Finding]:
    """Yield a prompt for an enquiry received, or for an answer given."""
    reading = case.reading
    if reading.event.action not in _WRITTEN or not reading.event.text or reading.by_council:
        return
    finding = _answered(case) if reading.outbound else _asked(case)
    if finding is not None:
        yield finding


def _asked(case: Case) -> Finding | None:
    reading = case.reading
    if "asks_comment" not in case.gates:
        return None
    found = case.cues.asks_comment.search(reading.folded(Field.TEXT).text)
    if found is None:
        return None
    author = reading.event.author
    journalist = author is not None and (author.handle or "").lower() in case.context.media_handles
    if not journalist and case.cues.journalist.search(reading.marked(Field.TEXT).text) is None:
        return None
    target = _asked_person(reading)
    if target is None:
        return None
    span = reading.folded(Field.TEXT).span(found.start(), found.end())
    return _prompt(reading, Level.LOW, "low because: a journalist asks for comment", span, target)


def _asked_person(reading: Reading) -> str | None:
    people = [one.person for one in reading.marked(Field.TEXT).people() if one.person]
    named = people[0] if people else None
    return reading.replied_to or named or reading.owner or (reading.mentioned[0] if reading.mentioned else None)


def _answered(case: Case) -> Finding | None:
    reading = case.reading
    marked = reading.marked(Field.TEXT)
    reply = reading.event.in_reply_to
    asked = reply is not None and _is_enquiry(case, reply)
    to_media = asked or any(one.lower() in case.context.media_handles for one in reading.event.mentions)
    names_media = any(one.token is Token.OUTLET for one in marked.mentions)
    if not to_media and not names_media:
        return None
    if case.cues.sends_to_press_office.search(marked.text) is not None:
        return None
    secretly = case.cues.off_record.search(marked.text)
    found = secretly or case.cues.gives_comment.search(marked.text) or (_statement(case) if asked else None)
    if found is None:
        return None
    level = Level.MODERATE if secretly is not None else Level.LOW
    why = "speaks off the record to a journalist" if secretly is not None else "offers a journalist a comment"
    return _prompt(reading, level, f"{level} because: {why}", marked.folded.span(found.start(), found.end()), None)


def _statement(case: Case) -> Found | None:
    """Return an answer of some length to somebody who asks for a comment: it will be quoted, whatever it says."""
    reply = case.reading.event.in_reply_to
    if reply is None or case.cues.asks_comment.search(fold(reply.text or "").text) is None:
        return None
    text = case.reading.marked(Field.TEXT).text
    return _ANSWER.search(text) if "?" not in text else None


def _is_enquiry(case: Case, reply: Quoted) -> bool:
    """Return whether what is answered comes from the media: a registered handle, or somebody who says so and asks."""
    if (reply.author_handle or "").lower() in case.context.media_handles:
        return True
    words = fold(reply.text or "").text
    return case.cues.journalist.search(words) is not None and case.cues.asks_comment.search(words) is not None


def _prompt(reading: Reading, level: Level, reason: str, span: tuple[int, int], target: str | None) -> Finding:
    return Fact(
        rule="media.enquiry",
        category=Category.MEDIA_ENQUIRY,
        level=level,
        paragraphs=("3.2",),
        reason=reason,
        target=target,
        field=Field.TEXT,
        span=span,
        quote=reading.written(Field.TEXT)[span[0] : span[1]],
    ).finding()
