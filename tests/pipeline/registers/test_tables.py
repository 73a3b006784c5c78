"""Registers as CSV: the example borough goes there and back unchanged; faults name file, line and column."""

from pathlib import Path

import msgspec
import pytest

from dashboards.demo import REGISTERS
from pipeline.registers.load import RegisterError, load_registers
from pipeline.registers.tables import TABLES, registers_of, templates


def files() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in REGISTERS.glob("*.json")}


def written(folder: Path, rows: int = 99) -> Path:
    folder.mkdir()
    for name, text in templates(files(), rows).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_example_goes_to_csv_and_back(tmp_path: Path) -> None:
    made = tmp_path / "json"
    made.mkdir()
    for name, content in registers_of(written(tmp_path / "csv")).items():
        (made / f"{name}.json").write_bytes(content)
    before, after = load_registers(REGISTERS), load_registers(made)
    assert msgspec.structs.replace(after, version="") == msgspec.structs.replace(before, version="")


def test_every_register_has_a_template() -> None:
    assert set(templates(files(), 2)) == {table.name for table in TABLES}


def test_a_template_holds_no_more_rows_than_asked_for() -> None:
    assert templates(files(), 2)["accounts"].count("\n") == 3


def test_what_a_spreadsheet_does_to_a_file_does_no_harm(tmp_path: Path) -> None:
    folder = written(tmp_path / "csv")
    plain = (folder / "councillors.csv").read_text(encoding="utf-8")
    padded = plain.replace("; ", " ;  ").replace("\n", "\r\n")
    (folder / "councillors.csv").write_bytes(b"\xef\xbb\xbf" + padded.encode())
    people = msgspec.json.decode(registers_of(folder)["councillors"])
    assert people["councillors"][0]["aliases"][:2] == ["Folasade", "Adeyemi-Rudd"]


FAULTS = [
    ("calendar", ",120,", ",two,", "calendar.csv, line 2: Expected `int`"),
    ("accounts", ",council_page,", ",council,", "accounts.csv, line 2: Invalid enum value"),
    ("accounts", "DPIA-2025-01", "", "missing required field `agreement_ref`"),
    ("topics", "2026-06-01T00:00:00+01:00", "1 June", "topics.csv, line 2: Invalid RFC3339"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), FAULTS, ids=[said for *_, said in FAULTS])
def test_a_fault_names_file_line_and_field(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    folder = written(tmp_path / "csv")
    path = folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegisterError) as caught:
        registers_of(folder)
    assert said in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path / "csv")
    for name in ("council", "accounts"):
        (folder / f"{name}.csv").unlink()
    with pytest.raises(RegisterError) as caught:
        registers_of(folder)
    assert len(caught.value.problems) == 2


def test_there_is_one_council(tmp_path: Path) -> None:
    folder = written(tmp_path / "csv")
    text = (folder / "council.csv").read_text(encoding="utf-8")
    (folder / "council.csv").write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(RegisterError, match=r"council\.csv has 2 rows"):
        registers_of(folder)
