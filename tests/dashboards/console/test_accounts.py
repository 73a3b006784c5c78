"""Accounts: what may be added, how sign-in is limited, and what a reset does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.console.accounts import (
    FAILURES_BY_ACCOUNT,
    FAILURES_BY_ADDRESS,
    ONE_TIME_SECONDS,
    WINDOW_SECONDS,
    AccountError,
    Accounts,
    SignIn,
)
from dashboards.console.passwords import PasswordRefused, Passwords
from dashboards.console.permissions import ConsoleRole
from dashboards.console.sessions import SESSION_SECONDS, Sessions
from tests.dashboards.console.place import PASSWORD, cheap_passwords


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "console.db", clock, cheap_passwords())
    opened.add("sam", "Sam Officer", ["communications_officer"], PASSWORD)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("username", "name", "roles", "password", "error"),
    [
        ("Sam", "Sam", ["admin"], PASSWORD, "lower-case"),
        ("s", "Sam", ["admin"], PASSWORD, "2 to 64"),
        ("kim", " ", ["admin"], PASSWORD, "Name is empty"),
        ("kim", "Kim", [], PASSWORD, "No role given"),
        ("kim", "Kim", ["overlord"], PASSWORD, "Role 'overlord' is unknown"),
        ("sam", "Sam", ["admin"], PASSWORD, "taken"),
        ("kim", "Kim", ["admin"], "short", "12 characters"),
        ("kim", "Kim", ["admin"], "x" * 300, "256 characters"),
        ("kim", "Kim", ["admin"], "aaaaaaaaaaaaaa", "pattern"),
        ("kim", "Kim", ["admin"], "Password12345", "easy to guess"),
        ("kimberley", "Kim", ["admin"], "kimberley1234", "easy to guess"),
    ],
)
def test_what_cannot_be_added_says_why(
    accounts: Accounts, username: str, name: str, roles: list[str], password: str, error: str
) -> None:
    with pytest.raises(ValueError, match=error):
        accounts.add(username, name, roles, password)
    assert [one.username for one in accounts.list()] == ["sam"]


def test_a_password_is_kept_as_argon2id_only(accounts: Accounts, tmp_path: Path) -> None:
    hashed = accounts.database.rows("SELECT password_hash FROM accounts")[0]["password_hash"]
    assert hashed.startswith("$argon2id$")
    for path in tmp_path.iterdir():
        assert PASSWORD.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0 or path.suffix != ".db"


def test_sign_in_with_the_right_password_alone(accounts: Accounts) -> None:
    assert accounts.sign_in("sam", "wrong password!", "::1") is SignIn.WRONG
    assert accounts.sign_in("nobody", PASSWORD, "::1") is SignIn.WRONG
    assert accounts.sign_in(" SAM ", PASSWORD, "::1") is SignIn.DONE


class Counting(Passwords):
    """Counts how often a hash is verified."""

    verified = 0

    def verify(self, stored: str, password: str) -> bool:
        self.verified += 1
        return super().verify(stored, password)


def test_an_unknown_account_costs_one_hash_like_a_known_one(tmp_path: Path) -> None:
    passwords = Counting(cheap_passwords()._hasher)
    accounts = Accounts(tmp_path / "console.db", passwords=passwords)
    accounts.add("sam", "Sam", ["admin"], PASSWORD)
    for username in ("sam", "nobody"):
        before = passwords.verified
        accounts.sign_in(username, "wrong password!", "::1")
        assert passwords.verified == before + 1
    accounts.close()


def test_an_account_is_limited_then_free_again(accounts: Accounts, clock: Clock) -> None:
    for number in range(FAILURES_BY_ACCOUNT):
        assert accounts.sign_in("sam", "wrong password!", f"192.0.2.{number}") is SignIn.WRONG
    assert accounts.sign_in("sam", PASSWORD, "192.0.2.99") is SignIn.LIMITED
    clock.now += WINDOW_SECONDS + 1
    assert accounts.sign_in("sam", PASSWORD, "192.0.2.99") is SignIn.DONE


def test_an_address_is_limited_whatever_it_guesses(accounts: Accounts) -> None:
    for number in range(FAILURES_BY_ADDRESS):
        assert accounts.sign_in(f"guess{number}", "wrong password!", "192.0.2.1") is SignIn.WRONG
    assert accounts.sign_in("sam", PASSWORD, "192.0.2.1") is SignIn.LIMITED
    assert accounts.sign_in("sam", PASSWORD, "192.0.2.2") is SignIn.DONE


def test_the_limit_outlives_a_restart(accounts: Accounts, clock: Clock, tmp_path: Path) -> None:
    for _ in range(FAILURES_BY_ACCOUNT):
        accounts.sign_in("sam", "wrong password!", "::1")
    accounts.close()
    again = Accounts(tmp_path / "console.db", clock, cheap_passwords())
    assert again.sign_in("sam", PASSWORD, "::1") is SignIn.LIMITED
    again.close()


def test_a_reset_gives_a_password_for_72_hours_that_must_change(accounts: Accounts, clock: Clock) -> None:
    once = accounts.reset("sam")
    assert accounts.must_get("sam").must_change
    assert accounts.sign_in("sam", PASSWORD, "::1") is SignIn.WRONG
    assert accounts.sign_in("sam", once, "::1") is SignIn.DONE
    clock.now += ONE_TIME_SECONDS + 1
    assert accounts.sign_in("sam", once, "::1") is SignIn.EXPIRED


def test_a_changed_password_must_be_new_and_the_old_one_right(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="not right"):
        accounts.change_password("sam", "wrong password!", "another horse battery")
    with pytest.raises(AccountError, match="same as the old"):
        accounts.change_password("sam", PASSWORD, PASSWORD)
    with pytest.raises(PasswordRefused):
        accounts.change_password("sam", PASSWORD, "short")
    accounts.change_password("sam", PASSWORD, "another horse battery")
    assert accounts.sign_in("sam", "another horse battery", "::1") is SignIn.DONE
    assert not accounts.must_get("sam").must_change


def test_disabling_ends_sessions_and_the_last_admin_stays(accounts: Accounts, clock: Clock) -> None:
    accounts.add("kim", "Kim", [ConsoleRole.ADMIN], PASSWORD)
    sessions = Sessions(accounts.database, clock)
    token = sessions.start("sam")
    accounts.disable("sam")
    assert sessions.find(token) is None
    assert accounts.sign_in("sam", PASSWORD, "::1") is SignIn.WRONG
    with pytest.raises(AccountError, match="last admin"):
        accounts.disable("kim")
    with pytest.raises(AccountError, match="no account"):
        accounts.disable("nobody")


def test_a_session_ends_after_eight_hours(accounts: Accounts, clock: Clock) -> None:
    sessions = Sessions(accounts.database, clock)
    token = sessions.start("sam")
    clock.now += SESSION_SECONDS - 1
    found = sessions.find(token)
    assert found is not None
    assert found.username == "sam"
    assert token not in repr(accounts.database.rows("SELECT * FROM sessions")[0]["token_hash"])
    clock.now += 2
    assert sessions.find(token) is None


def test_a_search_belongs_to_its_session_and_goes_with_it(accounts: Accounts, clock: Clock) -> None:
    sessions = Sessions(accounts.database, clock)
    token, other_token = sessions.start("sam"), sessions.start("sam")
    mine, other = sessions.find(token), sessions.find(other_token)
    assert mine is not None
    assert other is not None
    sessions.set_purpose(mine, "complaint", "SC/2026/014")
    mine = sessions.find(token)
    assert mine is not None
    saved = sessions.save_search(mine, {"text": "words"})
    found = sessions.find_search(mine, saved)
    assert found is not None
    assert (found.fields, found.purpose, found.complaint) == ({"text": "words"}, "complaint", "SC/2026/014")
    assert sessions.find_search(other, saved) is None
    sessions.end(mine)
    assert accounts.database.rows("SELECT * FROM searches") == []
