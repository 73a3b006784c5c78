"""Remembers, in a file of the home, that all examples of a rulebook came out as they are written.

Beside the flow: a start reads it (`processors.rules.watch`) and need not run some thousand examples again. What it says
counts for these very rules, words and states, and for this very code; anything else in it, or no file, means: run them.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from processors.rules.examples import Failure, failures
from processors.rules.load import compiled, content_of
from processors.rules.match import Rulebook
from processors.rules.model import RuleSet

_PACKAGES = ("pipeline", "processors")
_FEW = 50
"""So few rules are tried in this process: they take less than another process does."""
_READ = ("*.py", "*.toml", "*.txt")


@dataclass(frozen=True)
class Tried:
    """What a file says of rulebooks that were tried."""

    file: Path
    run: Callable[[RuleSet, Rulebook], Sequence[Failure]] = field(default_factory=lambda: apart)

    def failures(self, rules: RuleSet, rulebook: Rulebook) -> Sequence[Failure]:
        """Return the examples that come out wrong; they are run unless the file says that all are well."""
        key = f"{content_of(rules)} {_code()}\n"
        if self._said() == key:
            return ()
        wrong = self.run(rules, rulebook)
        if not wrong:
            self._say(key)
        return wrong

    def _said(self) -> str:
        try:
            return self.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _say(self, key: str) -> None:
        """Write the file whole, or not at all: without it the next start only takes longer."""
        new = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            new.write_text(key, encoding="utf-8")
            new.replace(self.file)


def apart(rules: RuleSet, rulebook: Rulebook) -> Sequence[Failure]:
    """Return what `failures` does, from a process of its own where one can be had.

    All examples together need every pattern there is: several hundred MB that a worker would otherwise keep for good.
    The examples of the rules that ship came out well when the release was tested: where its words stand unchanged, only
    those of the council's own rules are run, here.
    """
    if rules.tried:
        return failures(rulebook, rules.own)
    if len(rules.rules) < _FEW:
        return failures(rulebook)
    return _once(_Rules(content_of(rules), rules, rulebook))


@dataclass(frozen=True)
class _Rules:
    """Rules with their rulebook, told apart by their content alone."""

    content: str
    rules: RuleSet = field(compare=False)
    rulebook: Rulebook = field(compare=False)


@lru_cache(maxsize=8)
def _once(one: _Rules) -> Sequence[Failure]:
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
            return process.submit(_failures, one.rules).result()
    except (AssertionError, BrokenProcessPool, OSError):  # the first where a process may have no children
        return failures(one.rulebook)


def _failures(rules: RuleSet) -> Sequence[Failure]:
    return failures(compiled(rules))


@cache
def _code() -> str:
    """Return what changes when anything does that an example depends on besides the rules: our code, re2, Python."""
    root = Path(__file__).parents[2]
    seen = hashlib.sha256(f"{sys.version} {version('google-re2')}".encode())
    for package in _PACKAGES:
        for path in sorted(path for name in _READ for path in (root / package).rglob(name)):
            seen.update(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return seen.hexdigest()
