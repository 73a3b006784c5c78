"""docs/guidance.md holds every paragraph with what is done or missing; every category has its finder or a reason."""

import json
import re
from pathlib import Path

import pytest

from infra.guidance_page import ROOT, parts, support
from pipeline.guidance import PARAGRAPHS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import RuleState
from processors.coverage import DETECTED, by_category, by_paragraph, finders
from processors.rules.built_in import BUILT_IN
from processors.rules.load import read_rulebook

CATALOGUE = ROOT.parent / "shared" / "reference" / "rule_catalogue.json"
FOUND = finders(read_rulebook())
TOLD = {one.id: one for one in support().paragraph}


def test_every_paragraph_has_its_row() -> None:
    page = "\n".join(parts())
    assert [one for one in PARAGRAPHS if f"| **{one}** " not in page] == []
    assert TOLD.keys() == PARAGRAPHS.keys()


@pytest.mark.skipif(not CATALOGUE.exists(), reason=f"{CATALOGUE} is absent")
def test_the_paragraphs_and_their_modes_are_those_of_the_catalogue() -> None:
    entries = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    modes = {one["id"]: one["mode"].split("/")[0].split(" ")[0] for one in entries}
    assert {one.id: one.mode for one in PARAGRAPHS.values()} == modes


@pytest.mark.parametrize("paragraph", [one.id for one in PARAGRAPHS.values() if one.mode == "detect"])
def test_what_is_to_be_detected_has_a_live_finder(paragraph: str) -> None:
    assert any(one.state is RuleState.LIVE for one in by_paragraph(FOUND, paragraph))
    assert TOLD[paragraph].does


@pytest.mark.parametrize("paragraph", [one.id for one in PARAGRAPHS.values() if one.mode in {"assist", "duty"}])
def test_what_is_supported_or_owed_says_how_or_what_is_missing(paragraph: str) -> None:
    told = TOLD[paragraph]
    assert told.missing or (told.does and told.where)


def test_what_is_named_exists() -> None:
    named = {file for one in support().paragraph for file in one.where}
    assert [file for file in sorted(named) if not (Path(ROOT) / file).is_file()] == []


@pytest.mark.parametrize("category", Category)
def test_every_category_has_a_finder_or_a_reason(category: Category) -> None:
    reasons = {one.category: one.reason for one in support().no_rule}
    assert bool(by_category(FOUND, category)) is not bool(reasons.get(category))


def test_every_rule_named_in_the_detectors_is_in_the_coverage() -> None:
    files = [*(ROOT / "processors" / "detectors").glob("*.py"), ROOT / "processors" / "correlate.py"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    named = {one for pair in re.findall(r'rule="([^"]+)"|_?RULE = "([^"]+)"', code) for one in pair if one}
    assert len(named) > 10
    assert named - {one.rule for one in FOUND} == set()


def test_the_coverage_names_every_built_in_rule_and_what_only_history_shows() -> None:
    assert {one.rule for one in DETECTED} == BUILT_IN.keys() | {"course-of-conduct", "pile-on", "repeated-scorn"}
