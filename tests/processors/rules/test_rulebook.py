"""The shipped rulebook: it loads whole, rules keep their examples, and none holds a line of the shared examples."""

import json
import re
from pathlib import Path

import pytest

from pipeline.vocabulary.finding import RuleState
from processors.rules.examples import failures
from processors.rules.load import SHIPPED, RulebookError, load_rulebook, read_rulebook
from processors.rules.patterns import PatternError, compile_pattern, spell_out
from tests.processors.rules.writing import a_rule, whole_rulebook

SHARED = Path(__file__).parents[4] / "shared" / "data" / "thornmere" / "examples_dev.jsonl"


def rulebook_with(folder: Path, **fields: str) -> Path:
    return whole_rulebook(folder, a_rule(**fields))


def test_every_rule_keeps_its_hits_and_misses() -> None:
    assert [str(one) for one in failures(read_rulebook())] == []


def test_every_rule_is_loaded() -> None:
    assert {rule.id for rule in load_rulebook().rules} == {rule.id for rule in read_rulebook().rules}


def test_a_rule_that_fails_its_own_example_does_not_load(tmp_path: Path) -> None:
    folder = rulebook_with(tmp_path, hit="A grey heron")
    assert [one.id for one in read_rulebook(folder).rules] == ["test.one"]
    assert load_rulebook(folder).rules == ()


def test_a_rule_that_is_off_does_not_run(tmp_path: Path) -> None:
    assert read_rulebook(rulebook_with(tmp_path, state="off")).rules == ()
    assert read_rulebook(rulebook_with(tmp_path, state="shadow")).rules[0].state is RuleState.SHADOW


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"paragraph": "99"}, "test.toml: rule 'test.one': paragraphs: '99' is not in the Guidance"),
        ({"pattern": "<nobody> heron"}, "test.toml: rule 'test.one': patterns[1]: <nobody> is in no lexicon"),
        ({"pattern": "(heron"}, "missing"),
        ({"owner": " "}, "owner is empty"),
        ({"state": "asleep"}, "correct that field"),
    ],
)
def test_a_fault_is_named_with_its_cure(tmp_path: Path, fields: dict[str, str], words: str) -> None:
    with pytest.raises(RulebookError, match=re.escape(words)):
        read_rulebook(rulebook_with(tmp_path, **fields))


def test_one_space_stands_for_anything_between_two_words_of_a_sentence() -> None:
    pattern = compile_pattern(spell_out("blue ?heron flies", {}))
    assert all(pattern.search(text) for text in ("blueheron flies", "blue, heron  flies", "blue-heron: flies"))
    assert not any(pattern.search(text) for text in ("blue heron. flies", "blue heron\nflies", "xblue heron flies"))


def test_lexicon_names_that_lead_in_a_circle_are_refused() -> None:
    with pytest.raises(PatternError, match="circle"):
        spell_out("<one>", {"one": ("<two>",), "two": ("<one>",)})


def test_no_rule_holds_six_consecutive_words_of_a_shared_example() -> None:
    if not SHARED.exists():
        pytest.skip("../shared is absent")
    rulebook = read_rulebook()
    held = _runs(" ".join((SHIPPED / path.name).read_text(encoding="utf-8") for path in SHIPPED.glob("*.toml")))
    held |= {run for rule in rulebook.rules for one in (*rule.hits, *rule.misses) for run in _runs(one)}
    lines = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    texts = [event["text"] or "" for line in lines for event in (line["event"], *line["history"])]
    assert [run for text in texts for run in _runs(text) if run in held] == []


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
