"""Checking a draft (5.3): what the rules make of a text before it is posted. Held in memory for the answer, and let go.

The same screener and the same words as `parapet explain`. Only a draft that its author sends for advice is kept, as an
incident of kind `advice` (a message on incident.activity.v1), to be answered by a person.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from pipeline import ids
from pipeline.registers.types import Account, OwnerKind, Registers
from pipeline.vocabulary.activity import Activity, ActivityKind, ManualRecord
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Direction, Event, Ingest, Leg, Observation
from pipeline.vocabulary.levels import Level
from processors.explaining import explained
from processors.rules.watch import WatchedRulebook
from processors.screener import Screener

LONGEST = 5000
ADVICE_PARAGRAPH = "5.3"


@dataclass(frozen=True)
class Draft:
    """A text that somebody thinks of posting from an account, at a time; nothing else of it is known."""

    text: str
    account: Account
    at: datetime


class Drafts:
    """Screens drafts with the rulebook as it stands. The rules are read when the first draft comes; thread-safe."""

    def __init__(self, own_rules: Path) -> None:
        self._rulebook = WatchedRulebook(own_rules, time.monotonic)
        self._lock = threading.Lock()
        self._screener: tuple[str, str, Screener] | None = None

    def check(self, draft: Draft, registers: Registers) -> list[str]:
        """Return what the rules make of a draft, in lines of words. Nothing is kept.

        Confidential topics are left out: whoever may check a draft could otherwise feel out what is confidential.
        """
        known = msgspec.structs.replace(registers, topics=(), fingerprints=())
        return explained(observation_of(draft), self._ready(known), known)[1]

    def _ready(self, registers: Registers) -> Screener:
        with self._lock:
            rulebook = self._rulebook.current()
            held = self._screener
            if held is None or held[:2] != (rulebook.version, registers.version):
                held = (rulebook.version, registers.version, Screener(registers, rulebook))
                self._screener = held
            return held[2]


def accounts_to_post_from(registers: Registers) -> tuple[Account, ...]:
    """Return the councillors' accounts, then the Council's pages."""
    accounts = registers.accounts.values()
    return tuple(sorted(accounts, key=lambda one: (one.owner_kind is OwnerKind.COUNCIL_PAGE, one.id)))


def advice_on(draft: Draft, by: str, token: str) -> Activity:
    """Return the act that sends a draft for advice: the only way in which it is kept."""
    seen = observation_of(draft)
    identity = ids.digest("draft", by, token)
    kept = msgspec.structs.replace(
        seen,
        object_id=f"{seen.platform}:draft:{identity}",
        object_type="draft",
        author=None,
        ingest=Ingest(connector="console", leg=Leg.MANUAL, source=by),
    )
    event = Event(**msgspec.structs.asdict(kept), event_id=identity, content_hash=ids.content_hash(kept))
    concern = ids.concern_of(None, None, event.account)
    incident = ids.incident_id(concern, None, identity)
    record = ManualRecord(
        event=event, person=None, category=Category.ADVICE, paragraph=ADVICE_PARAGRAPH, level=Level.LOW, advice=True
    )
    return Activity(
        activity_id=ids.digest("activity", incident, by, f"advice:{token}"),
        incident_id=incident,
        concern=concern,
        kind=ActivityKind.RECORD,
        by=by,
        at=draft.at,
        seen_version=0,
        record=record,
    )


def observation_of(draft: Draft) -> Observation:
    """Return a draft as the screener reads it: a post of its account, at that moment."""
    account = draft.account
    return Observation(
        platform=account.platform,
        object_id=f"{account.platform}:draft:unsent",
        object_type="post",
        action=Action.CREATE,
        account=account.id,
        observed_at=draft.at,
        posted_at=draft.at,
        direction=Direction.OUTBOUND,
        text=draft.text,
        author=Author(id=account.platform_account_id or account.id, handle=account.handle),
    )
