"""One event as the detectors read it: its fields folded and marked, and who is being talked to or about.

Made by the screener for each event. Parts are worked out when first asked for: most posts need only their own text.
"""

from collections.abc import Collection
from functools import cached_property

from pipeline.registers.types import Account, OwnerKind
from pipeline.text.fold import Folded, fold
from pipeline.vocabulary.event import Direction, Event
from pipeline.vocabulary.finding import Field
from processors.reading.names import Directory, Marked

_CONTEXT = 2000
"""Of a title or an item answered, so much is read for who is talked about."""


class Reading:
    """An event, its texts with tokens for names, and the people around it. Ids are those of the registers."""

    def __init__(self, event: Event, account: Account | None, directory: Directory) -> None:
        self.event = event
        self.account = account
        self.directory = directory
        self.direction = event.direction or Direction.INBOUND
        self.outbound = self.direction is Direction.OUTBOUND
        """Whether a council or councillor account wrote it."""
        self.by_council = self.outbound and account is not None and account.owner_kind is OwnerKind.COUNCIL_PAGE
        """Whether the Council's own page wrote it."""
        self._folded: dict[Field, Folded] = {}
        self._marked: dict[Field, Marked] = {}

    @cached_property
    def owner(self) -> str | None:
        """Return the councillor whose account it stands on, if it is a councillor's."""
        return self.account.councillor_id if self.account is not None else None

    @cached_property
    def replied_to(self) -> str | None:
        """Return the councillor whose item is answered."""
        handle = self.event.in_reply_to.author_handle if self.event.in_reply_to is not None else None
        return self.directory.by_handle.get(handle.lower()) if handle else None

    @cached_property
    def answers_resident(self) -> bool:
        """Return whether it answers somebody who is in no register."""
        reply = self.event.in_reply_to
        if reply is None or not reply.author_handle or self.replied_to is not None:
            return False
        handle = reply.author_handle.lower()
        own = self.account is not None and handle == self.account.handle.lower()
        return not own and handle not in self.directory.council_handles

    @cached_property
    def speaker(self) -> str | None:
        """Return the councillor who was speaking in the meeting at that moment."""
        return self.event.webcast.speaker_id if self.event.webcast is not None else None

    @cached_property
    def mentioned(self) -> tuple[str, ...]:
        """Return the councillors whose handles stand in the event's mentions."""
        known = self.directory.by_handle
        return tuple(dict.fromkeys(known[one.lower()] for one in self.event.mentions if one.lower() in known))

    @cached_property
    def around(self) -> tuple[str, ...]:
        """Return the people named in the item answered, then in the thread's title."""
        reply = self.event.in_reply_to
        texts = (reply.text if reply is not None else None, self.event.thread_title)
        marks = [self.directory.mark(fold(text[:_CONTEXT]), self._close) for text in texts if text]
        return tuple(dict.fromkeys(one.person for mark in marks for one in mark.people() if one.person))

    @cached_property
    def titled(self) -> tuple[str, ...]:
        """Return the people named in the thread's title."""
        if not self.event.thread_title:
            return ()
        mark = self.directory.mark(fold(self.event.thread_title[:_CONTEXT]), self._close)
        return tuple(dict.fromkeys(one.person for one in mark.people() if one.person))

    def near(self) -> Collection[str]:
        """Return everybody being talked to or about: a first name alone is theirs."""
        return {*self._close(), *self.around}

    def _close(self) -> Collection[str]:
        close = (self.owner, self.replied_to, self.speaker, *self.mentioned)
        return {one for one in close if one is not None}

    def written(self, field: Field) -> str:
        """Return a field's text as received; attachments joined by a newline."""
        event = self.event
        if field is Field.TEXT:
            return event.text or ""
        if field is Field.SHARED:
            return event.shared.text if event.shared is not None else ""
        if field is Field.ALT_TEXT:
            return "\n".join(one.alt_text for one in event.attachments if one.alt_text)
        if field is Field.OCR_TEXT:
            return "\n".join(one.ocr_text for one in event.attachments if one.ocr_text)
        if event.profile is not None:
            return event.profile.bio_after or ""
        return ""

    def fields(self) -> tuple[Field, ...]:
        """Return the fields that hold words, the text first."""
        event = self.event
        found = [Field.TEXT] if event.text else []
        if event.shared is not None and event.shared.text:
            found.append(Field.SHARED)
        if event.attachments:
            found += [one for one in (Field.OCR_TEXT, Field.ALT_TEXT) if self.written(one)]
        return tuple(found)

    def own_fields(self) -> tuple[Field, ...]:
        """Return the fields that hold the author's own words: not what is shared, nor a text that only repeats it."""
        shared = self.event.shared
        repeats = shared is not None and bool(shared.text) and shared.text in (self.event.text or "")
        return tuple(one for one in self.fields() if one is not Field.SHARED and not (one is Field.TEXT and repeats))

    def folded(self, field: Field) -> Folded:
        """Return a field folded, with names as they stand."""
        if field not in self._folded:
            self._folded[field] = fold(self.written(field))
        return self._folded[field]

    def marked(self, field: Field) -> Marked:
        """Return a field folded, with tokens for names."""
        if field not in self._marked:
            self._marked[field] = self.directory.mark(self.folded(field), self.near)
        return self._marked[field]

    def owner_of_thread(self) -> str | None:
        """Return the councillor on whose page the public writes; None for what that councillor writes."""
        return None if self.outbound else self.owner
