"""Marked words: the text stays whole whatever the spans are."""

import random

import pytest

from dashboards.console.marking import Piece, cut, field_text, passages
from pipeline.vocabulary.event import Attachment, Profile, Quoted
from pipeline.vocabulary.finding import Field
from tests.builders import a_finding, an_event

Spans = dict[int, tuple[int, int]]


@pytest.mark.parametrize(
    ("text", "spans", "marked"),
    [
        ("I know you", {1: (2, 6)}, [("know", (1,))]),
        ("abcdef", {1: (0, 4), 2: (2, 6)}, [("ab", (1,)), ("cd", (1, 2)), ("ef", (2,))]),
        ("abc", {1: (0, 3), 2: (0, 3)}, [("abc", (1, 2))]),
        ("a😀b", {1: (1, 2)}, [("😀", (1,))]),
        ("abc", {1: (0, 4)}, []),
        ("abc", {1: (-1, 2)}, []),
        ("abc", {1: (2, 2)}, []),
        ("abc", {1: (3, 1)}, []),
        ("abc", {}, []),
        ("", {1: (0, 1)}, []),
    ],
)
def test_words_are_marked_and_bad_spans_mark_nothing(text: str, spans: Spans, marked: list[object]) -> None:
    pieces = cut(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.findings) for piece in pieces if piece.findings] == marked


def test_the_number_is_written_where_the_quote_ends() -> None:
    assert [piece.ends for piece in cut("abcdef", {1: (0, 4), 2: (2, 6)})] == [(), (1,), (2,)]


@pytest.mark.parametrize("seed", range(20))
def test_any_spans_keep_the_text_whole(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice("ab <&😀\n") for _ in range(chance.randrange(40)))
    spans = {number: (chance.randrange(-5, 45), chance.randrange(-5, 45)) for number in range(6)}
    assert "".join(piece.text for piece in cut(text, spans)) == text


def test_every_field_is_found_and_marked_by_its_own_findings() -> None:
    event = an_event(
        text="text",
        attachments=(
            Attachment(type="image", alt_text="one", ocr_text="read"),
            Attachment(type="image", alt_text="two"),
        ),
        shared=Quoted(text="shared"),
        profile=Profile(bio_after="bio"),
    )
    assert [field_text(event, field) for field in Field] == ["text", "bio", "one\ntwo", "read", "shared"]
    found = passages(event, (a_finding(field=Field.OCR_TEXT, span=(0, 4)), a_finding(field=None, span=None)))
    by_field = {passage.field: passage.pieces for passage in found}
    assert by_field[Field.OCR_TEXT] == (Piece("read", (1,), (1,)),)
    assert by_field[Field.TEXT] == (Piece("text", (), ()),)


def test_a_post_without_text_has_no_passage() -> None:
    assert passages(an_event(text=None, author="fb:1"), ()) == ()
