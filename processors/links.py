"""Which places an own account linked to, and when: hashes and times only. Rebuilt from `social.events.v1`.

Read by the screen stage for one sign that an account was taken over: a burst of links to many places, all of them new
to it. Public bodies' places are nobody's habit and are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.ids import digest
from pipeline.vocabulary.event import Action, Direction, Event

KEPT = timedelta(days=14)
WITHIN = timedelta(minutes=30)
POSTS, PLACES = 6, 5
"""So many posts with links to so many new places, within so many minutes, are a burst."""
_PAST_POSTS, _PAST_DAYS = 10, timedelta(days=3)
"""An account of which less is known has no habits yet."""
_POSTED = frozenset({Action.CREATE, Action.SHARE})
_PLACE = re.compile(r"https?://(?:www\.)?([^\s/:?#]+)", re.IGNORECASE)
_PUBLIC = (".gov.uk", ".nhs.uk", ".police.uk", ".parliament.uk")

Post = tuple[datetime, frozenset[str]]


@dataclass
class Links:
    """Posts by account, each with its time and the places it links to. `note` may be called twice for one event."""

    _posts: dict[str, dict[str, Post]] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Remember one post of an own account."""
        if event.direction is not Direction.OUTBOUND or event.action not in _POSTED:
            return
        held = self._posts.setdefault(event.account, {})
        held[event.event_id] = event.happened_at, places_of(event)
        if len(held) % 64 == 0:
            for event_id in [one for one, (at, _) in held.items() if at < event.happened_at - KEPT]:
                del held[event_id]

    def burst(self, event: Event) -> int:
        """Return to how many new places a burst that ends with this event leads; 0 where there is none."""
        if event.action not in _POSTED or not places_of(event):
            return 0
        now = event.happened_at
        posts = {**self._posts.get(event.account, {}), event.event_id: (now, places_of(event))}
        before = [one for one in posts.values() if now - KEPT <= one[0] <= now - WITHIN]
        if len(before) < _PAST_POSTS or now - min(at for at, _ in before) < _PAST_DAYS:
            return 0
        known = frozenset[str]().union(*(places for _, places in before))
        lately = [places for at, places in posts.values() if now - WITHIN < at <= now and places]
        new = frozenset[str]().union(*lately)
        return len(new) if len(lately) >= POSTS and len(new) >= PLACES and known.isdisjoint(new) else 0


def places_of(event: Event) -> frozenset[str]:
    """Return the places that a post links to, as hashes."""
    return frozenset(digest("place", host) for host in _hosts(event))


def _hosts(event: Event) -> Iterator[str]:
    for found in _PLACE.finditer(event.text or ""):
        host = found.group(1).lower().rstrip(".,;)")
        if not f".{host}".endswith(_PUBLIC):
            yield host
