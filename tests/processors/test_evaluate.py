"""The rules on the shared examples, as they stand and with a second borough's names; and the counting itself."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.registers.load import load_registers
from processors.evaluate import Scores, score
from processors.example_lines import screened_lines
from processors.rules.load import load_rulebook
from processors.screener import Screener
from processors.second_borough import second_borough

SHARED = Path(__file__).parents[3] / "shared" / "data" / "thornmere"


def scores_of(lines: list[bytes], folder: Path) -> Scores:
    registers = load_registers(folder)
    outputs = screened_lines(lines, Screener(registers, load_rulebook()), registers)
    return score([json.loads(line) for line in lines], [json.loads(msgspec.json.encode(one)) for one in outputs])


@pytest.mark.parametrize("second", [False, True], ids=["as they stand", "second borough"])
def test_the_shared_examples(tmp_path: Path, second: bool) -> None:
    if not SHARED.exists():
        pytest.skip("../shared is absent")
    lines = (SHARED / "examples_dev.jsonl").read_bytes().splitlines()
    folder = SHARED / "registers"
    if second:
        lines, folder = second_borough(folder, lines, tmp_path), tmp_path
    scores = scores_of(lines, folder)
    assert scores.figure("alert_recall") == 1
    assert scores.figure("false_alerts") == 0
    assert scores.counts["clean_found"] <= 1
    assert {name: scores.figure(name) > 0.9 for name in ("category", "level", "target", "paragraph")} == dict.fromkeys(
        ("category", "level", "target", "paragraph"), True
    )


def test_no_name_of_the_first_borough_is_left_in_the_second(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared is absent")
    lines = second_borough(SHARED / "registers", (SHARED / "examples_dev.jsonl").read_bytes().splitlines(), tmp_path)
    whole = b" ".join([*lines, *(path.read_bytes() for path in tmp_path.glob("*.json"))]).lower()
    assert [name for name in (b"tapsell", b"penhallow", b"thornmere", b"brackenfield", b"osier") if name in whole] == []


def a_line(alert: bool, *findings: dict[str, Any]) -> dict[str, Any]:
    return {"id": "one", "event": {}, "expected": {"alert": alert, "findings": list(findings)}}


def test_counting() -> None:
    wanted = {"paragraph": "6.1", "category": "abuse", "level": "critical", "target": "a"}
    found = {"paragraph": "2.4", "paragraphs": ["2.4", "6.1"], "category": "abuse", "level": "high", "target": "b"}
    scores = score([a_line(True, wanted)], [{"id": "one", "alert": True, "findings": [found]}])
    assert scores.figure("alert_recall") == 1
    assert [scores.figure(name) for name in ("category", "level", "target", "paragraph", "critical")] == [1, 0, 0, 1, 1]
    extra = score([a_line(False)], [{"id": "one", "alert": True, "findings": [found]}])
    assert (extra.figure("false_alerts"), extra.figure("neg_findings")) == (1, 1)
    assert score([{**a_line(True, wanted), "disputed": True}], []).counts == {"disputed": 1}


def test_counting_by_paragraph_and_by_kind() -> None:
    wanted = {"paragraph": "5.2.7", "category": "hate", "level": "high", "target": None}
    hate = {"paragraph": "6.1", "paragraphs": ["6.1", "5.2.7"], "category": "hate", "level": "high", "target": None}
    wrong = {"paragraph": "3.2", "paragraphs": ["3.2"], "category": "media_enquiry", "level": "low", "target": None}
    both = score([a_line(True, wanted)], [{"id": "one", "alert": True, "findings": [hate, wrong]}])
    assert both.by_paragraph == {
        "5.2.7": {"wanted": 1, "found": 1, "given": 1, "right": 1},
        "6.1": {"given": 1, "right": 1},
        "3.2": {"given": 1, "right": 0},
    }
    clean = score([{**a_line(False), "kind": "bins"}], [{"id": "one", "alert": False, "findings": [wrong]}])
    assert clean.by_kind == {"bins": {"clean": 1, "found": 1, "alert": 0}}
