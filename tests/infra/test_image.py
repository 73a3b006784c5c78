"""The image: what its Dockerfile copies is there, its user is nobody special, the wheel holds every file it needs."""

import fnmatch
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "infra" / "images" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
STEPS = [(word, rest) for word, _, rest in (line.partition(" ") for line in LINES) if word.isupper()]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IMAGE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["x-parapet"]["image"]


def steps(word: str) -> list[str]:
    return [rest for found, rest in STEPS if found == word]


def test_what_is_copied_is_there_and_is_let_through() -> None:
    copied = {name for rest in steps("COPY") if not rest.startswith("--from") for name in rest.split()[:-1]}
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_python_is_pinned_and_the_one_the_project_asks_for() -> None:
    bases = steps("FROM")
    assert len({base.split()[0] for base in bases}) == 1
    assert re.match(r"python:3\.11\.\d+-slim", bases[0])
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_it_runs_as_nobody_special_and_starts_parapet() -> None:
    users = steps("USER")
    assert users[-1] == "parapet"
    assert steps("ENTRYPOINT")[-1] == '["parapet"]'
    assert "parapet" in PROJECT["project"]["scripts"]


def test_the_wheel_is_installed_with_the_services() -> None:
    assert "services" in PROJECT["project"]["optional-dependencies"]
    assert any("pip wheel" in rest and ".[services,documents,images]" in rest for rest in steps("RUN"))
    assert any("--no-index" in rest and "parapet[services,documents,images]" in rest for rest in steps("RUN"))
    assert any("dashboards.console.build" in rest for rest in steps("RUN"))
    assert "frontend" in PROJECT["dependency-groups"]


def test_the_image_of_the_compose_file_has_the_version_of_the_project() -> None:
    assert f"parapet:{PROJECT['project']['version']}" == IMAGE


@pytest.mark.parametrize("package", ["pipeline", "processors", "dashboards"])
def test_the_wheel_holds_every_file_that_is_no_module(package: str) -> None:
    listed = subprocess.run(
        ["git", "ls-files", package], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if not listed:
        pytest.skip("no git checkout here")
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    names = [name.removeprefix(f"{package}/") for name in listed if not name.endswith((".py", "/.npmrc"))]
    missing = [name for name in names if not any(_matches(name, pattern) for pattern in patterns)]
    assert missing == [], "add their endings to [tool.setuptools.package-data] in pyproject.toml"


def _matches(name: str, pattern: str) -> bool:
    """As setuptools matches: `**/` stands for any folders, none included."""
    return fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, pattern.removeprefix("**/"))
