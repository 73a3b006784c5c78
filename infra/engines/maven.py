"""Fetches an engine's jars with Maven and finds a Java to run them: for tests and `make services`, beside the flow.

Jars live in the user's cache, outside the repository, one folder for each set of coordinates.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

JVM_FOLDERS = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"), Path("/opt/java"))


class EngineMissing(Exception):
    """An engine cannot be had on this machine; the message says why and names the cure. Tests skip with it."""


def cache_folder() -> Path:
    """Return the folder that engines are kept in, by XDG's rule."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parapet" / "engines"


def fetch(pom: Path, name: str) -> Path:
    """Return a folder with the jars of a pom's dependencies, fetched when it is not there yet.

    The folder is named by `name` and a hash of the pom, so a changed pom is fetched anew; it appears whole or not at
    all, so two processes may ask at once.

    Raises:
        EngineMissing: no mvn, or Maven could not fetch.
    """
    folder = cache_folder() / f"{name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:8]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-") as scratch:
        jars = Path(scratch) / "jars"
        _copy_dependencies(pom, jars)
        try:
            jars.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def _copy_dependencies(pom: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise EngineMissing("mvn is not installed: install Maven, or give the address of a running engine")
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0:
        raise EngineMissing(f"Maven could not fetch what {pom.name} asks for: {_last_lines(done.stdout + done.stderr)}")


def _last_lines(text: str) -> str:
    return " ".join(text.strip().splitlines()[-5:])


def find_java(minimum: int) -> Path:
    """Return the `java` of a JDK of at least a major version: JAVA_HOME, then PATH, then the system's JVM folders.

    Raises:
        EngineMissing: none is new enough.
    """
    for java in _candidates():
        if _major(java) >= minimum:
            return java
    raise EngineMissing(f"no JDK of version {minimum} or later: install one, or point JAVA_HOME at it")


def _candidates() -> list[Path]:
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    found = [Path(home) / "bin" / "java"] if home else []
    found += [Path(on_path)] if on_path else []
    for folder in JVM_FOLDERS:
        found += sorted(folder.glob("*/bin/java")) + sorted(folder.glob("*/Contents/Home/bin/java"))
    return [java for java in found if java.is_file()]


def _major(java: Path) -> int:
    """Return the major version a java gives, 0 where it does not run."""
    try:
        done = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=30)
    except OSError:
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return int(match.group(1)) if match else 0
