"""Why somebody searches, exports or reads words: the purposes (domain reference, 4.2), and complaint references."""

import re
from enum import StrEnum

_COMPLAINT = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9/._-]{2,39}")


class Purpose(StrEnum):
    """What a search is for. A complaint needs its reference."""

    COMPLAINT = "complaint"
    SAFETY_INCIDENT = "safety_incident"
    SUBJECT_ACCESS_REQUEST = "subject_access_request"
    RETENTION_REVIEW = "retention_review"
    TUNING = "tuning"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return self.value.replace("_", " ").capitalize()


class PurposeRefused(ValueError):
    """A purpose that will not do. field is the form's field, the message says what to enter."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def read_purpose(purpose: str, complaint: str) -> tuple[Purpose, str]:
    """Return the purpose and its complaint reference, empty but for a complaint. Raises PurposeRefused."""
    if purpose not in set(Purpose):
        raise PurposeRefused("purpose", "Select what you need this for")
    chosen = Purpose(purpose)
    if chosen is not Purpose.COMPLAINT:
        return chosen, ""
    return chosen, read_complaint(complaint)


def read_complaint(text: str) -> str:
    """Return a complaint reference as it is kept: without spaces, in capitals. Raises PurposeRefused."""
    reference = text.strip().upper()
    if not _COMPLAINT.fullmatch(reference):
        raise PurposeRefused("complaint", "Enter the complaint reference, such as SC/2026/014")
    return reference
