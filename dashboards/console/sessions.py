"""Server-side sessions and, within each, the purpose of search: what a signed-in browser is known by.

The cookie holds a random token, the file only its hash. A session ends after 8 hours, at sign-out, and when the
password changes or the account is disabled.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboards.console.database import ConsoleDatabase

SESSION_SECONDS = 8 * 3600


@dataclass(frozen=True)
class Session:
    """One signed-in browser. purpose and complaint are those of its searches."""

    token_hash: str
    username: str
    csrf: str
    expires_at: float
    purpose: str | None
    complaint: str | None


@dataclass(frozen=True)
class SavedSearch:
    """What was searched for, kept out of addresses and histories; gone with the session."""

    search_id: str
    fields: Mapping[str, str]
    purpose: str
    complaint: str | None


class Sessions:
    """The sessions in one console.db."""

    def __init__(self, database: ConsoleDatabase, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def start(self, username: str) -> str:
        """Begin a session and return its token, for the cookie alone."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._database.transaction() as change:
            change.execute("DELETE FROM sessions WHERE expires_at < ?", (now,))
            change.execute(
                "INSERT INTO sessions (token_hash, username, csrf, expires_at) VALUES (?, ?, ?, ?)",
                (_hash(token), username, secrets.token_urlsafe(32), now + SESSION_SECONDS),
            )
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token while it lasts."""
        rows = self._database.rows(
            "SELECT token_hash, username, csrf, expires_at, purpose, complaint FROM sessions"
            " WHERE token_hash = ? AND expires_at > ?",
            (_hash(token), self._clock()),
        )
        return Session(*rows[0]) if rows else None

    def end(self, session: Session) -> None:
        """End a session."""
        with self._database.transaction() as change:
            change.execute("DELETE FROM sessions WHERE token_hash = ?", (session.token_hash,))

    def set_purpose(self, session: Session, purpose: str, complaint: str | None) -> None:
        """Keep the purpose of this session's searches."""
        with self._database.transaction() as change:
            change.execute(
                "UPDATE sessions SET purpose = ?, complaint = ? WHERE token_hash = ?",
                (purpose, complaint, session.token_hash),
            )

    def save_search(self, session: Session, fields: Mapping[str, str]) -> str:
        """Keep what was searched for under this session's purpose; return its id."""
        search_id = secrets.token_urlsafe(9)
        with self._database.transaction() as change:
            change.execute(
                "INSERT INTO searches VALUES (?, ?, ?, ?, ?)",
                (search_id, session.token_hash, json.dumps(dict(fields)), session.purpose, session.complaint),
            )
        return search_id

    def find_search(self, session: Session, search_id: str) -> SavedSearch | None:
        """Return a search of this session."""
        rows = self._database.rows(
            "SELECT search_id, fields, purpose, complaint FROM searches WHERE search_id = ? AND token_hash = ?",
            (search_id, session.token_hash),
        )
        if not rows:
            return None
        row = rows[0]
        return SavedSearch(row["search_id"], json.loads(row["fields"]), row["purpose"], row["complaint"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
