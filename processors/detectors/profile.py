"""Profiles and branding (2.2, 2.4, 4.3, 5.1, 5.2.11): the own-views statement, council contact details, the
Council's logo.
"""

from collections.abc import Iterator

from pipeline.registers.types import OwnerKind
from pipeline.text.fold import fold
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case, Fact
from processors.reading.phrases import key_of

_PROFILE = frozenset({Action.PROFILE_UPDATE, Action.SNAPSHOT})


def detect(case: Case) -> Iterator[Finding]:
    """Yield what a councillor's profile lacks or should not show."""
    reading = case.reading
    if not reading.outbound or reading.by_council:
        return
    if reading.event.action in _PROFILE and reading.event.profile is not None:
        yield from _statement(case)
        yield from _contact_details(case)
    yield from _branding(case)


def _statement(case: Case) -> Iterator[Finding]:
    profile = case.reading.event.profile
    if profile is None or profile.bio_after is None:
        return
    bio = fold(profile.bio_after).text
    shown = fold(profile.display_name or "").text
    if case.cues.own_views.search(bio) is not None:
        return
    account = case.reading.account
    personal = account is None or account.owner_kind is OwnerKind.COUNCILLOR_PERSONAL
    if personal and not any(case.cues.council_role.search(words) for words in (bio, shown)):
        return
    for category, paragraphs, reason in (
        (
            Category.CAPACITY_UNCLEAR,
            ("2.4", "2.2"),
            "the profile speaks of the office and does not say whose views it gives",
        ),
        (Category.DISCLAIMER_MISSING, ("5.1", "2.4"), "the profile has no own-views statement"),
    ):
        yield Fact(
            rule=f"profile.{category}",
            category=category,
            level=Level.LOW,
            paragraphs=paragraphs,
            reason=f"low because: {reason}",
            field=Field.BIO,
        ).finding()


def _contact_details(case: Case) -> Iterator[Finding]:
    account, profile = case.reading.account, case.reading.event.profile
    if account is None or account.owner_kind is not OwnerKind.COUNCILLOR_PERSONAL or profile is None:
        return
    bio = (profile.bio_after or "").lower()
    council = case.registers.council
    numbers = [*council.phone_numbers, *(one.public_phone for one in case.registers.councillors if one.public_phone)]
    held = any(f"@{domain.lower()}" in bio for domain in council.email_domains) or any(
        key_of(number) in key_of(bio) for number in numbers
    )
    if held:
        yield Fact(
            rule="profile.contact_details",
            category=Category.CONTACT_DETAILS,
            level=Level.LOW,
            paragraphs=("4.3",),
            reason="low because: council contact details on a personal account",
            field=Field.BIO,
        ).finding()


def _branding(case: Case) -> Iterator[Finding]:
    thresholds = {logo.name: logo.match_threshold for logo in case.registers.council.logos}
    for attachment in case.reading.event.attachments:
        match = attachment.logo_match
        enough = match is not None and match.score >= thresholds.get(match.name, 0.85)
        if enough or (attachment.is_council_logo and match is None):
            yield Fact(
                rule="profile.branding",
                category=Category.BRANDING,
                level=Level.LOW,
                paragraphs=("5.1", "5.2.11"),
                reason="low because: an image shows the Council's logo on a councillor's account",
            ).finding()
            return
