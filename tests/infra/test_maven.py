"""Fetching engines and finding a JDK: once, whole or not at all, and with a reason where it cannot be."""

import os
from pathlib import Path

import pytest

from infra.engines.maven import EngineMissing, fetch, find_java

MVN = """#!/bin/sh
echo asked >> "$ASKED"
for argument in "$@"; do
  case "$argument" in -DoutputDirectory=*) mkdir -p "${argument#*=}"; touch "${argument#*=}/one.jar";; esac
done
exit ${MVN_EXIT:-0}
"""


def a_program(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return place


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which a stand-in for mvn notes that it was asked; the cache is empty."""
    a_program(tmp_path / "bin" / "mvn", MVN)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    return tmp_path / "asked"


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    made = tmp_path / "engine.xml"
    made.write_text("<project/>")
    return made


def test_jars_are_fetched_once(asked: Path, pom: Path) -> None:
    assert fetch(pom, "engine-1") == fetch(pom, "engine-1")
    assert [jar.name for jar in fetch(pom, "engine-1").iterdir()] == ["one.jar"]
    assert asked.read_text().split() == ["asked"]


def test_a_changed_pom_is_fetched_anew(asked: Path, pom: Path) -> None:
    first = fetch(pom, "engine-1")
    pom.write_text("<project></project>")
    assert fetch(pom, "engine-1") != first


def test_a_failed_fetch_leaves_nothing_and_says_why(asked: Path, pom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MVN_EXIT", "1")
    with pytest.raises(EngineMissing, match=r"could not fetch what engine\.xml asks for"):
        fetch(pom, "engine-1")
    monkeypatch.delenv("MVN_EXIT")
    assert fetch(pom, "engine-1").is_dir()


def test_without_mvn_the_reason_names_the_cure(asked: Path, pom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineMissing, match="install Maven"):
        fetch(pom, "engine-1")


@pytest.mark.parametrize(
    ("version", "minimum", "found"), [("21.0.1", 21, True), ("25", 21, True), ("17.0.9", 21, False), ("1.8.0", 8, True)]
)
def test_a_jdk_counts_by_its_major_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, minimum: int, found: bool
) -> None:
    java = a_program(tmp_path / "jdk" / "bin" / "java", f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setattr("infra.engines.maven.JVM_FOLDERS", ())
    if found:
        assert find_java(minimum) == java
    else:
        with pytest.raises(EngineMissing, match="JAVA_HOME"):
            find_java(minimum)
