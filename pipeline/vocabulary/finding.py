"""What a detector says about an event, and the message that carries it to the casework stages.

A finding never decides: it says 'possible', quotes the words by their place, names the paragraph, and gives its reason.
"""

from enum import StrEnum

import msgspec

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.levels import Level


class Field(StrEnum):
    """The part of an event in which the words stand. Several attachments are joined by a newline, in order."""

    TEXT = "text"
    BIO = "bio"
    ALT_TEXT = "alt_text"
    OCR_TEXT = "ocr_text"
    SHARED = "shared"


class RuleState(StrEnum):
    """Live rules count; shadow rules are recorded and tell nobody; off rules do not run."""

    LIVE = "live"
    SHADOW = "shadow"
    OFF = "off"


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What judged: versions of guidance, rulebook and lexicon, and the model with its version where one was asked."""

    guidance: str
    rulebook: str
    lexicon: str
    model: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One possible breach of, or duty under, one paragraph.

    paragraph is the main one and also stands in paragraphs. target is the id of a councillor or officer. span counts
    code points of the field, end exclusive. quote is None for a leak: the words are drawn from the evidence when a
    person with that right reads it. aggravators are the codes of the level table (time, place, means, capability,
    surveillance, family). reason is words for people and may quote the post: it never leaves the incident.
    suppressed_by: the suppression that hides it, whereupon its state is shadow.
    """

    paragraph: str
    paragraphs: tuple[str, ...]
    category: Category
    level: Level
    target: str | None
    rule: str
    rule_version: int
    field: Field | None
    span: tuple[int, int] | None
    quote: str | None
    reason: str
    topic_ref: str | None = None
    state: RuleState = RuleState.LIVE
    aggravators: tuple[str, ...] = ()
    versions: Versions | None = None
    suppressed_by: str | None = None


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one event that share one concern, with the event as evidence: one message on `findings.v1`.

    concern is the message key: `person:<id>`, `topic:<ref>`, or `account:<id>` where no person or topic is meant.
    correlated holds findings that only history shows; the correlate stage adds them. told_of names the topics that the
    event tells of, whatever these findings are about: its words are for their audiences alone.
    """

    event: Event
    concern: str
    findings: tuple[Finding, ...]
    correlated: tuple[Finding, ...] = ()
    told_of: tuple[str, ...] = ()
