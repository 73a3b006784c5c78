"""The register of suppressions: each has an owner, a reason, an end, and says what it hides."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboards.demo import REGISTERS
from pipeline.registers.load import FILES, RegisterError, load_registers

GOOD = {
    "ref": "SUP-1",
    "owner": "communications_team",
    "reason": "the name of the pantomime",
    "expires_at": "2027-01-31T23:59:00+00:00",
    "phrases": ["dead men tell no tales"],
}


def folder_with(folder: Path, *entries: dict[str, Any]) -> Path:
    for name in FILES:
        source = REGISTERS / f"{name}.json"
        if source.exists():
            (folder / source.name).write_bytes(source.read_bytes())
    (folder / "suppressions.json").write_text(json.dumps(entries))
    return folder


def test_it_is_read_with_the_others_and_is_part_of_their_version(tmp_path: Path) -> None:
    first = load_registers(folder_with(tmp_path, GOOD))
    assert [one.ref for one in first.suppressions] == ["SUP-1"]
    assert load_registers(folder_with(tmp_path, GOOD | {"reason": "another"})).version != first.version


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"owner": " "}, "owner is empty"),
        ({"reason": ""}, "reason is empty"),
        ({"expires_at": "2027-01-31T23:59:00"}, "expires_at has no zone"),
        ({"expires_at": None}, "expires_at"),
        ({"phrases": []}, "it names no account, rule, category or phrase"),
        ({"everything": True}, "everything is said, and something is named as well"),
        ({"phrases": ["..."]}, "phrases holds one without a letter"),
        ({"accounts": ["acc-nowhere"]}, "accounts: 'acc-nowhere' is not in accounts.json"),
        ({"categories": ["rudeness"]}, "Invalid enum value 'rudeness'"),
    ],
)
def test_a_fault_names_the_field_and_its_cure(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RegisterError) as told:
        load_registers(folder_with(tmp_path, GOOD | changes))
    assert "suppressions.json" in str(told.value)
    assert problem in str(told.value)


def test_everything_has_to_be_said(tmp_path: Path) -> None:
    whole = GOOD | {"phrases": [], "everything": True}
    assert load_registers(folder_with(tmp_path, whole)).suppressions[0].everything


def test_two_of_one_reference_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="'SUP-1' stands twice"):
        load_registers(folder_with(tmp_path, GOOD, GOOD))
