"""The second labelled set keeps its form, stands on its registers, and shares no line with what it is to measure."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.guidance import PARAGRAPHS
from pipeline.registers.load import load_registers
from pipeline.registers.types import Registers
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.levels import ALERTING, Level, Role, Route
from tests.second_set import SOURCE, examples, main
from tests.second_set_labels import labels

RULEBOOK = Path(__file__).parents[2] / "processors" / "rulebook"
THORNMERE = Path(__file__).parents[2].parent / "shared" / "data" / "thornmere" / "examples_dev.jsonl"
_ROW = re.compile(r"^\| `(\w+)` \| (\d+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def whole() -> list[dict[str, Any]]:
    return examples()


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Registers:
    folder = tmp_path_factory.mktemp("second_set")
    main(folder / "set.jsonl", folder / "registers")
    return load_registers(folder / "registers")


def observations(example: dict[str, Any]) -> list[Observation]:
    return [msgspec.convert(one, Observation) for one in (*example["history"], example["event"])]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def texts(whole: list[dict[str, Any]]) -> dict[str, str]:
    """Return ids by text; a text of one word says too little to be anybody's."""
    shared = [(e["id"], e["event"]["text"] or (e["event"]["shared"] or {}).get("text", "")) for e in whole]
    return {plain(text): identity for identity, text in shared if len(plain(text).split()) > 1}


def test_it_has_four_hundred_lines_and_about_two_thirds_expect_nothing(whole: list[dict[str, Any]]) -> None:
    clean = sum(1 for one in whole if not one["expected"]["findings"])
    assert len(whole) >= 420
    assert 0.62 <= clean / len(whole) <= 0.72


def test_every_kind_has_at_least_the_lines_the_readme_says(whole: list[dict[str, Any]]) -> None:
    counts = Counter(one["kind"] for one in whole)
    documented = dict(_ROW.findall((SOURCE / "README.md").read_text(encoding="utf-8")))
    assert documented.keys() == counts.keys()
    short = {kind: counts[kind] for kind, least in documented.items() if counts[kind] < int(least)}
    assert not short


def test_ids_and_objects_are_unique_and_no_line_stands_twice(whole: list[dict[str, Any]]) -> None:
    ids = Counter(one["id"] for one in whole)
    objects = Counter(one["event"]["object_id"] for one in whole)
    said = Counter(plain(one["event"]["text"]) for one in whole if plain(one["event"]["text"]))
    assert [*ids.values(), *objects.values()] == [1] * (2 * len(whole))
    assert [text for text, count in said.items() if count > 1] == []


def test_every_line_is_an_observation_with_its_history_before_it(whole: list[dict[str, Any]]) -> None:
    for one in whole:
        times = [seen.posted_at for seen in observations(one)]
        assert None not in times, one["id"]
        assert times == sorted(t for t in times if t), one["id"]


def test_accounts_and_authors_are_those_of_the_registers(whole: list[dict[str, Any]], registers: Registers) -> None:
    owners = {account.platform_account_id for account in registers.accounts.values()}
    for one in whole:
        event = one["event"]
        account = registers.accounts[event["account"]]
        assert account.platform == event["platform"], one["id"]
        mine = event["author"]["id"] == account.platform_account_id
        assert mine is (event["direction"] == "outbound"), one["id"]
        assert mine or event["author"]["id"] not in owners, one["id"]


def test_labels_name_known_people_topics_paragraphs_and_roles(
    whole: list[dict[str, Any]], registers: Registers
) -> None:
    people = {None, *(one.id for one in registers.councillors), *(one.id for one in registers.officers)}
    topics = {None, *(topic.ref for topic in registers.topics)}
    for one in whole:
        for finding in one["expected"]["findings"]:
            assert finding["paragraph"] in PARAGRAPHS, one["id"]
            assert finding["target"] in people, one["id"]
            assert finding.get("topic_ref") in topics, one["id"]
            assert ("topic_ref" in finding) is (finding["category"] == "confidential_leak"), one["id"]
        assert set(one["expected"]["notify"]) <= set(Role), one["id"]
        assert one["expected"]["route"] in {None, *Route}, one["id"]


def test_alert_follows_from_the_levels(whole: list[dict[str, Any]]) -> None:
    for one in whole:
        levels = {Level(finding["level"]) for finding in one["expected"]["findings"]}
        assert one["expected"]["alert"] is bool(levels & ALERTING), one["id"]


def test_what_is_disputed_says_why(whole: list[dict[str, Any]]) -> None:
    assert all(one["note"] for one in whole if "disputed" in one)


def test_stop_requests_and_takedowns_meet_their_lines(whole: list[dict[str, Any]], registers: Registers) -> None:
    seen = {event.object_id for one in whole for event in observations(one)}
    authors = {one["event"]["author"]["id"] for one in whole}
    assert {one.object_id for one in registers.takedowns} <= seen
    assert {one.author_id for one in registers.stop_requests} <= authors


def test_no_line_is_a_rules_own_example(whole: list[dict[str, Any]]) -> None:
    mark = re.compile(r"^\[\w+\]\s*")
    own: set[str] = set()
    for file in RULEBOOK.glob("*.toml"):
        for rule in tomllib.loads(file.read_text(encoding="utf-8")).get("rule", []):
            own |= {plain(mark.sub("", text)) for text in (*rule["hits"], *rule["misses"])}
    assert own
    assert {identity for text, identity in texts(whole).items() if text in own} == set()


@pytest.mark.skipif(not THORNMERE.exists(), reason=f"{THORNMERE} is absent")
def test_no_line_is_one_of_the_shared_examples(whole: list[dict[str, Any]]) -> None:
    given = [json.loads(line)["event"]["text"] for line in THORNMERE.read_text(encoding="utf-8").splitlines()]
    assert {plain(text) for text in given if text} & texts(whole).keys() == set()


@pytest.mark.parametrize(
    "wrong",
    ["6.1 threat_direct", "6.1 menace high brindle", "6.1 abuse grave brindle"],
    ids=["short", "category", "level"],
)
def test_a_label_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|menace|grave"):
        labels([wrong])
