"""A home folder of one's own for every test of the command line, and a way to call it."""

import os
import shutil
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


@pytest.fixture(scope="session")
def example_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation as `parapet init` makes it, made once: every test gets a copy."""
    made = tmp_path_factory.mktemp("example") / "home"
    others = {name: None for name in os.environ if name.startswith(PREFIX)}
    words = ["init", "--example", "--admin", "boss", "--admin-name", "The Boss"]
    done = CliRunner().invoke(root, words, prog_name="parapet", env={**others, PREFIX + "HOME": str(made)})
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture
def installed(home: Path, example_home: Path) -> Path:
    shutil.copytree(example_home, home)
    return home
