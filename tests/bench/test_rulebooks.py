"""The benchmark's rulebooks: as many rules as asked for, the copies no cheaper to look for than their rules."""

import pytest

from bench.rulebooks import rulebook_of
from processors.rules.load import read_rulebook
from processors.rules.match import Rulebook


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return read_rulebook()


def test_there_are_as_many_rules_as_asked_for(shipped: Rulebook) -> None:
    assert len(rulebook_of(shipped, 10).rules) == 10
    assert len(rulebook_of(shipped, len(shipped.rules) + 5).rules) == len(shipped.rules) + 5


def test_a_copy_keeps_the_shape_of_its_rule_and_finds_other_words(shipped: Rulebook) -> None:
    many = len(shipped.rules)
    doubled = rulebook_of(shipped, 2 * many)
    for rule, copy in zip(doubled.rules[:many], doubled.rules[many:], strict=True):
        assert list(map(len, rule.patterns)) == [len(one.replace("<x_", "<")) for one in copy.patterns]
    found = {one.rule.id for one in doubled.scan("i am going to murder you xqp, you wanker", doubled.unheard(None))[0]}
    assert found
    assert not any(".copy-" in one for one in found)
