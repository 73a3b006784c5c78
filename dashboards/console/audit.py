"""The audit log: who looked at what, when and why, in a chain of hashes that shows a changed or missing row.

Beside the flow: every view, reveal, search, export and act of the console is written here before its answer is sent. It
holds references and codes, never the words of a post or of a search.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from sqlite3 import Row

from dashboards.console.database import ConsoleDatabase

_FIRST = "0" * 64


class AuditAction(StrEnum):
    """What an entry records."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an act
    REFUSED = "refused"
    VIEW = "view"
    REVEAL = "reveal"
    PRINT = "print"
    SCREENSHOT = "screenshot"
    PURPOSE = "purpose"
    SEARCH = "search"
    EXPORT = "export"
    ACKNOWLEDGE = "acknowledge"
    VERDICT = "verdict"
    NOTE = "note"
    GATHER = "gather"
    RECORD = "record"
    LOOKED_AT = "looked_at"
    PROMPT = "prompt"
    REFER = "refer"
    ASK_REMOVAL = "ask_removal"
    CLOSE_REMOVAL = "close_removal"
    DRAFT = "draft"
    ADVICE = "advice"
    HOLD = "hold"
    RELEASE = "release"
    DISPUTE = "dispute"
    SETTLE = "settle"
    RESTRICT = "restrict"
    LIFT = "lift"
    DELETE = "delete"
    ACCESS_REQUEST = "access_request"
    AUDIT_READ = "audit_read"
    TOPIC_DOCUMENT = "topic_document"
    TOPIC_TRIED = "topic_tried"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_RESET = "account_reset"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is to be recorded. object is an incident's reference, a route or an account; detail holds codes only."""

    action: AuditAction
    user: str
    object: str = ""
    purpose: str = ""
    complaint: str = ""
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditEntry:
    """One row, as it stands. at is UTC."""

    seq: int
    at: datetime
    act: Act
    previous: str
    hash: str


@dataclass(frozen=True)
class AuditCheck:
    """What `verify` found; broken_at is the first entry that does not fit. head, noted elsewhere, proves the rest."""

    whole: bool
    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""


class Audit:
    """The audit log in one console.db, append-only."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._database = ConsoleDatabase(path)
        self._clock = clock

    def record(self, act: Act) -> AuditEntry:
        """Append one entry; durable when this returns."""
        at = self._clock()
        with self._database.transaction() as change:
            last = change.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, _FIRST)
            text = _canonical(seq, at, act)
            value = _link(previous, text)
            change.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (seq, text, previous, value))
        return AuditEntry(seq, at, act, previous, value)

    def entries(self, before: int | None = None, limit: int = 50, **narrowed: str) -> list[AuditEntry]:
        """Return entries, newest first, before a number; narrowed by exact user, action, object or complaint."""
        wanted = {name: value for name, value in narrowed.items() if value}
        clauses = ["seq < ?", *("json_extract(entry, ?) = ?" for _ in wanted)]
        values: list[str | float | None] = [before if before is not None else 2**62]
        for name, value in wanted.items():
            values += [f"$.{name}", value]
        sql = f"SELECT * FROM audit WHERE {' AND '.join(clauses)} ORDER BY seq DESC LIMIT ?"  # noqa: S608 - fixed words
        return [_entry(row) for row in self._database.rows(sql, [*values, limit])]

    def verify(self) -> AuditCheck:
        """Walk the whole chain and say whether every entry is as it was written and none is missing."""
        previous, count = _FIRST, 0
        with self._database.transaction() as reading:
            written = reading.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
            for row in reading.execute("SELECT * FROM audit ORDER BY seq"):
                reason = _fault(row, count + 1, previous)
                if reason:
                    return AuditCheck(False, count, previous, count + 1, reason)
                previous, count = row["hash"], count + 1
        if written and written["seq"] != count:
            return AuditCheck(False, count, previous, count + 1, "entries after this one are missing")
        return AuditCheck(True, count, previous)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()


def _canonical(seq: int, at: datetime, act: Act) -> str:
    return json.dumps({"seq": seq, "at": at.isoformat(), **asdict(act)}, sort_keys=True, ensure_ascii=True)


def _link(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _fault(row: Row, seq: int, previous: str) -> str:
    if row["seq"] != seq:
        return "an entry is missing here"
    if row["previous"] != previous:
        return "the entry does not follow the one before it"
    if row["hash"] != _link(previous, row["entry"]) or json.loads(row["entry"])["seq"] != seq:
        return "the entry was changed"
    return ""


def _entry(row: Row) -> AuditEntry:
    values = json.loads(row["entry"])
    act = Act(
        action=AuditAction(values["action"]),
        user=values["user"],
        object=values["object"],
        purpose=values["purpose"],
        complaint=values["complaint"],
        detail=values["detail"],
    )
    return AuditEntry(row["seq"], datetime.fromisoformat(values["at"]), act, row["previous"], row["hash"])
