"""Impersonation of a councillor or of the Council (6.2): a registered name on an account that is in no register.

A name alone may be a namesake: it takes a claim in the words, a title in the name, or a handle close to a registered one.
"""

from collections.abc import Iterator
from functools import lru_cache

from pipeline.text.fold import fold
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.phrases import key_of


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible impersonation, one finding an event."""
    reading = case.reading
    author = reading.event.author
    if reading.outbound or author is None or author.id in case.context.platform_ids:
        return
    shown = key_of(fold(f"{author.display_name or ''}").text)
    handle = key_of(fold(author.handle or "").text)
    text = reading.folded(Field.TEXT).text
    claim = case.cues.claims_identity.search(text)
    if not shown and not handle and claim is None:
        return
    person = _named(case, shown, handle)
    claimed = _claimed(case) if claim is not None else None
    council = _as_council(case, shown, handle)
    if person is None and claimed is None and not council:
        return
    bio = fold(author.bio or "").text
    if case.cues.parody.search(f"{author.display_name or ''} {bio}".lower()) is not None:
        return
    asks = case.cues.asks_for_details.search(text) is not None
    level = _level(case, person, shown, handle, (claimed, council, asks))
    target = claimed or person
    if level is None or (target is None and not council):
        return
    whom = "the Council" if target is None else "a councillor"
    reason = f"{level} because: an account in no register goes by the name of {whom}"
    yield Fact(
        rule="impersonation.name",
        category=Category.IMPERSONATION,
        level=level,
        paragraphs=("6.2", "5.2.11") if target is None else ("6.2",),
        reason=reason + (", and asks for bank or personal details" if asks else ""),
        target=target,
    ).finding()


def _named(case: Case, shown: str, handle: str) -> str | None:
    for name, person in case.context.names.items():
        if len(name) > 5 and (name in shown or name in handle):
            return person
    return None


def _claimed(case: Case) -> str | None:
    """Return whom the author says to be: 'Cllr X here', 'this is X, your councillor'."""
    found = case.cues.claims_person.search(case.reading.marked(Field.TEXT).text)
    if found is None:
        return None
    people = [one for one in case.reading.marked(Field.TEXT).people() if found.start() <= one.start < found.end()]
    return people[0].person if people else None


def _as_council(case: Case, shown: str, handle: str) -> bool:
    council = case.registers.council
    return any(name in shown or name == handle for name in _council_names(council.name, council.short_name))


@lru_cache(maxsize=8)
def _council_names(name: str, short: str) -> tuple[str, ...]:
    keys = (key_of(fold(one).text) for one in (name, f"{short} council", f"{short}bc"))
    return tuple(key for key in keys if len(key) > 6)


def _level(
    case: Case, person: str | None, shown: str, handle: str, signs: tuple[str | None, bool, bool]
) -> Level | None:
    claimed, council, asks = signs
    titled = any(word in shown or word in handle for word in ("cllr", "councillor", "mayor", "official", "leaderof"))
    if claimed is not None:
        return Level.HIGH
    if council:
        return Level.HIGH if asks or "official" in shown or "refund" in shown + handle else Level.MODERATE
    if person is not None and (titled or asks):
        return Level.HIGH
    return None
