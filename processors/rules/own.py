"""A council's own rules: the files of `rulebook/` in the home, on top of the rules that ship.

Before the flow, read by `processors.rules.load`. Any `*.toml` there holds `[[rule]]`, `[defaults]` and `[states]`;
`lexicon.toml` adds entries to names of the shipped lexicon, or names of its own. `[states]` sets a shipped rule to
live, shadow or off. A shipped rule is never rewritten: it is set to off and another is added, so that a finding always
says whose rule made it.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from pipeline.vocabulary.finding import RuleState
from processors.rules.built_in import BUILT_IN
from processors.rules.load import (
    LEXICON_FILE,
    RulebookError,
    digest_of,
    faults_of,
    read_table,
    rules_of,
    toml_files,
)
from processors.rules.model import Lexicon, Rule, RuleSet

_TABLES = {"defaults", "rule", "states"}


class OwnWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A council's own lexicon: entries added to shipped names, or new names."""

    words: Mapping[str, tuple[str, ...]] = {}
    cues: Mapping[str, tuple[str, ...]] = {}


def with_own(shipped: RuleSet, folder: Path) -> RuleSet:
    """Return the shipped rules with a council's own on top; the shipped ones where the folder is absent or empty.

    Raises:
        RulebookError: with every fault of the council's files.
    """
    files = toml_files(folder)
    if not files:
        return shipped
    problems: list[str] = []
    tables = {path: read_table(path, _TABLES, problems) for path in files if path.name != LEXICON_FILE}
    rules = [(path.name, rule) for path, table in tables.items() for rule in rules_of(path, table, problems)]
    problems += faults_of(rules)
    problems += [
        f"{file}: rule {rule.id!r}: id is of a rule that ships: give it another, and set the shipped one in [states]"
        for file, rule in rules
        if rule.id in shipped.files or rule.id in BUILT_IN
    ]
    states: dict[str, RuleState] = {}
    for path, table in tables.items():
        states |= _states(path, table.get("states", {}), shipped, problems)
    words = _own_words(folder / LEXICON_FILE, problems)
    if problems:
        raise RulebookError(problems)
    version = digest_of(files)
    return RuleSet(
        rules=(*_set(shipped.rules, states), *(rule for _, rule in rules)),
        lexicon=_joined(shipped.lexicon, words, version),
        version=f"{shipped.version}+{version}",
        files={**shipped.files, **{rule.id: file for file, rule in rules}},
        states={name: state for name, state in states.items() if name in BUILT_IN},
        own=frozenset(rule.id for _, rule in rules),
        tried=shipped.tried and not words.words and not words.cues,
    )


def _set(rules: Iterable[Rule], states: Mapping[str, RuleState]) -> Iterator[Rule]:
    for rule in rules:
        yield msgspec.structs.replace(rule, state=states[rule.id]) if rule.id in states else rule


def _states(path: Path, given: object, shipped: RuleSet, problems: list[str]) -> dict[str, RuleState]:
    try:
        states = msgspec.convert(given, dict[str, RuleState])
    except msgspec.ValidationError as error:
        problems.append(f'{path.name}: [states]: {error}: write "rule.id" = "live", "shadow" or "off"')
        return {}
    problems += [
        f"{path.name}: [states]: {name!r} is no rule that ships: `parapet rules list` names them all"
        for name in states
        if name not in shipped.files and name not in BUILT_IN
    ]
    return states


def _own_words(path: Path, problems: list[str]) -> OwnWords:
    if not path.exists():
        return OwnWords()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), OwnWords)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        problems.append(f"{path.name}: {error}: write [words] or [cues], each name = [entries]")
        return OwnWords()


def _joined(shipped: Lexicon, own: OwnWords, version: str) -> Lexicon:
    if not own.words and not own.cues:
        return shipped
    return Lexicon(
        version=f"{shipped.version}+{version}",
        words=_added(shipped.words, own.words),
        cues=_added(shipped.cues, own.cues),
        spellings=shipped.spellings,
    )


def _added(shipped: Mapping[str, tuple[str, ...]], own: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {**shipped, **{name: (*shipped.get(name, ()), *entries) for name, entries in own.items()}}
