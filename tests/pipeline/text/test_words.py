"""Figures are read as numbers however they are written, and nothing else is."""

import pytest

from pipeline.text.fold import fold
from pipeline.text.words import words_of

SUMS = [
    ("£4.2m", 4_200_000, "£"),
    ("4.2 million", 4_200_000, ""),
    ("4.2 mill", 4_200_000, ""),
    ("4.2mil", 4_200_000, ""),
    ("5mill", 5_000_000, ""),
    ("4.2 million quid", 4_200_000, "£"),
    ("£4,200,000", 4_200_000, "£"),
    ("four point two million", 4_200_000, ""),
    ("four and a half million pounds", 4_500_000, "£"),
    ("half a million", 500_000, ""),
    ("quarter of a million", 250_000, ""),
    ("350k", 350_000, ""),
    ("350 grand", 350_000, ""),
    ("three hundred and fifty thousand", 350_000, ""),
    ("one million two hundred thousand", 1_200_000, ""),
    ("a hundred and ten", 110, ""),
    ("twenty-five", 25, ""),
    ("4.99%", 4.99, "%"),
    ("4.99 per cent", 4.99, "%"),
    ("30 percent", 30, "%"),
    ("1,250.50", 1250.5, ""),
]


@pytest.mark.parametrize(("written", "value", "unit"), SUMS, ids=[written for written, *_ in SUMS])
def test_a_sum_is_one_figure(written: str, value: float, unit: str) -> None:
    found = [(one.value, one.unit) for one in words_of(fold(f"They said {written} last night").text) if one.value]
    assert found == [(value, unit)]


def test_offsets_hold_the_whole_figure() -> None:
    text = "sold for £4.2 million, they say"
    figure = next(one for one in words_of(text) if one.value is not None)
    assert text[figure.start : figure.end] == "£4.2 million"


@pytest.mark.parametrize("written", ["14a", "1.2.3", "b4", "2nd", "ct04"])
def test_what_is_no_figure_stays_a_word(written: str) -> None:
    assert [(one.text, one.value) for one in words_of(f"see {written} there")][1] in [(written, None), ("1.2.3", None)]


def test_a_figure_against_a_word_is_two_words() -> None:
    assert [(one.text, one.value) for one in words_of(fold("11posts go").text)][:2] == [("11", 11), ("posts", None)]


def test_sentences_are_counted_and_a_blank_line_is_one_end() -> None:
    assert [one.sentence for one in words_of("a b. c!\n\nd 4.2 e")] == [0, 0, 1, 2, 2, 2]
