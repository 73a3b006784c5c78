"""Two rulebooks over the same posts: which rules differ, what appears, vanishes and changes level, who is paged."""

import json
from pathlib import Path

import pytest

from processors.rules.compare import AlertChange, FindingChange, changes_of, rule_changes
from processors.rules.examples import example_event, sample_registers
from processors.rules.lines import Line, LineError, read_lines
from processors.rules.load import compiled, read_rules
from processors.rules.model import RuleSet
from tests.processors.rules.writing import a_rule, own_rules

LINES = [Line("blue", example_event("A blue heron")), Line("grey", example_event("A grey heron"))]
ONE = a_rule(id="own.one")


def rules(folder: Path, *written: str) -> RuleSet:
    return read_rules(own=own_rules(folder, *written))


def changes(tmp_path: Path, before: str, after: str) -> list[FindingChange | AlertChange]:
    first, second = (compiled(rules(tmp_path / name, text)) for name, text in (("a", before), ("b", after)))
    return list(changes_of(first, second, LINES, sample_registers()))


def test_nothing_differs_between_a_rulebook_and_itself(tmp_path: Path) -> None:
    assert changes(tmp_path, ONE, ONE) == []
    assert rule_changes(rules(tmp_path / "a"), rules(tmp_path / "b")) == []


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("", ONE, ["appears"]),
        (ONE, "", ["vanishes"]),
        (ONE, a_rule(id="own.one", level="moderate"), ["level"]),
        (ONE, a_rule(id="own.one", state="shadow"), ["state"]),
        (ONE, a_rule(id="own.one", pattern="grey heron"), ["vanishes", "appears"]),
        (ONE, a_rule(id="own.other"), []),
    ],
)
def test_what_changes_is_told_for_each_post(tmp_path: Path, before: str, after: str, what: list[str]) -> None:
    found = changes(tmp_path, before, after)
    assert [one.what for one in found if isinstance(one, FindingChange)] == what
    assert not [one for one in found if isinstance(one, AlertChange)]


def test_a_post_that_pages_somebody_now_is_told(tmp_path: Path) -> None:
    found = changes(tmp_path, ONE, a_rule(id="own.one", level="high"))
    assert [(one.line, one.pages, one.level) for one in found if isinstance(one, AlertChange)] == [
        ("blue", True, "high")
    ]


def test_rules_that_differ_are_named_with_their_fields(tmp_path: Path) -> None:
    before = rules(tmp_path / "a", ONE, a_rule(id="own.gone"), '[states]\n"voice.council" = "off"\n')
    after = rules(tmp_path / "b", a_rule(id="own.one", level="high"), a_rule(id="own.new"))
    told = [(one.rule, one.what, one.fields, one.unraised) for one in rule_changes(before, after)]
    assert told == [
        ("own.gone", "removed", (), False),
        ("own.new", "added", (), False),
        ("own.one", "changed", ("level",), True),
        ("voice.council", "changed", ("state",), False),
    ]


def test_a_line_that_cannot_be_read_names_file_line_and_cure(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('\n{"platform": "x"}\n', encoding="utf-8")
    with pytest.raises(LineError, match=r"posts.jsonl, line 2: .*object_id"):
        list(read_lines(path))


def test_labelled_examples_and_observations_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    from tests.dashboards.cli.test_screen import a_line

    line = a_line("one", "hello", ("before",))
    path.write_text(json.dumps(line) + "\n" + json.dumps(line["event"]) + "\n", encoding="utf-8")
    assert [(one.id, len(one.history)) for one in read_lines(path)] == [("one", 1), ("facebook:comment:0", 0)]
