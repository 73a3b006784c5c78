"""Threats: who is to do the harm, what it depends on, at whom: what the rule alone does not say of a finding."""

import pytest

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import load_rulebook
from processors.screener import Screener

SCREENER = Screener(sample_registers(), load_rulebook())
ROBIN, MOIRA = "robin-fenwick", "moira-castle"

KINDS = {
    "somebody else is to do it": ("Someone should slash Fenwick's tyres", Category.THREAT_INCITEMENT, ROBIN),
    "a call": ("Key his car. Fenwick drives the white one", Category.THREAT_INCITEMENT, ROBIN),
    "the author will do it": ("I'm going to slash Fenwick's tyres", Category.THREAT_DIRECT, ROBIN),
    "somebody, who is the target": ("Somebody's getting chinned and it's Fenwick", Category.THREAT_DIRECT, ROBIN),
    "it depends on something": ("[page] Approve it and we will come for you", Category.THREAT_CONDITIONAL, ROBIN),
    "it depends on nothing": ("[page] We are coming for you", Category.THREAT_VEILED, ROBIN),
    "'they' are the family": ("[page] Lovely family. Hope they stay that way", Category.THREAT_VEILED, ROBIN),
    "a name that is also a word": ("Somebody burn that Castle woman", Category.THREAT_INCITEMENT, MOIRA),
    "what is theirs, of such a name": ("Let's go and burn Castle's house down", Category.THREAT_INCITEMENT, MOIRA),
}
BODIES = {
    "who will do it is said": ("I'm going to come down there and shoot all of you", Level.HIGH),
    "whoever runs the page": ("I am going to stab you", Level.MODERATE),
    "a figure of speech": ("String em all up", Level.LOW),
}
NOTHING = ("I'll kill them if they have left the gate open again", "That castle should be lit up at night")


def threats(text: str) -> list[Finding]:
    return [one for one in SCREENER.screen(example_event(text)) if one.category.value.startswith("threat")]


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_says_who_is_to_do_it_and_what_it_depends_on(name: str) -> None:
    text, category, target = KINDS[name]
    assert (category, target) in {(one.category, one.target) for one in threats(text)}


@pytest.mark.parametrize("name", BODIES)
def test_a_threat_at_nobody_who_can_be_named_is_graver_where_somebody_says_they_will_do_it(name: str) -> None:
    text, level = BODIES[name]
    first, *_ = threats(text)
    assert (first.level, first.target) == (level, None)


@pytest.mark.parametrize("text", NOTHING)
def test_they_and_things_are_nobody(text: str) -> None:
    assert threats(text) == []
