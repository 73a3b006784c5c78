"""Registers that change while a process runs: valid as a whole, or the last good ones stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.registers.load import RegisterError
from pipeline.registers.watch import LOOK_SECONDS, WatchedRegisters

COUNCIL = {"name": "Testwick Borough Council", "short_name": "Testwick"}
ACCOUNT = {
    "id": "acc-1",
    "platform": "x",
    "handle": "testwick",
    "owner_kind": "council_page",
    "notice_date": "2026-01-01",
    "agreement_ref": "A-1",
    "active_from": "2026-01-01",
}


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def write(folder: Path, name: str, content: Any) -> None:
    (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "council", COUNCIL)
    write(tmp_path, "accounts", [ACCOUNT])
    return tmp_path


def test_a_change_counts_at_the_next_look_and_not_before(folder: Path) -> None:
    seconds = Seconds()
    watched = WatchedRegisters(folder, seconds)
    first = watched.current()
    write(folder, "accounts", [ACCOUNT, {**ACCOUNT, "id": "acc-2"}])
    assert watched.current() is first
    seconds.now += LOOK_SECONDS
    assert set(watched.current().accounts) == {"acc-1", "acc-2"}
    assert watched.current().version != first.version


def test_nothing_changed_nothing_is_read(folder: Path) -> None:
    seconds = Seconds()
    watched = WatchedRegisters(folder, seconds)
    first = watched.current()
    seconds.now += 100
    assert watched.current() is first


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("accounts", "[{", "accounts.json is no JSON"),
        ("accounts", [{**ACCOUNT, "notice_date": None}], "accounts.json"),
        ("accounts", [{**ACCOUNT, "agreement_ref": " "}], "agreement_ref is empty"),
        ("council", {**COUNCIL, "timezone": "Mars/North"}, "timezone"),
    ],
)
def test_a_fault_leaves_the_last_good_in_force_and_is_shown_until_cured(
    folder: Path, name: str, content: Any, problem: str
) -> None:
    seconds = Seconds()
    watched = WatchedRegisters(folder, seconds)
    first = watched.current()
    before = (folder / f"{name}.json").read_text()
    write(folder, name, content)
    seconds.now += LOOK_SECONDS
    assert watched.current() is first
    assert problem in watched.problems()[0]
    seconds.now += LOOK_SECONDS
    assert problem in watched.problems()[0], "still shown at the next look"
    write(folder, name, before)
    seconds.now += LOOK_SECONDS
    assert watched.problems() == ()
    assert watched.current().accounts == first.accounts


def test_a_folder_that_goes_away_leaves_the_last_good(folder: Path) -> None:
    seconds = Seconds()
    watched = WatchedRegisters(folder, seconds)
    (folder / "accounts.json").unlink()
    seconds.now += LOOK_SECONDS
    assert set(watched.current().accounts) == {"acc-1"}
    assert "accounts.json is missing" in watched.problems()[0]


def test_without_a_good_beginning_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(RegisterError):
        WatchedRegisters(tmp_path, Seconds())
