"""The gate before the rules: it leaves no match out, and lets few patterns through."""

import random
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.rules.anchors import Holding
from processors.rules.finder import Finder, matches_of
from processors.rules.load import SHIPPED, read_rulebook
from processors.rules.match import Rulebook
from processors.rules.needs import Analysis
from processors.rules.patterns import PatternError, compile_pattern, spell_out
from processors.rules.shape import Reader
from tests.second_set import source_lines

WORDS = {"kill": ("kill", "murder", "do <him> in", "knif(?:e|ing)"), "him": ("him", "her", "that (?:\\w+ ){0,2}xqp")}

NEEDS = [
    ("will (?:go|come) home", [{"home"}, {"will"}, {"go", "come"}]),
    ("pigs? might fly", [{"fly"}, {"pig", "pigs"}, {"might"}]),
    ("knob ?head", [{"head"}, {"knob"}, {"knobhead"}]),
    ("diagnos\\w+", [{"diagnos*"}]),
    ("(?:old|new) ?", [{"old", "new"}]),
    ("(?:old|new) ?\\w", [{"old*", "new*", "old", "new"}]),
    ("[ab]ig|small", [{"aig", "big", "small"}]),
    ("(?:\\w+ ){0,3}", []),
    ("(?:hot|cold)?", []),
    ("(?P<odd>heron)", []),
]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook()


@pytest.mark.parametrize(("pattern", "wanted"), NEEDS)
def test_what_a_pattern_cannot_do_without(pattern: str, wanted: list[set[str]]) -> None:
    rows = Analysis().of(Reader(lambda name: WORDS.get(name, ())).rows(pattern), begin=True, end=True)
    assert {frozenset(words) for words in wanted} == {words for needs in rows for words in needs}


def texts() -> list[str]:
    """Rules' own examples and lines of the second set, as they are and cut up and put together at random."""
    chance = random.Random(11)
    told = [
        text.lower()
        for file in sorted(SHIPPED.glob("*.toml"))
        for rule in tomllib.loads(file.read_text(encoding="utf-8")).get("rule", ())
        for text in (*rule["hits"], *rule["misses"])
    ]
    told += [str(line.get("t", "")).lower() for _, _, line in source_lines()]
    named = [text.replace("fenwick", "xqp").replace("castle", "xqp") for text in told]
    glued = [a[: chance.randrange(40)] + chance.choice(("", " ", "-", "'", ". ")) + b for a, b in pairwise(named)]
    return list(dict.fromkeys([*told, *named, *glued[::3]]))


def test_no_match_is_left_out(rulebook: Rulebook) -> None:
    tried = texts()
    wholes = [
        (rule.id, compile_pattern("|".join(f"(?:{spell_out(one, rulebook.lexicon.words)})" for one in rule.patterns)))
        for rule in rulebook.rules
    ]
    for text in tried:
        encoded = text.encode()
        standing = [(name, whole) for name, whole in wholes if whole.search(encoded) is not None]
        wanted = {(name, one.start(), one.end()) for name, whole in standing for one in whole.finditer(text)}
        assert {(one.rule.id, one.start, one.end) for one in rulebook.scan(text)[0]} == wanted


PIECES = ["kill", "k", "ill", " ", " ?", "s?", "(?:ing|ed)?", "<kill>", "<him>", "\\w+", "(?:\\w+ ){0,2}", "[st]", "'?"]
PIECES += ["(?:do|go)", "|", "\\b", "[^a-z0-9]*", "in", "(?: out)?", "\\d{1,2}", ".", "(?:a b|c)+", "$", "^"]
PARTS = [
    "kill",
    "kills",
    "killing",
    "k",
    "ill",
    " ",
    "'",
    "s",
    "do",
    "go",
    "in",
    "him",
    "her",
    "that",
    "xqp",
    "ed",
    "t",
]
PARTS += ["out", "7", "a b", "c", "knife", "murder", "-", "é"]


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join),
    st.lists(st.sampled_from(PARTS), max_size=9).map("".join),
)
def test_what_matches_is_called_up_whatever_the_pattern(pattern: str, text: str) -> None:
    found = compile_pattern(spell_out(pattern, WORDS)).search(text)
    called = Finder([[pattern]], WORDS).called_up(text)
    assert found is None or called


@given(
    st.lists(st.sampled_from(["ab?", "b+a", "aab", "a(?:ba)*", "c|ab", "b"]), min_size=1, max_size=4),
    st.text(alphabet="abcé", max_size=14),
)
def test_patterns_together_match_as_alternatives_do(patterns: list[str], text: str) -> None:
    whole = compile_pattern("|".join(f"(?:{one})" for one in patterns))
    apart = matches_of([compile_pattern(one) for one in patterns], text)
    assert [(one.start(), one.end()) for one in apart] == [(one.start(), one.end()) for one in whole.finditer(text)]


def test_few_patterns_are_tried_on_ordinary_posts(rulebook: Rulebook) -> None:
    finder = Finder([rule.patterns for rule in rulebook.rules], rulebook.lexicon.words)
    ordinary = [str(line.get("t", "")).lower() for _, _, line in source_lines() if not line.get("x")]
    tried = sum(len(called) for text in ordinary for called in finder.called_up(text).values())
    assert tried / len(ordinary) < sum(len(rule.patterns) for rule in rulebook.rules) / 50


HOLDS = [
    ("i will <harm>", [{"kill", "him_in"}]),
    ("<kill> (?:\\w+ ){0,3}<him>", [{"kill"}]),
    ("(?:<kill>|<him>) now", []),
    ("(?:<kill>|put <him_in>) now", [{"kill", "him_in"}]),
    ("(?:<kill> )?now", []),
]
HELD = {
    "kill": ("murder", "stab \\w+ up", "knif(?:e|ing)\\w*"),
    "him_in": ("in (?:\\w+ )?(?:ground|grave)",),
    "harm": ("<kill>", "<him_in>"),
    "him": ("him", "her", "you", "(?:that|the) \\w+ xqp"),
}


@pytest.mark.parametrize(("pattern", "wanted"), HOLDS)
def test_what_a_pattern_holds_on_to(pattern: str, wanted: list[set[str]]) -> None:
    reader = Reader(lambda name: HELD.get(name, ()))
    held = Holding(HELD, reader).anchors(reader.rows(pattern), begin=True, end=True, groups=False)
    assert [set(one) for one in held] == wanted


def test_a_large_pattern_holds_on_to_a_choice_of_its_own() -> None:
    reader = Reader(lambda name: HELD.get(name, ()))
    rows = reader.rows("i will (?:<kill>|bury \\w+ alive)(?:ly)?")
    held = Holding(HELD, reader)
    assert held.anchors(rows, begin=True, end=True, groups=True) == ()
    rows = reader.rows("i will (?:<kill>|bury \\w+ alive) soon")
    assert held.anchors(rows, begin=True, end=True, groups=True) == (frozenset({"(?:<kill>|bury \\w+ alive)"}),)


def test_a_pattern_is_not_tried_where_nothing_that_it_holds_on_to_stands() -> None:
    finder = Finder([["i will (?:\\w+ ){0,3}put him <him_in>"]], HELD)
    assert finder.called_up("i will come and put him in the ground")
    assert not finder.called_up("i will put him up in the box room, near the football ground")


def test_a_rulebook_loaded_again_has_the_patterns_of_the_last() -> None:
    assert compile_pattern(r"\bonce\b") is compile_pattern(r"\bonce\b")


def test_a_pattern_larger_than_any_may_be_is_refused_with_its_beginning() -> None:
    with pytest.raises(PatternError, match=r"too large|repetition"):
        compile_pattern("|".join(f"(?:word{number}[a-z]{{1,900}}){{1,900}}" for number in range(40)))
