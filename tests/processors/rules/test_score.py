"""Rules that ask for a classifier's score beside their words: they hold with it, and find nothing without."""

from pathlib import Path

import pytest

from pipeline.vocabulary.finding import Finding
from processors.hearing import Hearing
from processors.models.shelf import Shelf
from processors.rules.examples import example_event, failures, sample_registers
from processors.rules.load import RulebookError, load_rulebook, read_rulebook
from processors.rules.match import Rulebook
from processors.screener import Listening, Screener
from tests.processors.models.scripted import Scripted
from tests.processors.rules.writing import a_rule, whole_rulebook

ASKING = a_rule() + 'score = {label = "threat", least = 0.8}\n'


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    return load_rulebook(whole_rulebook(tmp_path, ASKING))


def found(rulebook: Rulebook, threat: float | None) -> list[Finding]:
    hearing = Hearing(lambda: Shelf(Scripted({"heron": {"threat": threat or 0.0}})))
    tone = Listening(hearing.hear, hearing.version) if threat is not None else None
    findings = Screener(sample_registers(), rulebook, tone=tone).screen(example_event("A blue heron"))
    return [one for one in findings if one.rule == "test.one"]


@pytest.mark.parametrize(("threat", "count"), [(0.9, 1), (0.8, 1), (0.79, 0), (None, 0)])
def test_the_rule_holds_from_the_score_that_it_asks_for(rulebook: Rulebook, threat: float | None, count: int) -> None:
    assert len(found(rulebook, threat)) == count


def test_the_reason_gives_the_score(rulebook: Rulebook) -> None:
    (finding,) = found(rulebook, 0.93)
    assert finding.reason == "low because: a test; a classifier gives threat 0.93"


def test_without_the_score_it_says_why_it_is_cleared(rulebook: Rulebook) -> None:
    case = Screener(sample_registers(), rulebook).case(example_event("A blue heron"), unheard=True)
    ((field, match),) = case.matches
    assert "no classifier ran" in str(case.cleared_because(field, match))


def test_examples_try_the_words_alone(tmp_path: Path) -> None:
    folder = whole_rulebook(tmp_path, ASKING.replace("A blue heron", "A grey heron"))
    assert [one.field for one in failures(read_rulebook(folder))] == ["hits"]


@pytest.mark.parametrize("score", ['{label = "anger", least = 0.8}', '{label = "threat", least = 1.5}', "0.8"])
def test_a_score_that_is_none_is_named(tmp_path: Path, score: str) -> None:
    with pytest.raises(RulebookError, match=r"rule 'test.one': .*score.*: correct that field"):
        read_rulebook(whole_rulebook(tmp_path, f"{a_rule()}score = {score}\n"))
