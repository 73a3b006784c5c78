"""`parapet rules list | test | try` in an installation with rules of its own."""

import json
from pathlib import Path

import pytest

from dashboards.cli.rules import command as group
from dashboards.cli.rules_list import HEADS
from processors.rules.built_in import BUILT_IN
from processors.rules.load import read_rules
from tests.dashboards.cli.conftest import Run
from tests.dashboards.cli.test_screen import a_line, write_registers
from tests.processors.rules.writing import a_rule, own_rules, whole_rulebook

STATES = '[states]\n"abuse.mild" = "shadow"\n"threat.beating" = "off"\n"voice.council" = "off"\n'
HERON = a_rule(
    id="own.heron", detector="abuse", aim="person", level="high", state="shadow", hit="[page] you blue heron"
)


@pytest.fixture
def own(installed: Path) -> Path:
    return own_rules(installed / "rulebook", STATES, HERON)


def rows(output: str) -> list[list[str]]:
    return [line.split() for line in output.splitlines()[1:-1]]


def test_the_group_has_what_it_promises() -> None:
    assert {"list", "test", "try"} <= set(group.commands)


def test_list_shows_every_rule_with_its_state(own: Path, run: Run) -> None:
    shown = run("rules", "list").output
    assert all(head in shown.splitlines()[0] for head in HEADS)
    named = {row[0]: row[1] for row in rows(shown)}
    assert set(named) == {*read_rules().files, "own.heron", *BUILT_IN}
    assert [named[name] for name in ("abuse.mild", "threat.beating", "voice.council")] == ["shadow", "off", "off"]
    heron = next(line for line in shown.splitlines() if line.startswith("own.heron"))
    for words in ("6.1", "high", "monitoring_officer", "2026-11-01", "own.toml"):
        assert words in heron


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--state", "off"), {"threat.beating", "voice.council"}),
        (("--state", "shadow"), {"abuse.mild", "own.heron"}),
        (("--own",), {"own.heron"}),
        (("--category", "self_harm_encouragement"), {"threat.self-harm", "heard.self-harm"}),
        (("--category", "abuse", "--level", "high"), {"own.heron"}),
        (("--paragraph", "5.4"), {"report.misuse", "report.misuse.place", "report.misuse.unnamed"}),
        (("--owner", "nobody"), set()),
    ],
)
def test_list_can_be_narrowed(own: Path, run: Run, options: tuple[str, ...], wanted: set[str]) -> None:
    assert {row[0] for row in rows(run("rules", "list", *options).output)} == wanted


def test_the_rules_that_ship_can_be_listed_apart(own: Path, run: Run) -> None:
    assert "own.heron" not in run("rules", "list", "--rulebook", "shipped").output


def test_a_folder_that_stands_alone_is_a_rulebook_by_itself(installed: Path, run: Run, tmp_path: Path) -> None:
    alone = whole_rulebook(tmp_path / "alone", a_rule(id="own.only"))
    listed = run("rules", "list", "--rulebook", str(alone)).output
    assert "own.only" in listed
    assert "abuse.mild" not in listed


def test_a_fault_in_the_rulebook_is_one_line_with_its_cure(installed: Path, run: Run) -> None:
    own_rules(installed / "rulebook", a_rule(id="own.heron", paragraph="99"))
    done = run("rules", "list")
    assert done.exit_code == 2
    assert "own.toml: rule 'own.heron': paragraphs: '99' is not in the Guidance: correct it" in done.output


def test_every_example_is_run_those_in_shadow_and_off_as_well(own: Path, run: Run) -> None:
    done = run("rules", "test")
    assert done.exit_code == 0, done.output
    assert f"{len(read_rules().files) + 1} rules" in done.output
    own_rules(own, a_rule(id="own.off", state="off", hit="A grey heron", miss="One blue heron"))
    done = run("rules", "test", "--rule", "own.off")
    assert done.exit_code == 1
    assert "FAILS  own.toml: rule 'own.off': hits[1] is not found" in done.output
    assert "FAILS  own.toml: rule 'own.off': misses[1] is found" in done.output
    assert "1 rules, 2 examples: 2 fail." in done.output


def test_an_unknown_rule_is_refused(own: Path, run: Run) -> None:
    done = run("rules", "test", "--rule", "own.none")
    assert done.exit_code == 2
    assert "parapet rules list" in done.output


def test_a_labelled_file_is_scored_and_what_is_wrong_is_named(own: Path, run: Run, tmp_path: Path) -> None:
    registers = tmp_path / "registers"
    registers.mkdir()
    write_registers(registers)
    expected = {"findings": [], "alert": False}
    lines = [
        a_line("clean", "When is bin day?") | {"expected": expected},
        a_line("wrong", "[page] I will slit your throat") | {"expected": expected},
    ]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    done = run("rules", "test", "--rule", "own.heron", "--labelled", str(labelled), "--registers", str(registers))
    assert done.exit_code == 1
    assert "FAILS  labelled.jsonl: false alert: wrong" in done.output
    assert "clean" not in done.output


BATTERED = "Gonna lamp Adeyemi-Rudd, she is a numpty and a blue heron"


def test_try_says_what_every_rule_would_do_in_its_state(own: Path, run: Run) -> None:
    said = run("rules", "try", BATTERED).output
    assert "off    threat.beating, version" in said
    assert ": would be Possible direct threat about Cllr Folasade Adeyemi-Rudd" in said
    assert "tells nobody; if it were live: level high, pages somebody, tells communications team" in said
    assert "shadow abuse.mild" in said
    assert "Nothing counts: nobody is told." in said
    live = run("rules", "try", BATTERED, "--rulebook", "shipped").output
    assert "live   threat.beating" in live
    assert "by itself: level high, pages somebody" in live
    assert "Level high. An alert goes to: communications team, monitoring officer." in live


def test_try_says_which_suppression_hides_a_finding(installed: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPET_CLASSIFIER", "off")
    entry = {"ref": "SUP-9", "owner": "mo", "reason": "a quiz", "rules": ["threat.beating"]}
    entry["expires_at"] = "2999-01-31T23:59:00+00:00"
    (installed / "registers" / "suppressions.json").write_text(json.dumps([entry]), encoding="utf-8")
    said = run("rules", "try", "Gonna lamp Adeyemi-Rudd").output
    assert "hidden by suppression SUP-9; otherwise: level high, pages somebody" in said
    assert "Nothing counts: nobody is told." in said
    assert "hidden by suppression SUP-9: it tells nobody" in run("explain", "Gonna lamp Adeyemi-Rudd").output


def test_try_says_why_a_rule_is_cleared(installed: Path, run: Run) -> None:
    said = run("rules", "try", "Someone called Adeyemi-Rudd a wanker. Not on.").output
    assert "live   abuse.strong, version" in said
    assert ": cleared: 'Adeyemi-Rudd a wanker'" in said
    assert "the words are quoted or reported" in said
