"""`parapet rules diff | lint` in an installation with rules of its own."""

import json
from pathlib import Path

import pytest

from tests.dashboards.cli.conftest import Run
from tests.dashboards.cli.test_screen import a_line, write_registers
from tests.processors.rules.writing import a_rule, own_rules

HERON = a_rule(id="own.heron", level="high")


@pytest.fixture
def posts(tmp_path: Path) -> tuple[str, ...]:
    registers = tmp_path / "examples"
    registers.mkdir()
    write_registers(registers)
    path = tmp_path / "posts.jsonl"
    expected = {"findings": [{"paragraph": "6.1", "category": "abuse", "level": "high"}], "alert": True}
    path.write_text(json.dumps(a_line("one", "A blue heron") | {"expected": expected}) + "\n", encoding="utf-8")
    return "--input", str(path), "--registers", str(registers)


def test_diff_names_rules_findings_and_pages(installed: Path, run: Run, posts: tuple[str, ...], tmp_path: Path) -> None:
    own = own_rules(tmp_path / "own", HERON)
    done = run("rules", "diff", "shipped", str(own), *posts)
    assert done.exit_code == 0, done.output
    assert "rule own.heron: added, version 1" in done.output
    assert "one: appears: Possible abuse: high (own.heron)" in done.output
    assert "one: now pages somebody: high" in done.output
    assert (
        "1 posts: 1 findings appear, 0 vanish, 0 change level, 0 change state; 1 posts page somebody now" in done.output
    )
    assert "A: alert_recall=0.000" in done.output
    assert "B: alert_recall=1.000" in done.output


def test_diff_says_where_a_version_was_not_raised(installed: Path, run: Run, tmp_path: Path) -> None:
    before = own_rules(tmp_path / "before", HERON)
    after = own_rules(tmp_path / "after", a_rule(id="own.heron", level="low"))
    said = run("rules", "diff", str(before), str(after)).output
    assert "rule own.heron: level changed, same version: raise it" in said
    assert "1 rules differ." in said


def test_a_folder_that_is_none_is_refused(installed: Path, run: Run) -> None:
    done = run("rules", "diff", "shipped", "/nowhere/at/all")
    assert done.exit_code == 2
    assert "is no folder" in done.output


def test_lint_tells_faults_and_notes_of_own_rules(installed: Path, run: Run) -> None:
    own_rules(installed / "rulebook", a_rule(id="own.heron", pattern="Blue Heron", hit="x"))
    done = run("rules", "lint", "--own")
    assert done.exit_code == 1
    assert "FAULT  own.toml: rule 'own.heron': patterns[1]: 'BH' never stands in folded text" in done.output
    assert "note   own.toml: rule 'own.heron': hits: only 1" in done.output


def test_lint_tells_what_keeps_a_rulebook_from_loading(installed: Path, run: Run) -> None:
    own_rules(installed / "rulebook", a_rule() + a_rule(paragraph="99"))
    done = run("rules", "lint")
    assert done.exit_code == 1
    assert "FAULT  own.toml: rule 'test.one': id stands twice" in done.output
    assert "FAULT  own.toml: rule 'test.one': paragraphs: '99' is not in the Guidance" in done.output


def test_the_rules_that_ship_have_no_fault(installed: Path, run: Run) -> None:
    done = run("rules", "lint", "--rulebook", "shipped", "--base", "shipped")
    assert (done.exit_code, " 0 faults" in done.output) == (0, True), done.output
