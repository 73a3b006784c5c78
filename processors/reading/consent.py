"""Recorded consent (5.2.10): whether the register holds one, given by the person named and in force at the time."""

from collections.abc import Iterable

from pipeline.registers.types import Consent
from processors.reading.case import Case

NEVER_IMPLIED = frozenset({"health", "casework", "private life", "child", "address", "phone", "birth", "email"})
"""Kinds of personal data that a consent covers only where it names them."""


def consented(case: Case, text: str, kinds: Iterable[str] = ()) -> bool:
    """Return whether a consent on record covers a folded text: given to this councillor, and not ended or withdrawn.

    What it is not for is not covered: a consent to a name and an age does not let somebody tell of an illness.
    """
    beyond = NEVER_IMPLIED & set(kinds)
    when = case.reading.event.happened_at
    return any(
        one.given_at <= when and not _ended(case, one) and not (one.data and beyond - set(one.data))
        for one in _about(case, text)
    )


def consent_ended(case: Case, text: str) -> Consent | None:
    """Return a consent of somebody a folded text names that has ended or was withdrawn by then, if none is in force."""
    ended = [one for one in _about(case, text) if _ended(case, one)]
    return ended[0] if ended and not consented(case, text) else None


def _about(case: Case, text: str) -> list[Consent]:
    return [
        one
        for one in case.registers.consents
        if one.councillor_id == case.reading.owner and any(term.lower() in text for term in one.person_terms)
    ]


def _ended(case: Case, one: Consent) -> bool:
    ends = min((end for end in (one.valid_to, one.withdrawn_at) if end is not None), default=None)
    return ends is not None and ends <= case.reading.event.happened_at
