"""Load the rulebook: read its files, validate every entry, and leave out each rule that fails its own examples.

Before the flow. Two folders make it: the rules that ship, and the council's own on top of them
(`processors.rules.own`). Every fault names file, rule, field and cure, and all are reported at once.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from pipeline.guidance import PARAGRAPHS
from pipeline.watch import Faulty
from processors.rules.match import Rulebook
from processors.rules.model import Lexicon, Rule, RuleSet
from processors.rules.patterns import PatternError, any_of, compile_pattern, spell_out
from processors.rules.verbs import verb_forms

SHIPPED = Path(__file__).parent.parent / "rulebook"
LEXICON_FILE = "lexicon.toml"
LEXICON_FILES = "lexicon*.toml"
_WRITTEN = ("patterns", "unless", "near", "needs")
"""Fields of a rule that hold patterns."""


class RulebookError(Faulty):
    """The rulebook cannot be used. problems names file, rule, field and cure for each fault."""


def load_rulebook(folder: Path = SHIPPED, own: Path | None = None) -> Rulebook:
    """Return the rulebook in a folder, with a council's own on top; a rule that fails its own examples is not in it.

    Raises:
        RulebookError: with every entry that cannot be read.
    """
    from processors.rules.tried import apart  # noqa: PLC0415 - examples run the whole screener, which reads rules

    rules = read_rules(folder, own)
    rulebook = compiled(rules)
    failing = {failure.rule for failure in apart(rules, rulebook)}
    return rulebook.without(failing) if failing else rulebook


def read_rulebook(folder: Path = SHIPPED, own: Path | None = None) -> Rulebook:
    """Return the rulebook in a folder, with a council's own on top, as it stands: examples not run.

    Raises:
        RulebookError: with every fault.
    """
    return compiled(read_rules(folder, own))


def read_rules(folder: Path = SHIPPED, own: Path | None = None) -> RuleSet:
    """Return the rules in a folder, with a council's own on top, those that are off among them; nothing is compiled.

    Raises:
        RulebookError: with every entry that cannot be read.
    """
    from processors.rules.own import with_own  # noqa: PLC0415 - the council's own rules are read as these are

    files = toml_files(folder)
    if not files:
        raise RulebookError([f"{folder}: no *.toml in it: put the rulebook files there"])
    words = sorted(folder.glob(LEXICON_FILES))
    lexicon = joined([read_lexicon(path) for path in words])
    problems: list[str] = []
    rules = [
        (path.name, rule)
        for path in files
        if path not in words
        for rule in rules_of(path, read_table(path, {"defaults", "rule"}, problems), problems)
    ]
    problems += faults_of(rules)
    if problems:
        raise RulebookError(problems)
    whole = RuleSet(
        rules=tuple(rule for _, rule in rules),
        lexicon=lexicon,
        version=digest_of(files),
        files={rule.id: name for name, rule in rules},
        tried=folder == SHIPPED,
    )
    return whole if own is None else with_own(whole, own)


def compiled(rules: RuleSet) -> Rulebook:
    """Return rules made ready to match; the same object for the same rules, of the last few that were asked for.

    Raises:
        RulebookError: with every pattern that cannot be used.
    """
    return _compiled(_Written(content_of(rules), rules))


def content_of(rules: RuleSet) -> str:
    """Return what changes when a rule, a word or a state does, whatever file it stands in."""
    states = sorted((name, state.value) for name, state in rules.states.items())
    return hashlib.sha256(msgspec.json.encode((rules.rules, rules.lexicon, rules.version, states))).hexdigest()


@dataclass(frozen=True)
class _Written:
    """Rules, told apart by their content alone."""

    content: str
    rules: RuleSet = field(compare=False)


@lru_cache(maxsize=3)
def _compiled(written: _Written) -> Rulebook:
    rules = written.rules
    try:
        rulebook = Rulebook(rules.rules, rules.lexicon, rules.version, rules.states)
        rulebook.compile(rules.own if rules.tried else {rule.id for rule in rules.rules}, cues=not rules.tried)
        return rulebook
    except PatternError as error:
        raise RulebookError(_pattern_problems(rules) or [str(error)]) from error


def read_lexicon(path: Path) -> Lexicon:
    """Return the lexicon in a file. Raises RulebookError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Lexicon)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RulebookError(
            [f"{path.name}: {error}: write version, [words], [cues] and [verbs], each name = [entries]"]
        ) from error


def joined(parts: Sequence[Lexicon]) -> Lexicon:
    """Return one lexicon with the entries of all parts and every form of their verbs.

    Raises:
        RulebookError: a name stands in two parts.
    """
    words: dict[str, tuple[str, ...]] = {}
    cues: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, tuple[str, ...]] = {}
    for part in parts:
        forms = [verb_forms(name, verbs) for name, verbs in part.verbs.items()]
        for held, added in (
            *((words, one) for one in (part.words, *forms)),
            (cues, part.cues),
            (spellings, part.spellings),
        ):
            twice = held.keys() & added.keys()
            if twice:
                raise RulebookError([f"lexicon: {sorted(twice)} stand twice: give each name once"])
            held.update(added)
    version = max((part.version for part in parts), default="")
    return Lexicon(version=version, words=words, cues=cues, spellings=spellings)


def toml_files(folder: Path) -> list[Path]:
    """Return the files of a rulebook folder, in order; none where there is no folder."""
    return sorted(folder.glob("*.toml"))


def digest_of(files: Iterable[Path]) -> str:
    """Return what changes when the content of one of the files does."""
    seen = hashlib.sha256()
    for path in files:
        seen.update(path.read_bytes())
    return seen.hexdigest()[:12]


def read_table(path: Path, known: set[str], problems: list[str]) -> dict[str, Any]:
    """Return a TOML file as a table, empty where it cannot be read; what is wrong is added to the problems."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path.name}: cannot be read ({error.strerror}): look at its permissions")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {error}: correct the TOML there")
        return {}
    problems += [
        f"{path.name}: [{name}] is nothing the rulebook knows: write {', '.join(f'[{one}]' for one in sorted(known))}"
        for name in table
        if name not in known
    ]
    return table


def rules_of(path: Path, table: Mapping[str, Any], problems: list[str]) -> list[Rule]:
    """Return the rules of one file; what cannot be read is added to the problems."""
    defaults: dict[str, Any] = table.get("defaults", {})
    rules: list[Rule] = []
    for entry in table.get("rule", []):
        try:
            rules.append(msgspec.convert({**defaults, **entry}, Rule))
        except msgspec.ValidationError as error:
            problems.append(f"{path.name}: rule {entry.get('id', '(no id)')!r}: {error}: correct that field")
    return rules


def faults_of(rules: Iterable[tuple[str, Rule]]) -> list[str]:
    """Return what is wrong with rules, each given with its file: ids that stand twice, paragraphs, missing fields."""
    problems: list[str] = []
    seen: dict[str, str] = {}
    for file, rule in rules:
        where = f"{file}: rule {rule.id!r}"
        if rule.id in seen:
            also = "" if seen[rule.id] == file else f" (also in {seen[rule.id]})"
            problems.append(f"{where}: id stands twice{also}: give each its own id")
        seen[rule.id] = file
        problems += [
            f"{where}: paragraphs: {one!r} is not in the Guidance: correct it"
            for one in (*rule.paragraphs, *rule.paragraphs_outbound)
            if one not in PARAGRAPHS
        ]
        if not rule.paragraphs:
            problems.append(f"{where}: paragraphs is empty: name the paragraph of the Guidance that it rests on")
        if not rule.hits or not rule.misses:
            problems.append(f"{where}: hits or misses are empty: give at least one example of each")
        if not rule.owner.strip():
            problems.append(f"{where}: owner is empty: name the role that answers for it, such as monitoring_officer")
    return problems


def _pattern_problems(rules: RuleSet) -> list[str]:
    """Return each pattern that cannot be used, with file, rule and field."""
    problems = [
        f"{rules.files.get(rule.id, '')}: rule {rule.id!r}: {name}[{number}]: {fault}: correct it"
        for rule in rules.rules
        for name in _WRITTEN
        for number, pattern in enumerate(getattr(rule, name), start=1)
        if (fault := _fault_of(pattern, rules.lexicon))
    ]
    for name, entries in rules.lexicon.cues.items():
        try:
            if cue := any_of(entries, rules.lexicon.words):
                _ = cue.compiled
        except PatternError as error:
            problems.append(f"{LEXICON_FILE}: cue {name!r}: {error}: correct it")
    return problems


def _fault_of(pattern: str, lexicon: Lexicon) -> str:
    try:
        compile_pattern(spell_out(pattern, lexicon.words))
    except PatternError as error:
        return str(error)
    return ""
