"""Shadow rules count for nothing: whatever they find, what live rules find stays exactly as it is."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Quoted
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.screener import Screener, merged
from tests.builders import a_finding
from tests.processors.rules.writing import a_rule, own_rules

ABUSE: dict[str, str] = {"detector": "abuse", "aim": "person", "state": "shadow"}


def screened(own: Path | None, event: Any) -> list[Finding]:
    return Screener(sample_registers(), read_rulebook(own=own)).screen(event)


def of_state(found: list[Finding], state: RuleState) -> list[tuple[str, Level]]:
    return [(one.rule, one.level) for one in found if one.state is state]


def test_a_shadow_rule_takes_no_live_finding_in_the_same_detector(tmp_path: Path) -> None:
    """The detector of abuse keeps the worst of a person's: a shadow rule must not be that."""
    event = example_event("[page] you clown, you blue heron")
    own = own_rules(tmp_path, a_rule(id="own.heron", level="critical", hit="[page] you blue heron", **ABUSE))
    alone, beside = screened(None, event), screened(own, event)
    assert of_state(alone, RuleState.LIVE)
    assert of_state(beside, RuleState.LIVE) == of_state(alone, RuleState.LIVE)
    assert of_state(beside, RuleState.SHADOW) == [("own.heron", Level.CRITICAL)]


def test_two_rude_words_are_not_abuse_when_one_is_a_shadow_rule_s(tmp_path: Path) -> None:
    event = example_event("[page] you clown, you blue heron")
    own = own_rules(tmp_path, a_rule(id="own.heron", level="low", hit="[page] you blue heron", **ABUSE))
    assert of_state(screened(own, event), RuleState.LIVE) == of_state(screened(None, event), RuleState.LIVE)


def test_a_share_of_what_a_shadow_rule_finds_is_a_shadow_finding(tmp_path: Path) -> None:
    shared = msgspec.structs.replace(
        example_event("[out] "), text="", action=Action.SHARE, shared=Quoted(text="A blue heron", author_handle="other")
    )
    own = own_rules(tmp_path, a_rule(id="own.heron", state="shadow"))
    found = screened(own, shared)
    assert [(one.category, one.state) for one in found] == [(Category.AMPLIFICATION, RuleState.SHADOW)]
    live = screened(own_rules(tmp_path, a_rule(id="own.heron")), shared)
    assert [(one.category, one.state) for one in live] == [(Category.AMPLIFICATION, RuleState.LIVE)]


@pytest.mark.parametrize("state", list(RuleState))
def test_the_shadow_of_a_person_outdoes_no_live_finding_about_nobody_known(state: RuleState) -> None:
    about_person = a_finding(state=RuleState.SHADOW)
    about_nobody = a_finding(state=state, target=None)
    kept = merged([about_person, about_nobody])
    assert (about_nobody in kept) is (state is not RuleState.SHADOW)
