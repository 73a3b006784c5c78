"""Local accounts of the console, until single sign-on comes: add, reset, disable, sign in.

In front of every page. Sign-in is limited by account and by address, kept in the file, so a restart forgives nobody.
"""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from sqlite3 import Row

from dashboards.console.database import ConsoleDatabase
from dashboards.console.passwords import Passwords, check_password, one_time_password
from dashboards.console.permissions import ConsoleRole, Permission, permissions_of

WINDOW_SECONDS = 900
FAILURES_BY_ACCOUNT = 10
FAILURES_BY_ADDRESS = 30
ONE_TIME_SECONDS = 72 * 3600

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class AccountError(ValueError):
    """An account that cannot be added or changed; the message names the field and the cure."""


@dataclass(frozen=True)
class UserAccount:
    """One account. Times are seconds since 1970, UTC."""

    username: str
    name: str
    roles: tuple[ConsoleRole, ...]
    disabled: bool
    must_change: bool
    created_at: float
    last_sign_in_at: float | None

    @property
    def held(self) -> frozenset[Permission]:
        """Return everything this account may do."""
        return permissions_of(self.roles)


class SignIn(StrEnum):
    """What came of a sign-in. WRONG does not say which of the two was wrong."""

    DONE = "done"
    WRONG = "wrong"
    LIMITED = "limited"
    EXPIRED = "expired"


class Accounts:
    """The accounts in one console.db."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time, passwords: Passwords | None = None) -> None:
        self.database = ConsoleDatabase(path)
        self._clock = clock
        self._passwords = passwords or Passwords()

    def add(self, username: str, name: str, roles: Iterable[str], password: str) -> UserAccount:
        """Add an account that signs in with `password`.

        Raises:
            AccountError: the username is taken or badly formed, the name is empty, or a role is unknown.
            PasswordRefused: the password is too easy to guess.
        """
        check_password(password, username)
        self._insert(username, name, roles, password)
        return self.must_get(username)

    def invite(self, username: str, name: str, roles: Iterable[str]) -> str:
        """Add an account and return its one-time password, to be changed at the first sign-in. Raises AccountError."""
        self._insert(username, name, roles, one_time_password())
        return self.reset(username)

    def reset(self, username: str) -> str:
        """Return a one-time password, good for 72 hours, and end the account's sessions. Raises AccountError."""
        self.must_get(username)
        password = one_time_password()
        hashed, until = self._passwords.hash(password), self._clock() + ONE_TIME_SECONDS
        with self.database.transaction() as change:
            change.execute(
                "UPDATE accounts SET password_hash = ?, must_change = 1, one_time_until = ? WHERE username = ?",
                (hashed, until, username),
            )
            change.execute("DELETE FROM sessions WHERE username = ?", (username,))
            change.execute("DELETE FROM attempts WHERE username = ?", (username,))
        return password

    def change_password(self, username: str, old: str, new: str) -> None:
        """Set a new password and end the account's sessions.

        Raises:
            AccountError: the old password is wrong, or the new one is the same.
            PasswordRefused: the new one is too easy to guess.
        """
        rows = self.database.rows("SELECT password_hash FROM accounts WHERE username = ?", (username,))
        if not rows or not self._passwords.verify(rows[0]["password_hash"], old):
            raise AccountError("Current password is not right: enter the one you signed in with")
        check_password(new, username)
        if old == new:
            raise AccountError("New password is the same as the old one: choose another")
        hashed = self._passwords.hash(new)
        with self.database.transaction() as change:
            change.execute(
                "UPDATE accounts SET password_hash = ?, must_change = 0, one_time_until = NULL WHERE username = ?",
                (hashed, username),
            )
            change.execute("DELETE FROM sessions WHERE username = ?", (username,))

    def set_disabled(self, username: str, disabled: bool) -> None:
        """Disable an account and end its sessions, or enable it again. Raises AccountError."""
        account = self.must_get(username)
        if disabled and self._is_last_admin(account):
            raise AccountError(f"{username} is the last admin: add another admin first")
        with self.database.transaction() as change:
            change.execute("UPDATE accounts SET disabled = ? WHERE username = ?", (int(disabled), username))
            change.execute("DELETE FROM sessions WHERE username = ?", (username,))

    def disable(self, username: str) -> None:
        """Disable an account and end its sessions. Raises AccountError."""
        self.set_disabled(username, disabled=True)

    def list(self) -> list[UserAccount]:
        """Return every account, by username."""
        return [_account(row) for row in self.database.rows("SELECT * FROM accounts ORDER BY username")]

    def get(self, username: str) -> UserAccount | None:
        """Return an account, or None."""
        rows = self.database.rows("SELECT * FROM accounts WHERE username = ?", (username,))
        return _account(rows[0]) if rows else None

    def must_get(self, username: str) -> UserAccount:
        """Return an account. Raises AccountError."""
        account = self.get(username)
        if account is None:
            raise AccountError(f"There is no account {username!r}: `parapet users list` names them all")
        return account

    def sign_in(self, username: str, password: str, address: str) -> SignIn:
        """Say whether these may sign in. An unknown account takes as long as a wrong password."""
        username = username.strip().lower()
        attempt = self._reserve(username, address)
        if attempt is None:
            return SignIn.LIMITED
        rows = self.database.rows("SELECT * FROM accounts WHERE username = ? AND disabled = 0", (username,))
        stored = rows[0]["password_hash"] if rows else self._passwords.absent
        if not self._passwords.verify(stored, password[:1024]) or not rows:
            return SignIn.WRONG
        if rows[0]["one_time_until"] is not None and rows[0]["one_time_until"] < self._clock():
            return SignIn.EXPIRED
        with self.database.transaction() as change:
            change.execute("DELETE FROM attempts WHERE attempt_id = ? OR username = ?", (attempt, username))
            change.execute("UPDATE accounts SET last_sign_in_at = ? WHERE username = ?", (self._clock(), username))
        return SignIn.DONE

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.database.close()

    def _reserve(self, username: str, address: str) -> int | None:
        """Count this attempt as a failure before it is judged, so that guesses made at once are all counted."""
        now = self._clock()
        with self.database.transaction() as change:
            change.execute("DELETE FROM attempts WHERE at < ?", (now - WINDOW_SECONDS,))
            by_account = change.execute("SELECT count(*) FROM attempts WHERE username = ?", (username,)).fetchone()[0]
            by_address = change.execute("SELECT count(*) FROM attempts WHERE address = ?", (address,)).fetchone()[0]
            if by_account >= FAILURES_BY_ACCOUNT or by_address >= FAILURES_BY_ADDRESS:
                return None
            values = (now, username, address)
            return change.execute("INSERT INTO attempts (at, username, address) VALUES (?, ?, ?)", values).lastrowid

    def _insert(self, username: str, name: str, roles: Iterable[str], password: str) -> None:
        if not _USERNAME.fullmatch(username):
            raise AccountError(f"Username {username!r}: use 2 to 64 lower-case letters, digits and . _ @ -")
        if not name.strip():
            raise AccountError("Name is empty: write the person's name as colleagues know it")
        known = _roles(roles)
        hashed = self._passwords.hash(password)
        with self.database.transaction() as change:
            if change.execute("SELECT 1 FROM accounts WHERE username = ?", (username,)).fetchone():
                raise AccountError(f"Username {username!r} is taken: choose another, or reset its password")
            change.execute(
                "INSERT INTO accounts (username, name, roles, password_hash, created_at) VALUES (?, ?, ?, ?, ?)",
                (username, name.strip(), json.dumps(known), hashed, self._clock()),
            )

    def _is_last_admin(self, account: UserAccount) -> bool:
        admins = [one for one in self.list() if ConsoleRole.ADMIN in one.roles and not one.disabled]
        return [one.username for one in admins] == [account.username]


def _roles(roles: Iterable[str]) -> list[ConsoleRole]:
    wanted = list(dict.fromkeys(roles))
    unknown = [role for role in wanted if role not in set(ConsoleRole)]
    if unknown or not wanted:
        named = f"role {unknown[0]!r} is unknown" if unknown else "no role given"
        raise AccountError(f"{named[0].upper()}{named[1:]}: choose from {', '.join(ConsoleRole)}")
    return [ConsoleRole(role) for role in wanted]


def _account(row: Row) -> UserAccount:
    return UserAccount(
        username=row["username"],
        name=row["name"],
        roles=tuple(ConsoleRole(role) for role in json.loads(row["roles"])),
        disabled=bool(row["disabled"]),
        must_change=bool(row["must_change"]),
        created_at=row["created_at"],
        last_sign_in_at=row["last_sign_in_at"],
    )
