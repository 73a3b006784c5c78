"""The example borough: its day is what day.txt says, names nobody real, and shares no line with Thornmere."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dashboards.demo import DAY, FEED, REGISTERS, make_feed
from pipeline.registers.load import load_registers

THORNMERE = Path(__file__).parents[4] / "shared" / "data" / "thornmere"
needs_shared = pytest.mark.skipif(not THORNMERE.is_dir(), reason="../shared is absent: it holds Thornmere")


def events(path: Path = FEED) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def accounts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((REGISTERS / "accounts.json").read_text(encoding="utf-8"))
    return found


def test_the_feed_is_what_the_day_says() -> None:
    day = (make_feed.HERE / "day.txt").read_text(encoding="utf-8")
    assert make_feed.make(day, accounts()) == events(), "write it anew: python -m dashboards.demo.make_feed"


def test_the_registers_hold_together() -> None:
    loaded = load_registers(REGISTERS)
    assert len(loaded.councillors) == 8
    assert len({account.platform for account in loaded.accounts.values()}) >= 8
    assert [account.id for account in loaded.accounts.values() if account.active_until] == ["acc-x-tamblin"]


def test_every_event_stands_on_an_account_that_has_not_ended() -> None:
    living = {account["id"]: account["platform"] for account in accounts() if not account["active_until"]}
    assert [one["object_id"] for one in events() if living.get(one["account"]) != one["platform"]] == []


def test_it_is_one_day_in_the_order_it_was_seen() -> None:
    seen = [one["observed_at"] for one in events()]
    assert seen == sorted(seen)
    assert {time[:10] for time in seen} == {DAY.isoformat()}


def test_it_has_an_edit_a_delete_a_share_and_a_second_delivery() -> None:
    found = events()
    actions = Counter(one["action"] for one in found)
    assert (actions["delete"], actions["share"]) == (1, 1)
    assert [one["edited_at"] is not None for one in found if one["action"] == "update"].count(True) == 1
    repeated = Counter(one["object_id"] for one in found if one["action"] == "create")
    assert [count for count in repeated.values() if count > 1] == [2]


def test_ids_are_told_apart() -> None:
    created = {(one["object_id"], one["text"]) for one in events() if one["action"] == "create"}
    assert len(created) == len({identity for identity, _ in created})


def test_numbers_and_addresses_are_kept_free_for_stories() -> None:
    whole = FEED.read_text(encoding="utf-8") + "".join(path.read_text("utf-8") for path in REGISTERS.glob("*.json"))
    assert [
        one for one in re.findall(r"\b0\d{4} ?\d{6}\b", whole) if not one.startswith(("01632 960", "07700 900"))
    ] == []
    assert [one for one in re.findall(r"https?://([^/\"]+)", whole) if not one.endswith(".example")] == []
    assert [one for one in re.findall(r"[\w.]+@([\w.-]+\.\w+)", whole) if not one.endswith(".example")] == []


def test_a_line_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"day\.txt, line 2: not a line of a day"):
        make_feed.make("= 06:00 acc-fb-council | Good morning\n? 06:01 what is this\n", accounts())


@pytest.mark.shared
@needs_shared
def test_no_line_is_thornmeres() -> None:
    told = events(THORNMERE / "feed.jsonl")
    for example in events(THORNMERE / "examples_dev.jsonl"):
        told += [example["event"], *example["history"]]
    theirs = {gram for one in told for gram in six_words(one["text"])} | {str(one["text"]).lower() for one in told}
    ours = [one["text"] for one in events() if one["text"]]
    assert [text for text in ours if text.lower() in theirs or six_words(text) & theirs] == []


def six_words(text: str | None) -> set[str]:
    words = (text or "").lower().split()
    return {" ".join(words[start : start + 6]) for start in range(len(words) - 5)}
