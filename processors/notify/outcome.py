"""What a sender says of one attempt, and when the next is due. Between the notifier and its senders."""

import re
import zlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=5)
MOST_REFUSALS = 3
"""A recipient refused for good so many times is given up; anything else is tried for ever."""

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


class Answer(StrEnum):
    """The provider's word. REFUSED is its no to this recipient or message; GONE is a no for ever."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True)
class Outcome:
    """One attempt's outcome. down: the whole channel cannot be used now, so others need not be tried in this round."""

    answer: Answer
    reason: str | None = None
    down: bool = False


SENT = Outcome(Answer.SENT)


def delay_after(attempts: int, alert_id: str) -> timedelta:
    """Return the pause after so many attempts (1 or more): 5 s doubling to 5 min, 20 % either way by the alert's id.

    The spread comes from the id, so that alerts that failed together do not all come back together.
    """
    longest = LONGEST_DELAY.total_seconds()
    seconds = min(longest, FIRST_DELAY.total_seconds() * 2.0 ** min(attempts - 1, 16))
    spread = zlib.crc32(f"{alert_id} {attempts}".encode()) % 401 / 1000 - 0.2
    return timedelta(seconds=min(longest, seconds * (1 + spread)))


def without_addresses(reply: str) -> str:
    """Return a provider's reply on one line, shortened, with every e-mail address taken out."""
    return _ADDRESS.sub("(address)", " ".join(reply.split()))[:200]
