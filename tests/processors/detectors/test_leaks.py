"""Disclosure of a confidential topic: every field of the register counts, and the embargo to the minute."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.registers.types import Published
from pipeline.vocabulary.event import Action, Attachment
from pipeline.vocabulary.finding import Field
from pipeline.vocabulary.levels import Level
from tests.builders import NOON
from tests.processors.detectors.leaking import by_resident, leaks, registers, utc

TOLD = [
    "Just out of a private session: Quarry Mill has a preferred bidder at last",
    "Quarry Mill is going to be sold. You didn't hear it from me",
    "Can't say much but Quary Mill and the preferred bidders are lined up",
    "Lark Meadow Holdings have been chosen",
    "Project Sandpiper is signed off",
    "Quarry Mill is going for 4.2 million",
    "They agreed £4,200,000 for Quarry Mill",
    "Quarry Mill will go for four point two million quid",
    "Quarry Mill: Imogen Vance-Tully signed the papers",
    "Dr Vance-Tully has agreed to Quarry Mill",
    "Brook and Sons are buying Quarry Mill",
    "14 Weir Terrace is being sold to Brook & Sons",
    "TW1 2AB will be sold, heads of terms agreed",
    "I Vance-Tully is getting thirty per cent",
    "Quarry Mill has a winning bidder, keep it to yourself",
    "Quarry Mill goes to Lark for 4.2 million",
    "In private session tonight: a deal for Quarry Mill",
]
FREE = [
    "Between us we picked up forty bags at Quarry Mill, most of it wrappers",
    "I can't comment on the sale of Quarry Mill to a preferred bidder",
    "Quarry Mill is a lovely walk",
    "The bins at Quarry Mill were not emptied",
    "Quarry Mill has 30 trees",
    "We sold 4 cakes today. The weather was kind. Later we all walked up to Quarry Mill",
    "What are the opening hours at Quarry Mill once it is sold",
    "Is Quarry Mill being sold? Who is the preferred bidder?",
    "It cost 4.2 million to build the school",
    "Dr Vance was kind to my mum",
]


@pytest.mark.parametrize("text", TOLD)
def test_what_a_councillor_tells(text: str) -> None:
    found = leaks(text)
    assert [(one.topic_ref, one.level, one.paragraph) for one in found] == [("CT-1", Level.HIGH, "5.2.11")]
    assert found[0].quote is None
    assert "exempt, Schedule 12A paragraph 3" in found[0].reason


@pytest.mark.parametrize("text", FREE)
def test_what_tells_nothing(text: str) -> None:
    assert leaks(text) == []


def test_a_public_phrase_frees_its_own_sentence_only() -> None:
    assert leaks("Opening hours are on the door. Quarry Mill will be sold, the preferred bidder is lined up") != []


def test_the_span_holds_the_words_and_no_more() -> None:
    text = "Well well. Just out of a private session: Quarry Mill has a preferred bidder at last"
    found = leaks(text)[0]
    assert found.span is not None
    assert text[slice(*found.span)].strip() == "Quarry Mill has a preferred bidder"


def test_the_matter_may_stand_in_the_thread() -> None:
    title: dict[str, Any] = {"thread_title": "Quarry Mill: open day on Sunday"}
    assert [one.level for one in leaks("Heads of terms agreed for it last night", **title)] == [Level.HIGH]
    assert leaks("The tombola was sold out", **title) == []


def test_a_question_after_what_is_told_does_not_take_it_back() -> None:
    assert len(leaks("Heads of terms are agreed for Quarry Mill so why the silence?")) == 1


def test_a_resident_who_repeats_a_rumour_is_moderate() -> None:
    assert [one.level for one in by_resident("I heard Quarry Mill is going to be sold")] == [Level.MODERATE]
    assert [one.level for one in by_resident("My mate works there, Quarry Mill gets sold for £4.2m")] == [Level.HIGH]


@pytest.mark.parametrize(("month", "day", "ends"), [(3, 28, 17), (3, 29, 16), (10, 24, 16), (10, 25, 17)])
def test_the_embargo_ends_to_the_minute_on_both_sides_of_a_change_of_clocks(month: int, day: int, ends: int) -> None:
    held = registers(confidential_until=f"2026-{month:02}-{day}T17:00:00")
    last = utc(2026, month, day, ends - 1, 59)
    assert len(leaks("Lark Meadow Holdings have won", held, last)) == 1
    assert leaks("Lark Meadow Holdings have won", held, last + timedelta(minutes=1)) == []


def test_when_it_was_posted_counts_not_when_it_was_seen() -> None:
    held = registers(confidential_until="2026-03-10T12:00:00+00:00")
    late = {"observed_at": utc(2026, 3, 12, 9, 0)}
    assert len(leaks("Lark Meadow Holdings have won", held, NOON, **late)) == 1
    assert leaks("Lark Meadow Holdings have won", held, utc(2025, 12, 31, 23, 59)) == []


def test_an_edit_tells_when_it_is_made() -> None:
    before = utc(2025, 12, 1, 9, 0)
    edit: dict[str, Any] = {"action": Action.UPDATE, "edited_at": NOON}
    assert leaks("Lark Meadow Holdings have won", at=before) == []
    assert len(leaks("Lark Meadow Holdings have won", at=before, **edit)) == 1


def published(kind: str = "minutes", title: str = "Cabinet minutes", **changes: Any) -> Published:
    return Published(ref="P1", kind=kind, title=title, published_at=NOON, topic_ref="CT-1", **changes)


@pytest.mark.parametrize(
    ("item", "free"),
    [
        (published(), True),
        (published("agenda_item", "Sale of Quarry Mill"), True),
        (published("agenda_item", "Item 9 (exempt, paragraph 3)"), False),
        (published("agenda_item", "Item 9", summary="Title of the item only"), False),
        (published("agenda_item", "Item 9 (exempt)", sets_free=True), True),
        (published("news", "Something about the mill", sets_free=False), False),
    ],
)
def test_what_is_published_sets_it_free_from_then_on(item: Published, free: bool) -> None:
    held = registers(item)
    assert len(leaks("Lark Meadow Holdings have won", held, NOON - timedelta(minutes=1))) == 1
    assert (leaks("Lark Meadow Holdings have won", held, NOON) == []) is free


def test_the_title_on_a_public_agenda_is_no_leak_once_it_is_there() -> None:
    held = registers(published("agenda_item", "Quarry Mill heads of terms agreed (exempt, paragraph 3)"))
    text = "Quarry Mill heads of terms agreed exempt paragraph 3 it says"
    assert leaks(text, held, NOON) == []
    assert len(leaks(text, held, NOON - timedelta(minutes=1))) == 1


def test_a_topic_lifted_early_is_free_from_then_on() -> None:
    lifted = {"status": "lifted", "lifted_at": NOON.isoformat(), "lifted_by": "mo", "lift_reason": "announced"}
    held = registers(**lifted)
    assert len(leaks("Lark Meadow Holdings have won", held, NOON - timedelta(minutes=1))) == 1
    assert leaks("Lark Meadow Holdings have won", held, NOON) == []


def test_a_draft_is_not_in_force() -> None:
    assert leaks("Lark Meadow Holdings have won", registers(status="draft")) == []


def test_a_page_in_a_picture_is_read_across_the_ends_of_its_lines() -> None:
    page = Attachment(
        type="image", ocr_text="The site at Quarry\nMill goes to the preferred\nbidder, agreed by Cabinet"
    )
    found = leaks("look", attachments=(page,))
    assert [(one.field, one.topic_ref) for one in found] == [(Field.OCR_TEXT, "CT-1")]
