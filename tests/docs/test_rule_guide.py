"""The guide for rule authors, followed to the letter in a fresh home: its own rule, through the commands it names."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards.cli.main import root
from infra.pages import DOCS

GUIDE = (DOCS / "rule-authors" / "README.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^    (parapet rules .+)$", GUIDE, re.M)]


def rule() -> str:
    """Return the TOML block of the guide."""
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.S)
    return str(block)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home without registers: the rules' own borough is used, as the guide's words want it."""
    monkeypatch.setenv("PARAPET_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rulebook").mkdir()
    (tmp_path / "rulebook" / "own.toml").write_text(rule(), encoding="utf-8")
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(root, list(words), prog_name="parapet")


def test_the_guide_goes_through_every_command_of_the_group() -> None:
    assert {words[2] for words in COMMANDS} == {"test", "lint", "try", "diff", "shadow", "report"}


def test_every_command_of_the_guide_does_what_it_says(home: Path) -> None:
    observation = (
        '{"platform": "facebook", "object_id": "1", "object_type": "comment", "action": "create", "text": "Fenwick, '
        'you are a numpty", "account": "council-page", "observed_at": "2026-11-04T12:00:00Z", "direction": "inbound", '
        '"author": {"id": "a"}}'
    )
    (home / "posts.jsonl").write_text(observation, encoding="utf-8")
    said = {words[2]: call(*words[1:]) for words in COMMANDS}
    assert {name: one.exit_code for name, one in said.items()} == dict.fromkeys(said, 0), said["lint"].output
    assert "1 rules, 4 examples: all as written." in said["test"].output
    assert "0 faults" in said["lint"].output
    assert "shadow own.numpty, version 1: would be Possible abuse about Cllr Robin Fenwick" in said["try"].output
    assert "rule own.numpty: added, version 1" in said["diff"].output
    assert "own.numpty" in said["report"].output


def test_the_rule_counts_once_it_is_live(home: Path) -> None:
    live = rule().replace('state = "shadow"', 'state = "live"  ')
    (home / "rulebook" / "own.toml").write_text(live, encoding="utf-8")
    assert "live   own.numpty" in call("rules", "try", "You are a numpty, Fenwick").output
