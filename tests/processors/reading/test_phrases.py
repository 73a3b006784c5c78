"""What people are called by: short words for officers, misspelt surnames, and when they count."""

import pytest

from pipeline.text.fold import fold
from processors.reading.names import Directory
from processors.reading.spellings import Spellings
from processors.rules.examples import sample_registers

DIRECTORY = Directory(sample_registers(), Spellings({}))


def named(text: str, *near: str) -> list[str]:
    return [one.person or "" for one in DIRECTORY.mark(fold(text), lambda: near).people()]


@pytest.mark.parametrize("written", ["Fenwcik is next", "fenwik wants shooting", "soon fenwcik"])
def test_a_misspelt_surname_is_known_where_it_stands_as_a_name(written: str) -> None:
    assert named(written) == ["robin-fenwick"]


@pytest.mark.parametrize(
    "written", ["the fenwik road", "a fenwik of geese", "fenwik geese", "Fenwax is next", "cstle is up"]
)
def test_a_word_near_a_name_is_none(written: str) -> None:
    assert named(written) == []


def test_a_misspelt_surname_is_known_anywhere_in_talk_with_its_owner() -> None:
    assert named("a fenwik of geese", "robin-fenwick") == ["robin-fenwick"]
