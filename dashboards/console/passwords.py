"""What a password must be, how it is kept (argon2id), and how a one-time password is made. Used by the accounts."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256
DENIED = frozenset(
    {
        "password",
        "passw0rd",
        "letmein",
        "welcome",
        "qwertyuiop",
        "changeme",
        "iloveyou",
        "football",
        "liverpool",
        "council",
        "parapet",
        "monitoring",
        "administrator",
    }
)
"""Words that may be in a password only beside eight or more other characters."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_AT_ONCE = threading.BoundedSemaphore(4)
# Each argon2 hash takes 64 MB: without a bound, a burst of sign-ins would take the machine's memory.


class PasswordRefused(ValueError):
    """The password cannot be used; the message says why and what would do."""


def check_password(password: str, username: str) -> None:
    """Raise PasswordRefused for a password that is too short, too long, common, or made of the username."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"Password must be {SHORTEST} characters or more: three random words are a good choice")
    if len(password) > LONGEST:
        raise PasswordRefused(f"Password must be {LONGEST} characters or fewer")
    folded = password.casefold()
    if len(set(folded)) < 5 or folded in "01234567890123456789" or folded in "abcdefghijklmnopqrstuvwxyz":
        raise PasswordRefused("Password must not be one pattern repeated: three random words are a good choice")
    for word in (*DENIED, username.casefold()):
        if word in folded and len(folded.replace(word, "")) < 8:
            raise PasswordRefused("Password is too easy to guess: three random words are a good choice")


def one_time_password() -> str:
    """Return four groups of five characters without look-alikes (99 bits)."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


class Passwords:
    """Hashes and verifies, a few at once. `absent` is a hash no password has: an unknown account costs the same."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self.absent = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return the argon2id hash, with its own salt and parameters."""
        with _AT_ONCE:
            return self._hasher.hash(password)

    def verify(self, stored: str, password: str) -> bool:
        """Say whether a password is the one that was hashed; takes the same time either way."""
        with _AT_ONCE:
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False
