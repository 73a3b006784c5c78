"""Screenshots kept by their hash, and the CSV that no spreadsheet program runs."""

import csv
import hashlib
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dashboards.console.evidence_files import LARGEST, EvidenceFiles, ScreenshotRefused
from dashboards.console.sheet import COLUMNS, make_sheet, neutral
from tests.dashboards.console.place import WORDS, a_leak, a_threat, borough

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
JPEG = b"\xff\xd8\xff\xe0pixels"


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_an_image_is_kept_by_its_hash(tmp_path: Path, content: bytes, kind: str) -> None:
    files = EvidenceFiles(tmp_path / "evidence")
    url = files.keep(content)
    assert files.keep(content) == url
    name = url.removeprefix("evidence:")
    assert name == hashlib.sha256(content).hexdigest()
    kept = files.read(name)
    assert kept is not None
    assert (kept.content, kept.media_type) == (content, kind)
    assert [path.name for path in (tmp_path / "evidence").iterdir()] == [name]


@pytest.mark.parametrize("content", [b"<svg onload='x'>", b"GIF89a", b"", PNG + b"x" * LARGEST])
def test_what_is_no_screenshot_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ScreenshotRefused):
        EvidenceFiles(tmp_path).keep(content)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../console.db", "a" * 64, "", "A" * 64])
def test_only_a_kept_hash_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "console.db").write_bytes(PNG)
    assert EvidenceFiles(tmp_path / "evidence").read(name) is None


def test_a_changed_file_is_not_shown(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path)
    name = files.keep(PNG).removeprefix("evidence:")
    (tmp_path / name).write_bytes(PNG + b"another")
    assert files.read(name) is None


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_neutral(cell: str) -> None:
    assert neutral(cell) == "'" + cell


def test_the_sheet_holds_references_and_no_words_or_authors() -> None:
    threat = msgspec.structs.replace(a_threat(), complaints=("=HYPERLINK(1)",))
    text = make_sheet([threat, a_leak()], borough(), ZoneInfo("Europe/London"))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["reference"] == threat.reference
    assert rows[0]["complaints"] == "'=HYPERLINK(1)"
    assert rows[0]["concerns"] == "Cllr Alex Reed"
    assert rows[0]["last_posted_at"] == "2026-03-09T12:00:00+00:00"
    assert rows[1]["concerns"] == "CT-1"
    for hidden in (WORDS, "Resident", "depot"):
        assert hidden not in text
