"""How an incident is kept: on hold, disputed, restricted. Data protection decisions of a person (7.3.3 to 7.3.5).

None of them changes the evidence, the level or the verdict; each stands on the incident and goes wherever it goes.
"""

from datetime import date, datetime

import msgspec


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of the incident is deleted while it stands. It is looked at again on a day, six months on at most."""

    reason: str
    by: str
    at: datetime
    review_on: date


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says is wrong about the incident, as a statement that stands beside the evidence.

    outcome is what was found, once it was looked into; the statement stays.
    """

    dispute_id: str
    statement: str
    by: str
    at: datetime
    outcome: str = ""
    settled_by: str | None = None
    settled_at: datetime | None = None


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """The incident is seen and found only by those who answer for data protection, until it is lifted."""

    reason: str
    by: str
    at: datetime


class KeepingMark(msgspec.Struct, frozen=True, kw_only=True):
    """What an act of keeping carries besides its text: the day of a hold's review, the dispute that is settled."""

    review_on: date | None = None
    dispute_id: str = ""
