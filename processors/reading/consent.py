"""Recorded consent (5.2.10): whether the register holds one, given by the person named and in force at the time."""

from processors.reading.case import Case


def consented(case: Case, text: str) -> bool:
    """Return whether a consent on record covers a folded text: given to this councillor, and not ended or withdrawn."""
    when = case.reading.event.happened_at
    for one in case.registers.consents:
        ends = min((end for end in (one.valid_to, one.withdrawn_at) if end is not None), default=None)
        valid = one.given_at <= when and (ends is None or when < ends)
        if valid and one.councillor_id == case.reading.owner and any(term.lower() in text for term in one.person_terms):
            return True
    return False
