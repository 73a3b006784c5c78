"""What is prepared for a person to do, and kept on the incident: letters to councillors, referrals, requests to remove.

Nothing here is sent or decided by the software: an officer sends, asks and decides, and records that it was done.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class Letter(StrEnum):
    """The letters that are prepared for a councillor (private prompts; domain reference, stories 14 and 15)."""

    OWN_VIEWS = "own_views"
    LOGO = "logo"
    CONTACT_DETAILS = "contact_details"
    SAFETY = "safety"
    LOGIN = "login"
    PERSONAL_USE = "personal_use"
    DATA = "data"


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that a person says they sent. It is help, not a complaint, and is counted with none."""

    letter: Letter
    by: str
    at: datetime


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """An incident referred to the Monitoring Officer (5.4), under a complaint reference. They decide what it is."""

    complaint: str
    by: str
    at: datetime


class TakedownOutcome(StrEnum):
    """What became of a request to remove a post."""

    DONE = "done"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


class TakedownRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to remove a post, asked by a person on the Council's behalf (8.2).

    event_id and content_hash name the captured evidence that stood when it was asked. outcome is None while it is open.
    """

    request_id: str
    asked_by: str
    asked_at: datetime
    recorded_by: str
    reason: str
    paragraph: str
    deadline: datetime
    event_id: str
    content_hash: str
    outcome: TakedownOutcome | None = None
    outcome_by: str | None = None
    outcome_at: datetime | None = None


class Assistance(msgspec.Struct, frozen=True, kw_only=True):
    """What an act of assistance carries: the letter, or what is asked to be removed, or what became of it."""

    letter: Letter | None = None
    asked_by: str = ""
    paragraph: str = ""
    deadline: datetime | None = None
    request_id: str = ""
    outcome: TakedownOutcome | None = None
