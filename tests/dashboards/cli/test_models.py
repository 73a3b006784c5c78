"""`parapet models`: what it lists, scores, verifies and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards.cli.models import command
from processors.models.classifier import LABELS

LINES: list[dict[str, Any]] = [
    {"id": "a", "text": "When is bin day?"},
    {"id": 7, "text": "I will stab you tonight"},
    {"id": "c", "text": ""},
    {"id": "d", "text": "🙂"},
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def scored(folder: Path, content: str) -> tuple[Result, Path]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text(content, encoding="utf-8")
    return run("score", "--input", str(source), "--output", str(target), "--threads", "2"), target


def test_a_file_is_scored_in_order(tmp_path: Path) -> None:
    result, target = scored(tmp_path, "\n\n".join(json.dumps(line) for line in LINES) + "\n")
    assert (result.exit_code, result.output) == (0, "")
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in found] == [line["id"] for line in LINES]
    for one in found:
        assert list(one) == ["id", "scores", "flags", "stage"]
        assert list(one["scores"]) == list(LABELS)
        assert all(0 <= score <= 1 for score in one["scores"].values())
        assert one["stage"] in {1, 2}
    assert "threat" in found[1]["flags"]
    assert found[0]["flags"] == []


@pytest.mark.parametrize("line", ["{", '{"id": "a"}', '{"id": "a", "text": 3}', "[]"])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    result, _ = scored(tmp_path, json.dumps(LINES[0]) + "\n" + line + "\n")
    assert result.exit_code == 1
    assert "line 2: " in result.output
    assert '"id" and "text"' in result.output


def test_the_list_marks_the_one_that_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARAPET_DETOXIFY_FOLDER", str(tmp_path))
    result = run("list")
    assert result.exit_code == 0
    first, second = result.output.splitlines()
    assert first.startswith("* builtin")
    assert second.startswith("  detoxify")
    assert "offline: " in second


def test_the_weights_are_verified() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert result.output.startswith("ok ")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for part in ("evaluate", "train"):
        more = ("--output", str(tmp_path / "out")) if part == "train" else ()
        result = run(part, "--data", str(tmp_path), *more)
        assert result.exit_code == 1
        assert "--data" in result.output or "--group train" in result.output
