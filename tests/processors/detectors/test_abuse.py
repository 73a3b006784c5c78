"""Abuse: two people in one insult, rude words that add up, and words that name nobody but fit somebody else."""

import pytest

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.screener import Screener


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(sample_registers(), read_rulebook())


def abuse_in(screener: Screener, text: str) -> dict[str | None, Level]:
    found = screener.screen(example_event(text))
    return {one.target: one.level for one in found if one.category is Category.ABUSE}


def test_everybody_named_in_an_insult_has_a_finding(screener: Screener) -> None:
    found = abuse_in(screener, "Fenwick and Castle are a pair of clowns")
    assert found == {"robin-fenwick": Level.LOW, "moira-castle": Level.LOW}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("[page] you numpty", Level.LOW),
        ("[page] jog on you slimy toad, nobody likes you", Level.MODERATE),
        ("[page] you tosser", Level.MODERATE),
    ],
)
def test_two_rude_words_apart_weigh_as_one_abusive(screener: Screener, text: str, level: Level) -> None:
    assert abuse_in(screener, text) == {"robin-fenwick": level}


@pytest.mark.parametrize(
    "text",
    [
        "[page] My neighbour blocked the drive again. Absolute scum.",
        "[page] Whoever dumped that sofa: you can tell he's a tosser",
        "[page] The bus never came. Useless bastards.",
    ],
)
def test_words_that_name_nobody_fit_the_bystander(screener: Screener, text: str) -> None:
    assert abuse_in(screener, text) == {}


def test_a_name_in_the_words_outweighs_a_bystander(screener: Screener) -> None:
    found = abuse_in(screener, "My neighbour had to ring three times. Fenwick is a tosser.")
    assert found == {"robin-fenwick": Level.MODERATE}
