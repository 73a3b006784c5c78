"""Written requests to stop contact: which one, if any, an event comes after. Read by screen (contacts) and correlate.

A request holds for one author on one platform and one councillor, from the moment it was made; times are the post's
own. The author is known by id, or by the handle in the register where the platform gave the account another id.
"""

from collections.abc import Iterable

from pipeline.registers.types import StopRequest
from pipeline.vocabulary.event import Event


def request_to_stop(requests: Iterable[StopRequest], event: Event, person: str) -> StopRequest | None:
    """Return the newest request that the author of an event had about a person when it was posted, or None."""
    held = [one for one in requests if one.councillor_id == person and _is_author(one, event)]
    before = [one for one in held if one.requested_at <= event.happened_at]
    return max(before, key=lambda one: (one.requested_at, one.ref), default=None)


def _is_author(request: StopRequest, event: Event) -> bool:
    author = event.author
    if author is None or request.platform != event.platform:
        return False
    handles = (request.author_handle, author.handle)
    same = all(handles) and len({handle.lower() for handle in handles if handle}) == 1
    return request.author_id == author.id or same
