"""Signs that a councillor's account was taken over (6.2): its profile suddenly is somebody else's, or it links within
minutes to many places that it never linked to.

Of a profile, name and words must both have changed: the new name holds no word of the registered ones, and the new
words none of the old. A sign for people who know the councillor to ask, never a statement that it happened. Another
language or an odd hour is no sign: councillors write to residents in theirs, and late.
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.text.fold import fold
from pipeline.text.shingles import telling
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.links import WITHIN
from processors.reading.case import Case, Fact

RULE = "account.taken_over"
_MINUTES = WITHIN // timedelta(minutes=1)


def detect(case: Case) -> Iterator[Finding]:
    """Yield a finding where a profile shares nothing with what it was, or where links burst to places all new."""
    yield from _changed(case)
    yield from _burst(case)


def _burst(case: Case) -> Iterator[Finding]:
    account = case.reading.account
    if not case.reading.outbound or account is None or account.councillor_id is None or case.contacts is None:
        return
    places = case.contacts.links.burst(case.reading.event)
    if places:
        yield Fact(
            rule=RULE,
            category=Category.LOGIN_SHARING,
            level=Level.MODERATE,
            paragraphs=("6.2",),
            reason=f"moderate because: within {_MINUTES} minutes the account links to {places} places that are all new "
            "to it: ask the councillor",
            field=Field.TEXT,
        ).finding()


def _changed(case: Case) -> Iterator[Finding]:
    reading, account = case.reading, case.reading.account
    profile = reading.event.profile
    if reading.event.action is not Action.PROFILE_UPDATE or not reading.outbound or account is None or profile is None:
        return
    if not profile.display_name or not profile.bio_before or not profile.bio_after:
        return
    person = next((one for one in case.registers.councillors if one.id == account.councillor_id), None)
    names = [account.display_name or "", *((person.name, *person.aliases) if person is not None else ())]
    if not any(names) or not _apart(profile.display_name, " ".join(names)):
        return
    if _apart(profile.bio_before, profile.bio_after):
        yield Fact(
            rule=RULE,
            category=Category.LOGIN_SHARING,
            level=Level.MODERATE,
            paragraphs=("6.2",),
            reason="moderate because: the profile shares nothing with what it was: ask the councillor",
            field=Field.BIO,
        ).finding()


def _apart(one: str, other: str) -> bool:
    """Return whether two texts have no telling word in common."""
    words = [{stem for stem, _, _ in telling(fold(text).text)} for text in (one, other)]
    return bool(words[0]) and words[0].isdisjoint(words[1])
