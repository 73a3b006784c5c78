"""What the Council knows: frozen types of the registers, in the form of the Thornmere files (see docs/registers.md).

Unknown fields are allowed and ignored, so that a council can keep notes of its own beside them.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from pipeline.registers.fingerprints import Fingerprint
from pipeline.registers.suppressions import Suppression
from pipeline.registers.topic import ConfidentialTopic
from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.levels import Level, Role


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """A registered logo; match_threshold from 0 to 1. `parapet images add-logo` writes hashes, one a variant."""

    id: str
    name: str
    description: str = ""
    match_threshold: float = 0.85
    hashes: tuple[str, ...] = ()


class Council(msgspec.Struct, frozen=True, kw_only=True):
    """The council itself."""

    name: str
    short_name: str
    timezone: str = "Europe/London"
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    phone_numbers: tuple[str, ...] = ()
    logos: tuple[Logo, ...] = ()
    press_office_email: str | None = None
    monitoring_officer_email: str | None = None
    handles: dict[str, str] = {}
    partner_handles: dict[str, tuple[str, ...]] = {}
    wards: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    police_force: str | None = None
    picture_hashes: tuple[str, ...] = ()


class Councillor(msgspec.Struct, frozen=True, kw_only=True):
    """A councillor. common_word_aliases are also ordinary words: they need a capital or context."""

    id: str
    name: str
    ward: str
    title: str = "Cllr"
    roles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    common_word_aliases: tuple[str, ...] = ()
    handles: dict[str, str] = {}
    email: str | None = None
    public_phone: str | None = None
    public_address: str | None = None
    tier: str = "borough"
    picture_hashes: tuple[str, ...] = ()


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """An officer, by role and never by name. service_head is the id of the officer who is told."""

    id: str
    role: str
    service: str
    role_words: tuple[str, ...] = ()
    service_head: str | None = None
    statutory: bool = False


class OwnerKind(StrEnum):
    """Whose account it is."""

    COUNCIL_PAGE = "council_page"
    COUNCILLOR_OFFICIAL = "councillor_official"
    COUNCILLOR_PERSONAL = "councillor_personal"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A source: nothing outside this register is collected, and none without owner kind, notice date and agreement."""

    id: str
    platform: str
    handle: str
    owner_kind: OwnerKind
    notice_date: date
    agreement_ref: str
    active_from: date
    active_until: date | None = None
    councillor_id: str | None = None
    platform_account_id: str | None = None
    display_name: str | None = None
    url: str | None = None
    note: str | None = None


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """A written authorisation to speak for the Council (5.2.9)."""

    ref: str
    councillor_id: str
    scope: str
    valid_from: datetime
    valid_to: datetime
    scope_tags: tuple[str, ...] = ()
    authorised_by: str | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded consent for personal data (5.2.10)."""

    ref: str
    person: str
    councillor_id: str
    purpose: str
    given_at: datetime
    person_terms: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    given_how: str | None = None
    valid_to: datetime | None = None
    withdrawn_at: datetime | None = None


class MediaOutlet(msgspec.Struct, frozen=True, kw_only=True):
    """A journalist or outlet (3.2)."""

    id: str
    name: str
    kind: str
    handles: dict[str, tuple[str, ...]] = {}
    people: tuple[str, ...] = ()


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """Something the Council has published: it sets a topic free from `published_at`, or answers a claim (5.2.4).

    sets_free: whether it does; not given, everything does but an agenda item whose title or summary says that the
    report is exempt, for such an item names the matter and no more.
    """

    ref: str
    kind: str
    title: str
    published_at: datetime
    topic_ref: str | None = None
    summary: str = ""
    url: str | None = None
    sets_free: bool | None = None


class StopRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A written request to an author to stop contact (6.1)."""

    ref: str
    councillor_id: str
    platform: str
    author_id: str
    requested_at: datetime
    author_handle: str | None = None
    requested_by: str | None = None
    how: str | None = None
    asked: str | None = None


class Takedown(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a councillor to remove a post (8.2)."""

    ref: str
    account: str
    object_id: str
    requested_at: datetime
    topic_ref: str | None = None
    paragraph: str | None = None
    requested_by: str | None = None
    deadline: datetime | None = None
    status: str = "open"
    outcome: str | None = None


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting, surgery, polling day (kind `election`) or pre-election period (kind `pre_election_period`).

    It ends after its minutes, or at ends_at where that is given. In a pre-election period the Returning Officer is told
    of what is said about voting; a polling day without one has five weeks before it.
    """

    id: str
    kind: str
    title: str
    starts_at: datetime
    minutes: int = 0
    ends_at: datetime | None = None
    place: str = ""
    councillor_ids: tuple[str, ...] = ()


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A person or shared mailbox that alerts reach. levels: which pages it gets; address never leaves this register."""

    id: str
    role: Role
    channel: Channel
    address: str
    name: str = ""
    levels: tuple[Level, ...] = (Level.HIGH, Level.CRITICAL)
    summaries: bool = True


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """All registers of one council, valid as a whole. Absent files are empty registers, but for council and accounts.

    version is a hash of the files, for the record. fingerprints are those of exempt documents, salt what they were
    hashed with.
    """

    council: Council
    councillors: tuple[Councillor, ...]
    officers: tuple[Officer, ...]
    accounts: dict[str, Account]
    topics: tuple[ConfidentialTopic, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    consents: tuple[Consent, ...] = ()
    media: tuple[MediaOutlet, ...] = ()
    published: tuple[Published, ...] = ()
    stop_requests: tuple[StopRequest, ...] = ()
    takedowns: tuple[Takedown, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    salt: bytes = b""
    version: str = ""

    def person_name(self, person: str | None) -> str:
        """Return the words for a person on screen: 'Cllr Name' or an officer's role; the id if it is not registered."""
        if person is None:
            return ""
        for councillor in self.councillors:
            if councillor.id == person:
                return f"{councillor.title} {councillor.name}"
        return next((officer.role for officer in self.officers if officer.id == person), person)

    def office_of(self, person: str | None) -> str:
        """Return a person's office without a name, for notifications: the ward's councillor or the officer's role."""
        for councillor in self.councillors:
            if councillor.id == person:
                return f"councillor for {councillor.ward}"
        return next((officer.role for officer in self.officers if officer.id == person), "")
