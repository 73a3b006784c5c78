"""Reconcile: decides what an observation is (new, edited, deleted, or nothing new) and mints the event's id.

Second in the flow, before screening, in the same agent. Pure: no clock, no log. State is what was last seen of each
object of an account, as hashes, ids and times, rebuilt from `social.events.v1`; it is bounded, and what has fallen out
costs at most an event that is seen a second time under the same id. Objects are told apart by account, so that the
result is the same however accounts fall into partitions.

Deciding and noting are two calls: only an event that was screened is noted, so that one that could not be screened is
new again when it is sent again.
"""

from collections import OrderedDict
from datetime import datetime

import msgspec

from pipeline import ids
from pipeline.vocabulary.event import Action, Event, Observation

REMEMBERED = 100_000
"""Objects remembered for a partition."""
_OLDER = 8

Mark = tuple[str, datetime]
"""A version of an object: hash of its content, and when it was written or changed."""


class Version(msgspec.Struct, frozen=True):
    """The last version seen of an object, and the marks of some before it. No text."""

    event_id: str
    mark: Mark
    observed_at: datetime
    deleted: bool = False
    older: tuple[Mark, ...] = ()

    @property
    def when(self) -> tuple[datetime, datetime]:
        """Where it stands among the versions of its object."""
        return self.mark[1], self.observed_at


class Reconciler:
    """The versions of one partition."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._versions: OrderedDict[tuple[str, str], Version] = OrderedDict()

    def decide(self, seen: Observation) -> Event | None:
        """Return the event an observation makes, or None where it says nothing new. Changes nothing.

        A create of known content is dropped; of other content it is an update, unless it is older than what is known:
        then it came late and stands for itself. An update of an unknown object keeps its action. A -> B -> A are three
        events, each with the one before in its id.
        """
        last = self._versions.get((seen.account, seen.object_id))
        content = ids.content_hash(seen)
        if last is None:
            return _event(seen, content, seen.action, None)
        if seen.action is Action.DELETE:
            return None if last.deleted else _event(seen, content, seen.action, last.event_id)
        mark = content, _changed(seen)
        if content == last.mark[0] or (mark in last.older and _when(seen) <= last.when):
            return None
        if _when(seen) < last.when:
            return _event(seen, content, seen.action, None)
        action = Action.UPDATE if seen.action is Action.CREATE else seen.action
        return _event(seen, content, action, last.event_id)

    def same(self, seen: Observation) -> Event | None:
        """Return the event that is known already for what a person sends again, or None where it is not the last."""
        last = self._versions.get((seen.account, seen.object_id))
        content = ids.content_hash(seen)
        if last is None or last.deleted or last.mark[0] != content:
            return None
        return msgspec.structs.replace(_event(seen, content, seen.action, None), event_id=last.event_id)

    def note(self, event: Event) -> None:
        """Take an event into state: after it was screened, and when state is rebuilt."""
        key = event.account, event.object_id
        last = self._versions.pop(key, None)
        self._versions[key] = _next(last, event)
        if len(self._versions) > self._remembered:
            self._versions.popitem(last=False)


def _event(seen: Observation, content: str, action: Action, previous: str | None) -> Event:
    plain = {name: getattr(seen, name) for name in Observation.__struct_fields__}
    acted = msgspec.structs.replace(seen, action=action) if action is not seen.action else seen
    plain["action"] = action
    return Event(
        **plain,
        event_id=ids.event_id(acted, content, previous),
        content_hash=content,
        previous_event_id=previous,
    )


def _next(last: Version | None, event: Event) -> Version:
    mark = event.content_hash, _changed(event)
    if last is None:
        return Version(event.event_id, mark, event.observed_at, event.action is Action.DELETE)
    if event.action is Action.DELETE:
        return Version(event.event_id, last.mark, event.observed_at, True, last.older)
    if _when(event) < last.when:
        return msgspec.structs.replace(last, older=(*last.older, mark)[-_OLDER:])
    return Version(event.event_id, mark, event.observed_at, False, (*last.older, last.mark)[-_OLDER:])


def _changed(seen: Observation) -> datetime:
    return seen.edited_at or seen.posted_at or seen.observed_at


def _when(seen: Observation) -> tuple[datetime, datetime]:
    """Return what orders the versions of an object: the platform's own time, then when it was seen."""
    return _changed(seen), seen.observed_at
