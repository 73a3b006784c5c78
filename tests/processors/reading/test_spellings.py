"""Dialect and text-message spellings: read as plain words, with offsets that lead back to what was written."""

import pytest

from pipeline.text.fold import fold
from processors.reading.spellings import Spellings
from processors.rules.load import read_rulebook

TABLE = {"you": ("u", "yow", "ye"), "you're": ("u r",), "i'll": ("ah'll",), "gonna": ("goin to",)}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ah'll see u", "i'll see you"),
        ("u do, u know", "you do, you know"),
        ("u r next", "you're next"),
        ("goin to, yow", "gonna, you"),
        ("yes, under the bus", "yes, under the bus"),
        ("menu", "menu"),
    ],
)
def test_spellings_are_read_as_plain_words(written: str, plain: str) -> None:
    assert Spellings(TABLE).plain(fold(written)).text == plain


def test_spans_lead_back_to_what_was_written() -> None:
    plain = Spellings(TABLE).plain(fold("Ah'll find yow"))
    at = plain.text.index("you")
    assert plain.words(at, at + 3) == "yow"
    assert plain.words(0, 4) == "Ah'll"


def test_an_empty_table_changes_nothing() -> None:
    folded = fold("Ah'll find yow")
    assert Spellings({}).plain(folded) is folded


def test_no_shipped_spelling_stands_for_two_words() -> None:
    table = read_rulebook().lexicon.spellings
    spellings = [one for variants in table.values() for one in variants]
    assert sorted(spellings) == sorted(set(spellings))
    assert not set(spellings) & set(table)
