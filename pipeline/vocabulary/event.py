"""What was seen on a platform: the observation an ingestor writes, and the normalised event the reconciler makes of it.

First in the flow. Field names are those of the Thornmere form, which the file source accepts as it is. Times are
aware datetimes; posted_at keeps the offset that the platform gave. Texts are as the platform gave them, never cleaned.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

Aware = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset: one without is refused when it is read, for an embargo cannot turn on a guess."""


class Direction(StrEnum):
    """Written by the public, or by the Council's or a councillor's own account."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Action(StrEnum):
    """What happened to the object; names follow ActivityStreams where it has one."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SHARE = "share"
    REACT = "react"
    PROFILE_UPDATE = "profile_update"
    SNAPSHOT = "snapshot"


class Leg(StrEnum):
    """How an observation reached us; again: a person sent what had not been screened once more."""

    LIVE = "live"
    RESCAN = "rescan"
    IMPORT = "import"
    MANUAL = "manual"
    AGAIN = "again"


class Author(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wrote it, as the platform names them. picture refers to the profile picture the platform delivered, which is
    turned into its perceptual hash at ingest and not kept.
    """

    id: str
    handle: str | None = None
    display_name: str | None = None
    bio: str | None = None
    picture: str | None = None
    picture_hash: str | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """An item answered, shared, quoted or liked."""

    text: str
    author_handle: str | None = None


class LogoMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A registered logo found in an image; score from 0 to 1."""

    name: str
    score: float


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image, video or link. alt_text comes from the platform, ocr_text from us: never mixed. unread says why its
    text was not read.
    """

    type: str
    alt_text: str | None = None
    ocr_text: str | None = None
    url: str | None = None
    is_council_logo: bool | None = None
    logo_match: LogoMatch | None = None
    faces_present: bool | None = None
    children_present: bool | None = None
    unread: str | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile before and after; bio_before is None in a periodic snapshot."""

    bio_before: str | None = None
    bio_after: str | None = None
    display_name: str | None = None


class Webcast(msgspec.Struct, frozen=True, kw_only=True):
    """Who was speaking in the meeting when a live-chat message was posted; offset in seconds."""

    meeting: str | None = None
    calendar_id: str | None = None
    speaker_id: str | None = None
    speaker_name: str | None = None
    offset_s: float | None = None


class Ingest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an observation came from: connector, leg, and the place in its source (file and line, delivery id)."""

    connector: str
    leg: Leg = Leg.LIVE
    source: str | None = None
    position: str | None = None
    delivery_id: str | None = None


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing seen on a registered account, before anybody judged it. Ingestors write these, packed by account."""

    platform: str
    object_id: str
    object_type: str
    action: Action
    account: str
    observed_at: Aware
    direction: Direction | None = None
    text: str | None = None
    author: Author | None = None
    permalink: str | None = None
    mentions: tuple[str, ...] = ()
    in_reply_to: Quoted | None = None
    thread_title: str | None = None
    shared: Quoted | None = None
    attachments: tuple[Attachment, ...] = ()
    profile: Profile | None = None
    webcast: Webcast | None = None
    posted_at: Aware | None = None
    edited_at: Aware | None = None
    ingest: Ingest | None = None


class Event(Observation, frozen=True, kw_only=True):
    """One normalised event on `social.events.v1`: an observation with its identity (see `pipeline.ids`)."""

    event_id: str
    content_hash: str
    previous_event_id: str | None = None
    schema_version: int = 1

    @property
    def happened_at(self) -> datetime:
        """Time of the post itself (edit time for an edit), falling back on when we saw it: the clock of all windows."""
        return self.edited_at or self.posted_at or self.observed_at
