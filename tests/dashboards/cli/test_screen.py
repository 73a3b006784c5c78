"""`parapet screen` and `parapet explain` on a small borough of our own."""

import json
from pathlib import Path
from typing import Any

import msgspec
from click.testing import CliRunner, Result

from dashboards.cli.explain import command as explain
from dashboards.cli.screen import command as screen
from pipeline.registers.types import Registers
from processors.rules.examples import example_event, sample_registers


def write_registers(folder: Path) -> Path:
    registers: Registers = sample_registers()
    people = {"councillors": registers.councillors, "officers": registers.officers}
    for name, content in (
        ("council", registers.council),
        ("councillors", people),
        ("accounts", list(registers.accounts.values())),
    ):
        (folder / f"{name}.json").write_bytes(msgspec.json.encode(content))
    return folder


def a_line(name: str, text: str, history: tuple[str, ...] = ()) -> dict[str, Any]:
    def event(words: str, number: int) -> dict[str, Any]:
        seen = msgspec.structs.replace(example_event(words), object_id=f"facebook:comment:{number}")
        plain: dict[str, Any] = json.loads(msgspec.json.encode(seen))
        return {key: plain[key] for key in plain if key not in {"event_id", "content_hash", "schema_version"}}

    return {"id": name, "event": event(text, 0), "history": [event(one, at) for at, one in enumerate(history, 1)]}


def screened(folder: Path, *lines: bytes) -> tuple[Result, list[dict[str, Any]]]:
    registers = folder / "registers"
    registers.mkdir()
    write_registers(registers)
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(b"\n".join(lines))
    arguments = ["--input", str(source), "--output", str(target), "--registers", str(registers)]
    result = CliRunner().invoke(screen, arguments)
    return result, [json.loads(line) for line in target.read_bytes().splitlines()]


def test_a_line_out_for_each_line_in_and_in_order(tmp_path: Path) -> None:
    lines = [a_line("b", "[page] I'll break your legs"), a_line("a", "When is bin day?")]
    result, out = screened(tmp_path, *(json.dumps(one).encode() for one in lines))
    assert result.exit_code == 0
    assert [one["id"] for one in out] == ["b", "a"]
    assert set(out[0]) == {"id", "findings", "level", "alert", "notify", "route"}
    assert out[0]["findings"][0]["quote"] == "I'll break your legs"
    assert out[0]["findings"][0]["span"] == [0, 20]
    assert (out[0]["level"], out[0]["alert"], out[0]["route"]) == ("critical", True, "police_999")
    assert out[1] == {"id": "a", "findings": [], "level": None, "alert": False, "notify": [], "route": None}


def test_history_counts_for_its_own_line_only(tmp_path: Path) -> None:
    abusive = a_line("with", "[page] you absolute wanker", ("[page] you lying bastard",))
    alone = a_line("without", "[page] you absolute wanker")
    _, out = screened(tmp_path, *(json.dumps(one).encode() for one in (abusive, alone)))
    categories = [{finding["category"] for finding in one["findings"]} for one in out]
    assert categories == [{"abuse", "harassment"}, {"abuse"}]


def test_a_bad_line_names_field_and_cure_and_the_rest_goes_on(tmp_path: Path) -> None:
    broken = a_line("broken", "x")
    del broken["event"]["account"]
    good = json.dumps(a_line("good", "[page] kys")).encode()
    result, out = screened(tmp_path, json.dumps(broken).encode(), b"{not json", good)
    assert result.exit_code == 1
    assert out[0]["id"] == "broken"
    assert "line 1: event.account is missing" in out[0]["error"]
    assert out[1]["error"].startswith("line 2:")
    assert out[2]["alert"] is True


def test_explain_says_what_was_found_and_what_was_cleared(tmp_path: Path) -> None:
    arguments = ["--registers", str(write_registers(tmp_path))]
    found = CliRunner().invoke(explain, ["Fenwick is a complete wanker", *arguments]).output
    assert "Possible abuse about Cllr Robin Fenwick: moderate because: abuse of a person" in found
    assert "rule abuse.strong, version" in found
    cleared = CliRunner().invoke(explain, ["Someone called Fenwick a wanker. Not on.", *arguments]).output
    assert "Nothing was found." in cleared
    assert "the words are quoted or reported" in cleared


def test_explain_refuses_an_unknown_account_with_the_known_ones(tmp_path: Path) -> None:
    arguments = ["--registers", str(write_registers(tmp_path)), "--account", "nowhere"]
    result = CliRunner().invoke(explain, ["hello", *arguments])
    assert result.exit_code == 2
    assert "council-page" in result.output
