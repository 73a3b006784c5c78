"""A term is found in any form, and not in what only looks like it."""

import pytest

from pipeline.text.fold import fold
from pipeline.text.words import words_of
from processors.reading.common_terms import lines_of, too_common
from processors.reading.terms import one_apart, ordinary_talk, term_of
from tests.pipeline.registers.test_confidential import a_topic

FOUND = [
    ("preferred bidder", "The preferred bidders are in"),
    ("preferred bidder", "PREFERRED-BIDDER named"),
    ("depot site", "on the depot's site"),
    ("close", "it closes in May"),
    ("close", "they are closing it"),
    ("close", "the closure is near"),
    ("shut", "shutting in May"),
    ("closing for good", "it will close for good"),
    ("closing for good", "closed for good"),
    ("families", "one family is in there"),
    ("redundanc", "redundancies start Monday"),
    ("prosecut", "they will be prosecuted"),
    ("sold", "they are selling it"),
    ("sell", "it was sold"),
    ("choose", "was chosen"),
    ("eleven posts", "11 posts go"),
    ("11 posts", "eleven posts go"),
    ("twenty five jobs", "25 jobs"),
    ("£4.2m", "for 4.2 million"),
    ("4.2m", "for £4,200,000"),
    ("4.99", "up 4.99%"),
    ("halden grove", "Haldon Grove has it"),
    ("halden grove", "Halden Grvoe has it"),
    ("halden grove", "H4lden Grove has it"),
    ("brackenfield", "Brackenfeild pool"),
    ("brackenfield", "Brakenfield pool"),
    ("heads of terms", "heads of the terms"),
    ("kiln terrace", "on Kiln Terr."),
    ("osier road", "Osier Rd is it"),
]
MISSED = [
    ("preferred bidder", "preferred. Bidder"),
    ("preferred bidder", "preferred by every bidder"),
    ("depot site", "the site of the depot"),
    ("sold", "a solid start"),
    ("chance", "the chancellor spoke"),
    ("housing", "this house is mine"),
    ("counsel's advice", "the council's advice"),
    ("11 posts", "12 posts"),
    ("£4.2m", "£4.3m"),
    ("£25", "25 people came"),
    ("halden grove", "Haldon Grave"),
    ("the pool", "spooling"),
    ("marsh", "marshal law"),
    ("planning", "a plan"),
    ("families", "familiar faces"),
]


def holds(term: str, text: str) -> bool:
    folded = fold(text).text
    words = words_of(folded)
    return any(term_of(term).at(words, at, folded) for at in range(len(words)))


@pytest.mark.parametrize(("term", "text"), FOUND, ids=[f"{term}|{text}" for term, text in FOUND])
def test_found(term: str, text: str) -> None:
    assert holds(term, text)


@pytest.mark.parametrize(("term", "text"), MISSED, ids=[f"{term}|{text}" for term, text in MISSED])
def test_near_miss(term: str, text: str) -> None:
    assert not holds(term, text)


def test_a_slip_is_no_ordinary_word() -> None:
    assert "closed" in " ".join(ordinary_talk())
    assert not holds("coloured", "it closed")
    assert one_apart("grove", "grvoe")
    assert one_apart("grove", "groves")
    assert not one_apart("grove", "grove")
    assert not one_apart("grove", "groovy")


def test_a_term_that_matches_too_much_is_named_by_its_place() -> None:
    lines = lines_of(ordinary_talk())
    plain = a_topic()
    common = a_topic(terms_all_of=[["quarry mill"], ["buyer", "year"]], strong_terms=["car park"])
    assert too_common([plain], lines, "lines") == []
    found = too_common([common], lines, "lines of ordinary talk")
    assert ["terms_all_of, group 2, entry 2" in found[0], "strong_terms, entry 1" in found[1]] == [True, True]
    assert "year" not in " ".join(found)
    assert len(found) == 2
