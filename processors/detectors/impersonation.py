"""Impersonation of a councillor or of the Council (6.2): a registered name on an account that is in no register.

A name alone may be a namesake: it takes a claim in the words, a title in the name, a request for details, the Council's
logo, a handle that is a registered one or nearly, or a copy of a registered profile picture. A picture is compared as a
whole, by its hash: no face is recognised. Handle and picture together are enough without a name.
"""

from collections.abc import Iterator

from pipeline.images.likeness import likeness
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Author
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.namesakes import Shown

_TITLES = ("cllr", "councillor", "mayor", "official", "leaderof")
_ALIKE = 0.85
"""From this likeness on a picture is a copy."""
_OFFICIAL = ("official", "refund", "rebate", "grants", "support", "helpdesk", "payments")


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible impersonation, one finding an event."""
    author = case.reading.event.author
    if case.reading.outbound or author is None or author.id in case.context.platform_ids:
        return
    shown = case.context.namesakes.shown(author.display_name, author.handle)
    person, near = shown.person, shown.handles
    copied = _copied(case, author)
    said = "claims_identity" in case.gates
    claimed = _claimed(case) if said else None
    council = shown.council or (said and _as_the_council(case))
    both = copied & near
    if person is None and claimed is None and not council and not both:
        return
    if not _parody(case, author):
        whom = claimed or person or next(iter(both), None)
        sure = claimed is not None or bool(both) or whom in copied | near
        yield from _finding(whom, Level.HIGH if sure else _level(case, shown, council=council))


def _copied(case: Case, author: Author) -> frozenset[str | None]:
    """Return whose registered profile picture the author's looks like."""
    if not author.picture_hash:
        return frozenset()
    pictures = case.context.pictures
    return frozenset(whom for one, whom in pictures if likeness(author.picture_hash, one) >= _ALIKE)


def _claimed(case: Case) -> str | None:
    """Return whom the author says to be: 'Cllr X here', 'this is X, your councillor'."""
    marked = case.reading.marked(Field.TEXT)
    found = case.cues.claims_person.search(marked.text)
    if found is None:
        return None
    return next((one.person for one in marked.people() if found.start() <= one.start < found.end()), None)


def _as_the_council(case: Case) -> bool:
    """Return whether the author writes as the Council and asks for details or money."""
    marked = case.reading.marked(Field.TEXT).text
    return case.cues.claims_council.search(marked) is not None and case.cues.asks_for_details.search(marked) is not None


def _parody(case: Case, author: Author) -> bool:
    said = f"{author.display_name or ''} {author.bio or ''}".lower()
    return case.cues.parody.search(said) is not None


def _level(case: Case, shown: Shown, *, council: bool) -> Level | None:
    asks = case.cues.asks_for_details.search(case.reading.folded(Field.TEXT).text) is not None
    branded = any(one.is_council_logo or one.logo_match is not None for one in case.reading.event.attachments)
    if asks or branded:
        return Level.HIGH
    if council:
        return Level.HIGH if any(word in shown.both for word in _OFFICIAL) else Level.MODERATE
    return Level.HIGH if any(word in shown.both for word in _TITLES) else None


def _finding(target: str | None, level: Level | None) -> Iterator[Finding]:
    if level is None:
        return
    whom = "the Council" if target is None else "a councillor"
    yield Fact(
        rule="impersonation.name",
        category=Category.IMPERSONATION,
        level=level,
        paragraphs=("6.2", "5.2.11"),
        reason=f"{level} because: an account in no register goes by the name of {whom}",
        target=target,
    ).finding()
