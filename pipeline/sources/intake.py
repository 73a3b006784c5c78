"""One raw observation in, an observation or a dead letter out: the same for a line of a file and an item of a webhook.

First in the flow. Reads the Thornmere form and our own (they share their field names; fields we do not know are left
out), checks it field by field, and asks `admission`. Errors name the field and the cure and never quote the words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from pipeline.codec import decode
from pipeline.dead_letters import Again, Place, Refusal, dead_letter
from pipeline.log.interface import Outgoing
from pipeline.registers.types import Registers
from pipeline.sources.admission import WITHOUT_TEXT, admit
from pipeline.topics import raw_topic
from pipeline.vocabulary.event import Action, Ingest, Observation
from pipeline.vocabulary.operations import DeadLetterReason as Reason

MAX_BYTES = 1 << 20
"""Longest line or item, in bytes: 1 MiB."""

UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""What reading bad bytes can raise."""

FIRST_YEAR, LAST_YEAR = 1990, 2200
"""Times outside these years are slips; far enough inside what a date can hold for windows to be reckoned."""

TIMES = ("posted_at", "edited_at", "observed_at")

_UNSHIFTED = timedelta(0)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_VALUE = re.compile(r" ?'.*'| ?\".*\"", re.DOTALL)


@dataclass(frozen=True)
class Refused:
    """What could not be taken: why, and the dead letter that says so."""

    refusal: Refusal
    letter: Outgoing


class _Named(msgspec.Struct, frozen=True):
    """As much of a bad observation as says whose it is."""

    account: str
    platform: str


@dataclass(frozen=True)
class Intake:
    """Takes observations for one source. registers and clock (aware UTC) are asked anew for each.

    look puts beside an admitted observation what its pictures say; None: they are not read.
    """

    registers: Callable[[], Registers]
    clock: Callable[[], datetime]
    stage: str
    look: Callable[[Observation], Observation] | None = None

    def take(self, raw: bytes, ingest: Ingest, shift: timedelta = _UNSHIFTED) -> Observation | Refused:
        """Return the observation in some JSON bytes, marked with where it came from, or why it is refused.

        shift is added to its times (a demonstration's feed is moved to now) before anybody looks at them.
        """
        if len(raw) > MAX_BYTES:
            return self._refused(
                Refusal(Reason.TOO_LARGE, f"it is longer than {MAX_BYTES} bytes: send less in one"), b"", ingest
            )
        try:
            seen = _shifted(msgspec.structs.replace(decode(Observation, raw), ingest=ingest), shift)
        except UNREADABLE as error:
            return self._refused(why_unreadable(error), raw, ingest)
        refusal = fault_of(seen) or admit(seen, self.registers(), self.clock())
        if refusal is not None:
            return self._refused(refusal, raw, ingest)
        return seen if self.look is None else self.look(seen)

    def _refused(self, refusal: Refusal, raw: bytes, ingest: Ingest) -> Refused:
        resend = None if refusal.reason in WITHOUT_TEXT else self._again(raw)
        place = Place(self.stage, ingest.source or ingest.connector, ingest.position or "")
        account = None if resend is None else resend.key
        return Refused(refusal, dead_letter(refusal, place, self.clock(), resend, account))

    def _again(self, raw: bytes) -> Again | None:
        """Return how to send it again, if it says whose it is and that may be collected; else nothing of it is kept."""
        try:
            named = decode(_Named, raw)
        except UNREADABLE:
            return None
        now = self.clock()
        probe = Observation(
            platform=named.platform, object_id="?", object_type="?", action=Action.CREATE, account=named.account,
            observed_at=now,
        )  # fmt: skip
        refusal = admit(probe, self.registers(), now)
        if refusal is not None and refusal.reason in WITHOUT_TEXT:
            return None
        return Again(b"[" + raw + b"]", raw_topic(named.platform).name, named.account)


def _shifted(seen: Observation, shift: timedelta) -> Observation:
    if not shift or fault_of(seen) is not None:
        return seen
    times = {name: time + shift for name in TIMES if (time := getattr(seen, name)) is not None}
    return msgspec.structs.replace(seen, **times)


def fault_of(seen: Observation) -> Refusal | None:
    """Return what is wrong with a well-formed observation, or None: an empty id, no direction, a time nobody lived."""
    for name in ("platform", "object_id", "object_type", "account"):
        if not getattr(seen, name).strip():
            return Refusal(Reason.BAD_FIELD, f"{name} is empty: fill it in")
    if seen.direction is None and seen.action is not Action.DELETE:
        return Refusal(Reason.BAD_FIELD, "direction is missing: write inbound or outbound")
    for name in TIMES:
        time: datetime | None = getattr(seen, name)
        if time is not None and not FIRST_YEAR <= time.year <= LAST_YEAR:
            return Refusal(Reason.BAD_FIELD, f"{name} is not between {FIRST_YEAR} and {LAST_YEAR}: correct it")
    return None


def why_unreadable(error: Exception) -> Refusal:
    """Return a decoding error in words that name the field and the cure; a value that stands in it is left out."""
    if isinstance(error, msgspec.ValidationError):
        return Refusal(Reason.BAD_FIELD, _field_fault(str(error)))
    if isinstance(error, RecursionError):
        return Refusal(Reason.BAD_JSON, "it is nested too deeply: send the plain form")
    if isinstance(error, UnicodeDecodeError):
        return Refusal(Reason.BAD_JSON, "it is not UTF-8: save or send it as UTF-8")
    return Refusal(Reason.BAD_JSON, "it is no JSON object: write one object in UTF-8, on one line in a file")


def _field_fault(message: str) -> str:
    problem, _, place = message.partition(" - at `")
    path = place.rstrip("`").removeprefix("$").removeprefix(".")
    absent = _MISSING.fullmatch(problem)
    if absent is not None:
        return f"{path}{'.' if path else ''}{absent[1]} is missing: fill it in"
    return f"{path or 'the whole'}: {_VALUE.sub('', problem)}: correct that field"
