"""One confidential topic of the register, in the form of the Thornmere files (see docs/registers.md)."""

from datetime import date, datetime
from enum import StrEnum

import msgspec


class TopicStatus(StrEnum):
    """Where a topic stands. draft: not in force yet; restricted: nobody outside its audience sees that it is there;
    published and lifted: set free, at a time that is given.
    """

    DRAFT = "draft"
    CONFIDENTIAL = "confidential"
    EMBARGOED = "embargoed"
    RESTRICTED = "restricted"
    PUBLISHED = "published"
    LIFTED = "lifted"


class ConfidentialTopic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic confidential from `confidential_from` up to, not including, `confidential_until` (None: until lifted).

    basis is `Schedule 12A para 3` (1 to 7), `s.100A(3)(a)`, `Embargo ...` or `Other: ...`; owner is the role of an
    officer. A time without an offset is read in `timezone`. `terms_all_of`: one term of each group must be met, the
    first group names the matter. strong_terms and code_names: one is enough. people, organisations, addresses and sums
    count as secrets in all their spellings, beside the matter or beside each other. public_phrases: a sentence with
    one tells nothing. audience: roles of the console or `user:NAME` who alone may see the topic and read the words of
    its leaks; empty, the Monitoring Officer. lifted_at sets it free early, with lifted_by and lift_reason.
    """

    ref: str
    title: str
    basis: str
    owner: str
    confidential_from: datetime
    confidential_until: datetime | None = None
    terms_all_of: tuple[tuple[str, ...], ...] = ()
    strong_terms: tuple[str, ...] = ()
    public_phrases: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    code_names: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    status: TopicStatus = TopicStatus.CONFIDENTIAL
    timezone: str = "Europe/London"
    report_ref: str | None = None
    review_on: date | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None
