"""Suppressions: what they hide and say so, what they never hide, and what they leave of the words beside."""

from datetime import timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from pipeline.registers.suppressions import Suppression
from pipeline.registers.types import Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Event, Quoted
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.routing import decide
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.rules.match import Rulebook
from processors.screener import Screener

EXPIRY = example_event("").observed_at + timedelta(days=30)
FENWICK = "robin-fenwick"
HIGH = "Gonna lamp Fenwick"
"""A high threat: no time, place or means in it."""
SCOPES: dict[str, dict[str, Any]] = {
    "everything": {"everything": True},
    "account": {"accounts": ("council-page",)},
    "rule": {"rules": ("threat.beating",)},
    "category": {"categories": (Category.THREAT_DIRECT,)},
    "phrase": {"phrases": ("Gonna LAMP",)},
    "all of them": {
        "accounts": ("council-page",),
        "rules": ("threat.beating",),
        "categories": (Category.THREAT_DIRECT,),
        "phrases": ("lamp",),
    },
}
OTHER_SCOPES: dict[str, dict[str, Any]] = {
    "another account": {"accounts": ("robin-page",)},
    "another rule": {"rules": ("threat.kill.first-person",)},
    "another category": {"categories": (Category.ABUSE,)},
    "another phrase": {"phrases": ("street lamp",)},
    "part of a word": {"phrases": ("lam",)},
    "one that does not fit": {"accounts": ("council-page",), "rules": ("abuse.mild",)},
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook()


def suppression(**changes: Any) -> Suppression:
    plain: dict[str, Any] = {"ref": "SUP-1", "owner": "mo", "reason": "a figure of speech here", "expires_at": EXPIRY}
    return Suppression(**(plain | changes))


def registers(*suppressions: Suppression) -> Registers:
    return msgspec.structs.replace(sample_registers(), suppressions=suppressions)


def screened(rulebook: Rulebook, event: Event, *suppressions: Suppression) -> list[Finding]:
    return Screener(registers(*suppressions), rulebook).screen(event)


def counting(found: list[Finding]) -> list[tuple[Category, Level]]:
    return [(one.category, one.level) for one in found if one.state is RuleState.LIVE]


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_named_is_hidden_and_says_by_what(rulebook: Rulebook, scope: str) -> None:
    event = example_event(HIGH)
    assert counting(screened(rulebook, event)) == [(Category.THREAT_DIRECT, Level.HIGH)]
    (found,) = screened(rulebook, event, suppression(**SCOPES[scope]))
    assert (found.state, found.suppressed_by, found.level) == (RuleState.SHADOW, "SUP-1", Level.HIGH)
    decision = decide([found], event, registers())
    assert (decision.level, decision.alert, decision.notify) == (None, False, ())


@pytest.mark.parametrize("scope", OTHER_SCOPES)
def test_what_is_not_named_stands(rulebook: Rulebook, scope: str) -> None:
    found = screened(rulebook, example_event(HIGH), suppression(**OTHER_SCOPES[scope]))
    assert counting(found) == [(Category.THREAT_DIRECT, Level.HIGH)]


CRITICAL = (
    "I'm going to kill you Fenwick",
    "I'll break your legs Fenwick",
    "I'll rape Fenwick's wife",
    "Gonna lamp Fenwick tonight outside the town hall",
    "[page] I will slit your throat",
    "[reply] gonna put you in the ground mate",
    "k i l l  Fenwick, I will kill Fenwick",
)
ANY_SCOPE = (*SCOPES.values(), {"phrases": ("fenwick", "kill", "throat", "ground", "legs", "wife", "you")})


@pytest.mark.parametrize(("text", "scope"), list(product(CRITICAL, ANY_SCOPE)))
def test_nothing_hides_a_critical_threat_to_a_councillor(rulebook: Rulebook, text: str, scope: dict[str, Any]) -> None:
    event = example_event(text)
    alone = [one for one in screened(rulebook, event) if one.level is Level.CRITICAL]
    assert [one.target for one in alone] == [FENWICK]
    found = screened(rulebook, event, suppression(**scope), suppression(ref="SUP-2", everything=True))
    assert [one for one in found if one.level is Level.CRITICAL] == alone
    assert decide(found, event, registers()).alert


def test_the_level_that_time_and_place_make_critical_is_the_one_that_counts(rulebook: Rulebook) -> None:
    hides = suppression(rules=("threat.beating",))
    assert counting(screened(rulebook, example_event(HIGH), hides)) == []
    worse = f"{HIGH} tonight outside the town hall"
    assert counting(screened(rulebook, example_event(worse), hides)) == [(Category.THREAT_DIRECT, Level.CRITICAL)]


def test_a_critical_threat_that_a_councillor_passes_on_stands(rulebook: Rulebook) -> None:
    shared = msgspec.structs.replace(
        example_event("[out] "), text="", action=Action.SHARE, shared=Quoted(text="I'll kill Moira Castle")
    )
    found = screened(rulebook, shared, suppression(everything=True))
    assert counting(found) == [(Category.AMPLIFICATION, Level.CRITICAL)]


def test_the_test_of_the_chain_is_never_hidden(rulebook: Rulebook) -> None:
    (rule,) = [one for one in rulebook.rules if one.category is Category.CHAIN_TEST]
    found = screened(rulebook, example_event(rule.hits[0]), suppression(everything=True))
    assert [one[0] for one in counting(found)] == [Category.CHAIN_TEST]


def test_words_beside_a_hidden_phrase_still_count(rulebook: Rulebook) -> None:
    """Of two threats of a kind only the worst would be kept: hiding one must not lose the other."""
    event = example_event("Gonna lamp Fenwick. Fenwick is getting battered")
    found = screened(rulebook, event, suppression(phrases=("gonna lamp",)))
    assert counting(found) == [(Category.THREAT_DIRECT, Level.HIGH)]
    assert [one.quote for one in found if one.state is RuleState.LIVE] == ["Fenwick is getting battered"]
    assert [one.suppressed_by for one in found if one.state is RuleState.SHADOW] == ["SUP-1"]


def test_an_insult_that_the_detector_left_out_for_a_hidden_one_counts(rulebook: Rulebook) -> None:
    event = example_event("[page] you are a coward and you are a clown")
    alone = screened(rulebook, event)
    assert len(counting(alone)) == 1
    hides = suppression(phrases=(str(alone[0].quote),))
    beside = screened(rulebook, event, hides)
    assert [category for category, _ in counting(beside)] == [Category.ABUSE]
    assert {one.suppressed_by for one in beside} == {None, "SUP-1"}


def test_an_expired_one_does_nothing_by_the_event_or_by_the_clock(rulebook: Rulebook) -> None:
    event = example_event(HIGH)
    hides = suppression(everything=True, expires_at=event.observed_at + timedelta(seconds=1))
    assert counting(screened(rulebook, event, hides)) == []
    late = msgspec.structs.replace(event, observed_at=hides.expires_at)
    assert counting(screened(rulebook, late, hides)) == [(Category.THREAT_DIRECT, Level.HIGH)]
    by_clock = Screener(registers(hides), rulebook, clock=lambda: hides.expires_at)
    assert counting(by_clock.screen(event)) == [(Category.THREAT_DIRECT, Level.HIGH)]


def test_a_phrase_in_another_place_of_a_long_text_hides_nothing(rulebook: Rulebook) -> None:
    event = example_event("The street lamp is out. " * 400 + HIGH)
    assert counting(screened(rulebook, event, suppression(phrases=("street lamp",)))) == [
        (Category.THREAT_DIRECT, Level.HIGH)
    ]
    assert counting(screened(rulebook, event, suppression(phrases=("gonna lamp",)))) == []


def test_a_phrase_is_read_as_the_post_is(rulebook: Rulebook) -> None:
    event = msgspec.structs.replace(example_event("G0nna, lämp Fenwick"), author=Author(id="a", handle="b"))
    assert counting(screened(rulebook, event))
    assert counting(screened(rulebook, event, suppression(phrases=("gonna lamp",)))) == []


def test_a_finding_without_words_is_hidden_by_its_rule_and_not_by_a_phrase(rulebook: Rulebook) -> None:
    author = Author(id="fb:fake", handle="CllrFenwickOfficial", display_name="Cllr Robin Fenwick")
    event = msgspec.structs.replace(example_event("Good morning all"), author=author)
    assert [one[0] for one in counting(screened(rulebook, event))] == [Category.IMPERSONATION]
    assert counting(screened(rulebook, event, suppression(phrases=("good morning",))))
    assert counting(screened(rulebook, event, suppression(rules=("impersonation.name",)))) == []
