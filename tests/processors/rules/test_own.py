"""A council's own rules on top of those that ship: added, set to shadow or off, and faults that name their cure."""

import re
from pathlib import Path

import pytest

from pipeline.vocabulary.finding import RuleState
from processors.rules.built_in import BUILT_IN
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import LEXICON_FILE, SHIPPED, RulebookError, read_rulebook, read_rules
from processors.screener import Screener
from tests.processors.rules.writing import a_rule, own_rules

DETECTORS = Path(__file__).parents[3] / "processors" / "detectors"
BATTERED = "Gonna lamp Fenwick"


def screened(own: Path, text: str) -> list[tuple[str, RuleState]]:
    screener = Screener(sample_registers(), read_rulebook(own=own))
    return [(one.rule, one.state) for one in screener.screen(example_event(text))]


def test_without_a_folder_the_rules_are_those_that_ship(tmp_path: Path) -> None:
    assert read_rules(own=tmp_path / "absent") == read_rules()


def test_own_rules_stand_beside_those_that_ship(tmp_path: Path) -> None:
    own = own_rules(tmp_path, a_rule(id="own.heron"))
    rules = read_rules(own=own)
    assert rules.own == {"own.heron"}
    assert rules.files["own.heron"] == "own.toml"
    assert len(rules.rules) == len(read_rules().rules) + 1
    assert rules.version != read_rules().version
    assert screened(own, "A blue heron") == [("own.heron", RuleState.LIVE)]


@pytest.mark.parametrize(("state", "found"), [("off", []), ("shadow", [("threat.beating", RuleState.SHADOW)])])
def test_a_shipped_rule_can_be_set_to_shadow_or_off(
    tmp_path: Path, state: str, found: list[tuple[str, RuleState]]
) -> None:
    assert ("threat.beating", RuleState.LIVE) in screened(own_rules(tmp_path), BATTERED)
    set_so = screened(own_rules(tmp_path, f'[states]\n"threat.beating" = "{state}"\n'), BATTERED)
    assert [one for one in set_so if one[0] == "threat.beating"] == found


@pytest.mark.parametrize(("state", "found"), [("off", []), ("shadow", [("voice.council", RuleState.SHADOW)])])
def test_so_can_a_rule_that_is_built_in(tmp_path: Path, state: str, found: list[tuple[str, RuleState]]) -> None:
    words = "[out] On behalf of the Council I can confirm the pool will reopen"
    assert ("voice.council", RuleState.LIVE) in screened(own_rules(tmp_path), words)
    own = own_rules(tmp_path, f'[states]\n"voice.council" = "{state}"\n')
    assert [one for one in screened(own, words) if one[0] == "voice.council"] == found


def test_own_words_join_those_that_ship_or_are_new(tmp_path: Path) -> None:
    own = own_rules(tmp_path, a_rule(pattern="<own_bird> (?:<adverb> )?flies", hit="A blue heron flies"))
    (own / LEXICON_FILE).write_text('[words]\nown_bird = ["blue heron"]\nadverb = ["heavily"]\n')
    rules = read_rules(own=own)
    assert rules.lexicon.words["own_bird"] == ("blue heron",)
    assert rules.lexicon.words["adverb"] == (*read_rules().lexicon.words["adverb"], "heavily")
    assert rules.lexicon.version != read_rules().lexicon.version
    assert screened(own, "A blue heron heavily flies") == [("test.one", RuleState.LIVE)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (a_rule(id="abuse.mild"), "own.toml: rule 'abuse.mild': id is of a rule that ships"),
        (a_rule(id="voice.council"), "own.toml: rule 'voice.council': id is of a rule that ships"),
        (a_rule() + a_rule(), "own.toml: rule 'test.one': id stands twice"),
        (a_rule(paragraph="99"), "own.toml: rule 'test.one': paragraphs: '99' is not in the Guidance"),
        (a_rule(level="dreadful"), "own.toml: rule 'test.one': Invalid enum value 'dreadful' - at `$.level`"),
        (a_rule(pattern="(heron"), "own.toml: rule 'test.one': patterns[1]"),
        ('[states]\n"abuse.nothing" = "off"\n', "own.toml: [states]: 'abuse.nothing' is no rule that ships"),
        ('[states]\n"abuse.mild" = "loud"\n', "own.toml: [states]: Invalid enum value 'loud'"),
        ("[[rules]]\nid = 'x'\n", "own.toml: [rules] is nothing the rulebook knows"),
        ("[[rule", "own.toml: "),
    ],
)
def test_each_fault_names_file_rule_field_and_cure(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RulebookError, match=re.escape(words)):
        read_rulebook(own=own_rules(tmp_path, text))


def test_a_fault_in_own_words_names_the_file(tmp_path: Path) -> None:
    (own_rules(tmp_path) / LEXICON_FILE).write_text('version = "2"\n')
    with pytest.raises(RulebookError, match=r"lexicon.toml: .*version"):
        read_rules(own=tmp_path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as told:
        read_rules(own=own_rules(tmp_path, a_rule(paragraph="99"), a_rule(id="test.two", owner="")))
    assert len(told.value.problems) == 2


def test_the_list_of_rules_that_are_built_in_is_that_of_the_detectors() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in DETECTORS.glob("*.py"))
    named = set(re.findall(r'^\s*rule="([^"]+)"', code, re.M)) | set(re.findall(r'^\w*RULE = "([^"]+)"', code, re.M))
    prefixes = tuple(re.findall(r'^\s*rule=f"([^{"]+)\{', code, re.M))
    assert named <= set(BUILT_IN), "add the new rule to processors/rules/built_in.py"
    assert all(name in named or name.startswith(prefixes) for name in BUILT_IN)
    assert not set(BUILT_IN) & set(read_rules(SHIPPED).files)
