"""When an author contacted a person: times only, no text. Rebuilt from `social.events.v1`, read by the screen stage.

A contact is something the public writes on a councillor's own account, in answer to the councillor, or that mentions
the councillor's handle. Chat under a webcast is no contact: it speaks to everybody. Beside them stand the places that
own accounts link to (`processors.links`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.registers.types import Registers
from pipeline.vocabulary.event import Action, Direction, Event
from processors.links import Links

KEPT = timedelta(days=30)
_CONTACT = frozenset({Action.CREATE, Action.SHARE})


@dataclass
class Contacts:
    """Event ids with times by (author id, person id). `note` may be called twice for the same event without effect."""

    registers: Registers
    links: Links = field(default_factory=Links)
    _times: dict[tuple[str, str], dict[str, datetime]] = field(default_factory=dict)
    _handles: dict[str, str] = field(default_factory=dict)
    _handles_of: Registers | None = None

    def note(self, event: Event) -> None:
        """Remember one event."""
        self.links.note(event)
        if event.author is None:
            return
        for person in self.contacted(event):
            held = self._times.setdefault((event.author.id, person), {})
            held[event.event_id] = event.happened_at
            if len(held) % 64 == 0:
                _forget_old(held, event.happened_at)

    def times(self, author: str, person: str, until: datetime) -> list[datetime]:
        """Return the times of the contacts of the 30 days up to `until`, in order."""
        held = self._times.get((author, person), {})
        return sorted(at for at in held.values() if until - KEPT <= at <= until)

    def contacted(self, event: Event) -> Iterable[str]:
        """Return the councillors whom an event contacts."""
        if event.direction is not Direction.INBOUND or event.action not in _CONTACT or event.webcast is not None:
            return ()
        known = self._known_handles()
        account = self.registers.accounts.get(event.account)
        reply = event.in_reply_to
        handles = [reply.author_handle] if reply is not None and reply.author_handle else []
        people = [account.councillor_id if account is not None else None]
        people += [known.get(handle.lower()) for handle in (*handles, *event.mentions)]
        return tuple(dict.fromkeys(one for one in people if one is not None))

    def _known_handles(self) -> dict[str, str]:
        """Return the councillors by handle; worked out again when the registers were reloaded (the times stay)."""
        if self._handles_of is not self.registers:
            accounts = self.registers.accounts.values()
            self._handles = {one.handle.lower(): one.councillor_id for one in accounts if one.councillor_id}
            self._handles_of = self.registers
        return self._handles


def _forget_old(held: dict[str, datetime], now: datetime) -> None:
    for event_id in [event_id for event_id, at in held.items() if at < now - KEPT]:
        del held[event_id]
