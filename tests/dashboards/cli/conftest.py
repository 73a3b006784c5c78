"""A home folder of one's own for every test of the command line, and a way to call it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards.cli.main import root
from pipeline.settings import PREFIX

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(PREFIX + "HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    def call(*words: str, said: str = "") -> Result:
        return CliRunner().invoke(root, list(words), input=said, prog_name="parapet")

    return call


@pytest.fixture
def installed(run: Run, home: Path) -> Path:
    done = run("init", "--example", "--admin", "boss", "--admin-name", "The Boss")
    assert done.exit_code == 0, done.output
    return home
