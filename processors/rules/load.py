"""Load the rulebook: read its files, validate every entry, and leave out each rule that fails its own examples."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from pipeline.guidance import PARAGRAPHS
from processors.rules.match import Rulebook
from processors.rules.model import Lexicon, Rule
from processors.rules.patterns import PatternError

SHIPPED = Path(__file__).parent.parent / "rulebook"
LEXICON_FILE = "lexicon.toml"


class RulebookError(ValueError):
    """The rulebook cannot be used. problems names file, rule, field and cure for each fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def load_rulebook(folder: Path = SHIPPED) -> Rulebook:
    """Return the rulebook in a folder; a rule that fails its own examples is not in it.

    Raises:
        RulebookError: with every entry that cannot be read.
    """
    from processors.rules.examples import failures  # noqa: PLC0415 - examples run the whole screener, which reads rules

    rulebook = read_rulebook(folder)
    failing = {failure.rule for failure in failures(rulebook)}
    return rulebook.without(failing) if failing else rulebook


def read_rulebook(folder: Path = SHIPPED) -> Rulebook:
    """Return the rulebook in a folder as it stands, examples not run. Raises RulebookError."""
    problems: list[str] = []
    seen = hashlib.sha256()
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise RulebookError([f"{folder}: no *.toml in it: put the rulebook files there"])
    for path in files:
        seen.update(path.read_bytes())
    lexicon = read_lexicon(folder / LEXICON_FILE)
    rules = [rule for path in files if path.name != LEXICON_FILE for rule in _read_rules(path, problems)]
    problems += _check(rules)
    if problems:
        raise RulebookError(problems)
    try:
        return Rulebook(rules, lexicon, seen.hexdigest()[:12])
    except PatternError as error:
        raise RulebookError([str(error)]) from error


def read_lexicon(path: Path) -> Lexicon:
    """Return the lexicon in a file. Raises RulebookError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Lexicon)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RulebookError(
            [f"{path.name}: {error}: write version, [words] and [cues], each name = [entries]"]
        ) from error


def _read_rules(path: Path, problems: list[str]) -> list[Rule]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path.name}: {error}: correct the TOML there")
        return []
    defaults: dict[str, Any] = table.get("defaults", {})
    rules: list[Rule] = []
    for entry in table.get("rule", []):
        try:
            rules.append(msgspec.convert({**defaults, **entry}, Rule))
        except msgspec.ValidationError as error:
            problems.append(f"{path.name}: rule {entry.get('id', '(no id)')!r}: {error}: correct that field")
    return rules


def _check(rules: list[Rule]) -> list[str]:
    problems: list[str] = []
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            problems.append(f"rule {rule.id!r} stands twice: give each its own id")
        seen.add(rule.id)
        problems += [
            f"rule {rule.id!r}: paragraph {one!r} is not in the Guidance: correct it"
            for one in (*rule.paragraphs, *rule.paragraphs_outbound)
            if one not in PARAGRAPHS
        ]
        if not rule.hits or not rule.misses:
            problems.append(f"rule {rule.id!r}: hits or misses are empty: give at least one example of each")
    return problems
