"""What is noted of a rulebook whose examples came out well: it spares the next start, and never passes what fails."""

import time
from pathlib import Path

import pytest

from processors.rules import tried as module
from processors.rules.examples import failures
from processors.rules.load import compiled, read_rules
from processors.rules.match import Rulebook
from processors.rules.model import RuleSet
from processors.rules.tried import Tried
from processors.rules.watch import TRIED_FILE, WatchedRulebook
from tests.processors.rules.writing import a_rule, own_rules, whole_rulebook


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often examples are run."""
    counted: list[str] = []

    def counting(_: RuleSet, rulebook: Rulebook) -> object:
        counted.append(rulebook.version)
        return failures(rulebook)

    monkeypatch.setattr(module, "apart", counting)
    return counted


def wrong(tried: Tried, folder: Path) -> list[str]:
    rules = read_rules(folder)
    return [one.rule for one in tried.failures(rules, compiled(rules))]


def test_the_second_start_with_the_same_rules_runs_no_example(tmp_path: Path, runs: list[str]) -> None:
    tried, folder = Tried(tmp_path / "noted"), whole_rulebook(tmp_path / "rules", a_rule())
    assert (wrong(tried, folder), len(runs)) == ([], 1)
    assert (wrong(tried, folder), len(runs)) == ([], 1)


def test_changed_rules_changed_code_and_a_spoilt_note_run_them_again(
    tmp_path: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, folder = Tried(tmp_path / "noted"), whole_rulebook(tmp_path / "rules", a_rule())
    wrong(tried, folder)
    whole_rulebook(tmp_path / "rules", a_rule(hit="A grey heron"))
    assert (wrong(tried, folder), len(runs)) == (["test.one"], 2)
    assert (wrong(tried, folder), len(runs)) == (["test.one"], 3)
    whole_rulebook(tmp_path / "rules", a_rule())
    assert (wrong(tried, folder), len(runs)) == ([], 3)
    for spoilt in (b"", b"\xff", b"all is well"):
        tried.file.write_bytes(spoilt)
        assert wrong(tried, folder) == []
    assert len(runs) == 6
    monkeypatch.setattr(module, "_code", lambda: "of another version")
    assert (wrong(tried, folder), len(runs)) == ([], 7)


def test_where_nothing_can_be_noted_they_are_run_each_time(tmp_path: Path, runs: list[str]) -> None:
    tried, folder = Tried(tmp_path / "absent" / "noted"), whole_rulebook(tmp_path / "rules", a_rule())
    assert [wrong(tried, folder), wrong(tried, folder)] == [[], []]
    assert len(runs) == 2


def test_a_process_of_its_own_says_what_this_one_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = read_rules(whole_rulebook(tmp_path / "rules", a_rule(hit="A grey heron")))
    monkeypatch.setattr(module, "_FEW", 0)
    assert [one.rule for one in module.apart(rules, compiled(rules))] == ["test.one"]


def test_the_code_that_counts_is_ours() -> None:
    assert len(module._code()) == 64


def test_a_watched_rulebook_notes_in_the_home_and_a_rule_that_fails_is_left_out(
    tmp_path: Path, runs: list[str]
) -> None:
    own = own_rules(tmp_path / "rulebook", a_rule(id="own.heron", hit="A grey heron"))
    rulebook = WatchedRulebook(own, time.monotonic).current()
    assert "own.heron" not in {rule.id for rule in rulebook.rules}
    assert not (tmp_path / TRIED_FILE).exists()
    own_rules(own, a_rule(id="own.heron"))
    assert "own.heron" in {rule.id for rule in WatchedRulebook(own, time.monotonic).current().rules}
    assert (tmp_path / TRIED_FILE).exists()
    assert len(runs) == 2


def test_the_same_rules_are_compiled_once(tmp_path: Path) -> None:
    folder = whole_rulebook(tmp_path / "rules", a_rule())
    assert compiled(read_rules(folder)) is compiled(read_rules(folder))
    other = compiled(read_rules(whole_rulebook(tmp_path / "rules", a_rule(level="high"))))
    assert other is not compiled(read_rules(whole_rulebook(tmp_path / "rules", a_rule())))
