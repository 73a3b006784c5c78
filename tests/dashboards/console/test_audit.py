"""The audit log: a chain that shows a changed, missing or cut-off entry."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.console.audit import Act, Audit, AuditAction
from tests.builders import NOON


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    opened = Audit(tmp_path / "console.db", lambda: NOON)
    for number in range(5):
        opened.record(Act(action=AuditAction.VIEW, user="sam", object=f"SM-2026-{number}", detail={"n": str(number)}))
    yield opened
    opened.close()


def tamper(path: Path, *statements: str) -> None:
    """Do to the file what the triggers refuse, as somebody with the file in hand could."""
    with sqlite3.connect(path) as file:
        file.execute("DROP TRIGGER audit_is_never_changed")
        file.execute("DROP TRIGGER audit_is_never_shortened")
        for statement in statements:
            file.execute(statement)
    file.close()


def test_entries_come_back_newest_first_and_narrowed(audit: Audit) -> None:
    audit.record(Act(action=AuditAction.REVEAL, user="kim", object="SM-2026-1", purpose="complaint", complaint="SC/1"))
    assert [entry.seq for entry in audit.entries()] == [6, 5, 4, 3, 2, 1]
    assert [entry.seq for entry in audit.entries(before=3)] == [2, 1]
    assert [entry.seq for entry in audit.entries(limit=2)] == [6, 5]
    assert [entry.act.user for entry in audit.entries(user="kim")] == ["kim"]
    assert [entry.seq for entry in audit.entries(object="SM-2026-1")] == [6, 2]
    assert [entry.seq for entry in audit.entries(object="SM-2026-1", action="reveal", complaint="SC/1")] == [6]
    assert audit.entries(user="' OR 1=1 --") == []


def test_a_whole_chain_is_whole(audit: Audit) -> None:
    found = audit.verify()
    assert (found.whole, found.entries, found.head) == (True, 5, audit.entries()[0].hash)


def test_an_empty_chain_is_whole(tmp_path: Path) -> None:
    empty = Audit(tmp_path / "other.db", lambda: NOON)
    assert (empty.verify().whole, empty.verify().entries) == (True, 0)
    empty.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET entry = '{}'", "DELETE FROM audit WHERE seq = 2"])
def test_the_file_itself_refuses_a_change(tmp_path: Path, audit: Audit, statement: str) -> None:
    with sqlite3.connect(tmp_path / "console.db") as file, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        file.execute(statement)
    file.close()
    assert audit.verify().whole


@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("UPDATE audit SET entry = replace(entry, 'sam', 'kim') WHERE seq = 3", 3, "changed"),
        ("UPDATE audit SET previous = hash WHERE seq = 2", 2, "does not follow"),
        ("UPDATE audit SET hash = previous WHERE seq = 4", 4, "changed"),
        ("DELETE FROM audit WHERE seq = 1", 1, "missing here"),
        ("DELETE FROM audit WHERE seq = 3", 3, "missing here"),
        ("DELETE FROM audit WHERE seq = 5", 5, "after this one are missing"),
    ],
)
def test_a_broken_chain_says_where(tmp_path: Path, audit: Audit, statement: str, broken_at: int, reason: str) -> None:
    tamper(tmp_path / "console.db", statement)
    found = audit.verify()
    assert not found.whole
    assert found.broken_at == broken_at
    assert reason in found.reason


def test_two_holders_of_the_file_keep_one_chain(tmp_path: Path, audit: Audit) -> None:
    other = Audit(tmp_path / "console.db", lambda: NOON)
    for holder in (other, audit, other, audit):
        holder.record(Act(action=AuditAction.SEARCH, user="sam"))
    assert (audit.verify().whole, audit.verify().entries) == (True, 9)
    other.close()
