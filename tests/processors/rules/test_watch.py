"""A rulebook that changes under a running worker: as a whole and valid, or the last good one goes on."""

import logging
from pathlib import Path

import pytest

from pipeline.watch import LOOK_SECONDS
from processors.rules.load import load_rulebook
from processors.rules.watch import WatchedRulebook
from tests.processors.rules.writing import a_rule, own_rules


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ids(watched: WatchedRulebook) -> set[str]:
    return {rule.id for rule in watched.current().rules}


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_a_rule_that_is_added_counts_at_the_next_look(tmp_path: Path, seconds: Seconds) -> None:
    own = tmp_path / "rulebook"
    watched = WatchedRulebook(own, seconds)
    shipped = watched.current()
    own_rules(own, a_rule(id="own.heron"))
    assert watched.current() is shipped
    seconds.now += LOOK_SECONDS
    assert ids(watched) == {rule.id for rule in shipped.rules} | {"own.heron"}
    (own / "own.toml").unlink()
    seconds.now += LOOK_SECONDS
    assert watched.current().version == shipped.version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (a_rule(id="own.two", hit="A grey heron"), "own.toml: rule 'own.two': hits[1] is not found"),
        (a_rule(id="own.two", miss="Blue herons and a blue heron"), "own.toml: rule 'own.two': misses[1] is found"),
        (a_rule(id="own.two", paragraph="99"), "own.toml: rule 'own.two': paragraphs: '99'"),
        ("[[rule", "own.toml: "),
    ],
)
def test_a_fault_is_refused_as_a_whole_and_told_and_the_last_good_goes_on(
    tmp_path: Path, seconds: Seconds, caplog: pytest.LogCaptureFixture, text: str, problem: str
) -> None:
    own = own_rules(tmp_path, a_rule(id="own.one"))
    watched = WatchedRulebook(own, seconds)
    before = watched.current()
    own_rules(own, a_rule(id="own.three"), text)
    seconds.now += LOOK_SECONDS
    with caplog.at_level(logging.ERROR):
        assert watched.current() is before
    assert problem in watched.problems()[0]
    assert problem in caplog.text
    assert "heron" not in caplog.text, "examples may be words of a post: the log names them by number"
    own_rules(own, a_rule(id="own.three"))
    seconds.now += LOOK_SECONDS
    assert "own.three" in ids(watched)
    assert watched.problems() == ()


SILENCING = '[words]\nby_vote = ["xqp"]\n'
"""Own words that would clear every threat that names a councillor."""


def test_words_that_break_a_shipped_rule_are_refused(tmp_path: Path, seconds: Seconds) -> None:
    own = own_rules(tmp_path, a_rule(id="own.one"))
    watched = WatchedRulebook(own, seconds)
    before = watched.current()
    (own / "lexicon.toml").write_text(SILENCING)
    seconds.now += LOOK_SECONDS
    assert watched.current() is before
    assert any("threats.toml: rule 'threat.kill.first-person': hits[1]" in one for one in watched.problems())


def test_at_a_start_words_that_break_a_shipped_rule_leave_the_rules_that_ship(tmp_path: Path, seconds: Seconds) -> None:
    (own_rules(tmp_path, a_rule(id="own.one")) / "lexicon.toml").write_text(SILENCING)
    assert WatchedRulebook(tmp_path, seconds).current().version == load_rulebook().version


def test_at_a_start_an_own_rule_that_fails_its_examples_is_left_out_and_the_rest_counts(
    tmp_path: Path, seconds: Seconds
) -> None:
    own = own_rules(tmp_path, a_rule(id="own.good"), a_rule(id="own.bad", hit="A grey heron"))
    watched = WatchedRulebook(own, seconds)
    assert "own.good" in ids(watched)
    assert "own.bad" not in ids(watched)
    assert "own.bad" in watched.problems()[0]


def test_at_a_start_files_that_cannot_be_used_leave_the_rules_that_ship(tmp_path: Path, seconds: Seconds) -> None:
    watched = WatchedRulebook(own_rules(tmp_path, "[[rule"), seconds)
    assert watched.current().version == load_rulebook().version
    assert "own.toml" in watched.problems()[0]


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, seconds: Seconds) -> None:
    own = own_rules(tmp_path, a_rule())
    watched = WatchedRulebook(own, seconds)
    before = watched.current()
    (own / "folder.toml").mkdir()
    seconds.now += LOOK_SECONDS
    assert watched.current() is before
    assert "folder.toml: cannot be read" in watched.problems()[0]
