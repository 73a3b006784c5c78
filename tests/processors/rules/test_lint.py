"""Lint: each check finds what it is for, and says nothing of a rule that is well."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from processors.rules.examples import sample_registers
from processors.rules.lint import LINTS, entries, patterns
from processors.rules.lint.smell import Smell, Subject
from processors.rules.lint.strings import literals_of, strings_of
from processors.rules.load import LEXICON_FILE, read_rules
from tests.processors.rules.writing import a_rule, own_rules

WELL = a_rule(id="own.well", hit='A blue heron", "One blue heron', miss='No bird", "A heron, blue or not')


def subject(folder: Path, *rules: str, words: str = "", **changes: Any) -> Subject:
    """Return the council's own rules alone: all that ship would be compiled anew for each test."""
    own = own_rules(folder, *rules)
    if words:
        (own / LEXICON_FILE).write_text(words, encoding="utf-8")
    read = read_rules(own=own)
    return Subject(replace(read, rules=tuple(one for one in read.rules if one.id in read.own)), **changes)


def said(check: Any, subject: Subject) -> list[Smell]:
    """Return what one check says of the council's own rules and words."""
    return [one for one in check(subject) if one.rule in subject.rules.own]


@pytest.mark.parametrize("check", LINTS, ids=[check.__name__ for check in LINTS])
def test_of_a_rule_that_is_well_nothing_is_said(tmp_path: Path, check: Any) -> None:
    well = subject(tmp_path, WELL, talk=("Lovely morning",) * 50, registers=sample_registers())
    assert said(check, well) == []


CASES: list[tuple[Any, dict[str, str], str, bool]] = [
    (patterns.empty, {"pattern": "(?:blue heron)?"}, "patterns[1]: matches the empty string", True),
    (
        patterns.never_folded,
        {"pattern": "Blue heron", "hit": "x"},
        "patterns[1]: 'B' never stands in folded text",
        True,
    ),
    (patterns.never_folded, {"pattern": "blue héron", "hit": "x"}, "'é' never stands in folded text", True),
    (patterns.untried, {"pattern": 'blue heron", "grey heron'}, "patterns[2]: found in none of its hits", False),
    (patterns.unreachable, {"pattern": 'blue herons?", "blue heron'}, "patterns[2]: patterns[1] matches all", False),
    (patterns.unreachable, {"pattern": 'blue heron", "blue herons?'}, "patterns[1]: patterns[2] matches all", False),
    (entries.identities, {"owner": "Bob"}, "owner: 'Bob' is no role: write one of communications_team", False),
    (entries.identities, {"id": "Heron"}, "id: write it as kind.what", False),
    (entries.few_examples, {}, "hits: only 1: write at least 2", False),
    (
        entries.names_of_people,
        {"pattern": "blue fenwick", "hit": "x"},
        "holds the name of a councillor (fenwick)",
        True,
    ),
]


@pytest.mark.parametrize(("check", "fields", "words", "fault"), CASES)
def test_each_check_finds_what_it_is_for(
    tmp_path: Path, check: Any, fields: dict[str, str], words: str, fault: bool
) -> None:
    found = said(check, subject(tmp_path, a_rule(**fields), registers=sample_registers()))
    assert [(words in str(one), one.fault) for one in found][:1] == [(True, fault)], [str(one) for one in found]
    assert str(found[0]).startswith("own.toml: rule ")


def test_too_broad_is_measured_on_ordinary_talk(tmp_path: Path) -> None:
    talk = ("A heron on the river today",) * 4 + ("When is bin day?",) * 46
    broad = subject(tmp_path, a_rule(pattern="heron", hit="A heron"), talk=talk)
    (found,) = said(patterns.broad, broad)
    assert "too broad: stands in 4 of 50 lines of ordinary talk" in str(found)
    (found,) = said(patterns.finds_talk, broad)
    assert "finds 8 of 100 lines of ordinary talk" in str(found)
    narrow = subject(tmp_path, a_rule(pattern="heron", hit="A heron"), talk=talk[2:])
    assert said(patterns.broad, narrow) == []


def test_a_change_under_the_same_version_is_a_fault_and_a_change_of_state_is_none(tmp_path: Path) -> None:
    base = subject(tmp_path / "base", a_rule(), a_rule(id="own.gone")).rules
    changed = subject(tmp_path / "now", a_rule(level="high"), base=base)
    assert [str(one) for one in entries.versions(changed)] == [
        "rule 'own.gone': is in the base and gone here: set its state to off, so that old findings can be explained",
        "own.toml: rule 'test.one': version: is 1 as in the base, but level changed: raise it by one",
    ]
    raised = subject(tmp_path / "raised", a_rule(level="high", version="2"), a_rule(id="own.gone"), base=base)
    assert list(entries.versions(raised)) == []
    shadow = subject(tmp_path / "shadow", a_rule(state="shadow"), a_rule(id="own.gone"), base=base)
    assert list(entries.versions(shadow)) == []


def test_a_hit_that_only_another_rule_finds_is_a_fault(tmp_path: Path) -> None:
    one = a_rule(id="own.one")
    other = a_rule(id="own.two", pattern="grey heron", hit="A blue heron")
    (found,) = [each for each in said(entries.found_by_others, subject(tmp_path, one, other)) if each.fault]
    assert "rule 'own.two': hits[1]: only own.one finds it" in str(found)


def test_a_rule_whose_hits_others_find_as_seriously_adds_nothing(tmp_path: Path) -> None:
    twins = subject(tmp_path, a_rule(id="own.one"), a_rule(id="own.two", level="high"))
    (found,) = said(entries.found_by_others, twins)
    assert str(found).endswith("rule 'own.one': hits: all are found as seriously by own.two: it adds nothing to those")


def test_words_that_nobody_uses_are_named(tmp_path: Path) -> None:
    words = '[words]\nown_bird = ["blue heron"]\nown_fish = ["pike"]\n[cues]\nown_cue = ["pike"]\n'
    used = subject(tmp_path, a_rule(pattern="<own_bird>", hit="A blue heron"), words=words)
    named = [str(one) for one in entries.words_unused(used)]
    assert [one for one in named if "own_" in one] == [
        "lexicon.toml: [words] own_fish: no pattern asks for it: take it out, or write <name> in one",
        "lexicon.toml: [cues] own_cue: nothing reads a cue of this name: see docs/rule-authors",
    ]


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("ab", ("ab",)),
        ("a(?:b|c)?", ("a", "ab", "ac")),
        ("[ab]{2}", ("aa", "ab", "ba", "bb")),
        (r"\w+", None),
        ("a*", None),
        ("(a", None),
        ("(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)", None),
    ],
)
def test_the_strings_of_a_pattern_are_told_where_they_are_few(pattern: str, strings: tuple[str, ...] | None) -> None:
    assert strings_of(pattern) == strings


def test_the_letters_of_a_pattern_are_told_without_its_signs() -> None:
    assert literals_of(r"\WA[c-e]\b") == {"A", "c", "e"}
