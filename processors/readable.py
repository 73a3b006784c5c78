"""What of a post is not screened: the part beyond the longest text, and what is in a language the rules do not cover.

Asked by the screening step for each event. Rules run on what they can read all the same; the rest is queued, because
what was not screened is never passed as clean. The words say where the post stands, so that a person can read it there.
"""

import msgspec

from pipeline.dead_letters import Refusal
from pipeline.text.language import covered
from pipeline.vocabulary.event import Action, Event
from pipeline.vocabulary.operations import DeadLetterReason


def within(event: Event, longest: int) -> tuple[Event, Refusal | None]:
    """Return as much of an event as is screened, and why the rest is queued; longest is in code points."""
    if event.action is Action.DELETE:
        return event, None
    texts = _texts(event)
    if max(map(len, texts), default=0) > longest:
        why = f"is longer than {longest} characters (screen_longest), and only its beginning was screened"
        return _shortened(event, longest), _unscreened(event, why)
    if not all(map(covered, texts)):
        return event, _unscreened(event, "is for the larger part in a language that the rules do not cover")
    return event, None


def _texts(event: Event) -> list[str]:
    texts = [event.text] if event.text else []
    if event.shared is not None and event.shared.text:
        texts.append(event.shared.text)
    for one in event.attachments:
        texts += [text for text in (one.ocr_text, one.alt_text) if text]
    return texts


def _unscreened(event: Event, why: str) -> Refusal:
    words = f"{event.object_type} {event.object_id} {why}: a person should read it where it stands, or here"
    return Refusal(DeadLetterReason.NOT_SCREENED, words)


def _shortened(event: Event, longest: int) -> Event:
    pictures = tuple(
        msgspec.structs.replace(one, ocr_text=_cut(one.ocr_text, longest), alt_text=_cut(one.alt_text, longest))
        for one in event.attachments
    )
    shared = event.shared
    if shared is not None:
        shared = msgspec.structs.replace(shared, text=shared.text[:longest])
    return msgspec.structs.replace(event, text=_cut(event.text, longest), shared=shared, attachments=pictures)


def _cut(text: str | None, longest: int) -> str | None:
    return text[:longest] if text else text
