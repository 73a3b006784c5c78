"""Terms of texts and queries: what becomes one word, what stays two, and what no store could misread."""

import random
import threading

import pytest

from pipeline.text.analysis import LONGEST_TERM, MOST_TERMS, folded_name, link_term, parse_query, terms
from pipeline.text.spelling import british


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Kill, KILLED; killing!", ["kill"] * 3),
        ("k1ll him", ["kill", "him"]),
        ("k i l l   c l l r", ["kill", "cllr"]),
        ("@CllrReed", ["cllrreed"]),
        ("need_le", ["need", "le"]),
        ("Reed's O'Brien don’t", ["reed", "obrien", "dont"]),
        ("the the", ["the", "the"]),
        ("organized organise", ["organis", "organis"]),
        ("a🔪b", ["a", "¤kitchen¤knife", "kitchen", "knife", "b"]),
        (":kill: he", ["¤kill", "kill", "he"]),
        ("10:30", ["10", "30"]),
        ("SC/2026/014", ["sc", "2026", "014"]),
        ("x" + "y" * 0 + "z" * 2, ["xzz"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_web_address_counts_whole_and_by_its_words() -> None:
    found = terms("see HTTPS://X.example/A, now")
    assert found == ["see", link_term("https://x.example/a"), "https", "x", "exampl", "a", "now"]


def test_no_term_holds_what_a_store_would_split_or_read_as_an_operator() -> None:
    chance = random.Random(4)
    signs = [*map(chr, range(0x20, 0x250)), *"🔪💀👨‍👩‍👧‍👦🇬🇧①½ﬁЖ日本語\u200b\u0301\x00§¤'’\"*:^~(){}[]\\", *"\t\n  "]
    for _ in range(300):
        text = "".join(chance.choices(signs, k=chance.randrange(60)))
        for term in terms(text):
            assert term
            assert not term.isspace()
            assert term == term.strip()
            assert all(sign.isalnum() or not sign.isascii() for sign in term), (text, term)
            assert not any(sign.isspace() or sign == "§" for sign in term)
            assert len(term) <= LONGEST_TERM


@pytest.mark.parametrize(
    ("text", "words", "phrases"),
    [
        ("", (), ()),
        ("kill killed", ("kill",), ()),
        ('"kill him" now', ("now",), (("kill", "him"),)),
        ("“kill him” „at once”", (), (("kill", "him"), ("at", "onc"))),
        ('"kill"', ("kill",), ()),
        ('"" "', (), ()),
        ('"kill him', ("kill", "him"), ()),
        ('"a b" "A B"', (), (("a", "b"),)),
        ("🔪", ("¤kitchen¤knife",), ()),
        ("AND OR NOT", ("and", "or", "not"), ()),
    ],
)
def test_parse_query(text: str, words: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> None:
    parsed = parse_query(text)
    assert (parsed.words, parsed.phrases) == (words, phrases)


def test_a_query_says_how_many_words_it_may_have() -> None:
    fits = [f"w{number}x" for number in range(MOST_TERMS)]
    assert len(parse_query(" ".join(fits)).words) == MOST_TERMS
    with pytest.raises(ValueError, match=f"has {MOST_TERMS + 2} different words: give at most {MOST_TERMS}"):
        parse_query(" ".join(fits) + ' "one two"')


@pytest.mark.parametrize("name", ["Jo Bloggs", "@jo  bloggs", "JO BLOGGS", "Jо Bloggs"])  # the last o is Cyrillic
def test_a_name_is_compared_folded(name: str) -> None:
    assert folded_name(name) == "jo bloggs"


@pytest.mark.parametrize(
    ("american", "expected"),
    [("organization", "organisation"), ("analyzed", "analysed"), ("colors", "colours"), ("behavioral", "behavioural")]
    + [(word, word) for word in ("size", "prize", "colour", "seize", "analyse", "programme", "greyhound", "or", "")],
)
def test_american_spelling_is_read_as_british(american: str, expected: str) -> None:
    assert british(american) == expected


def test_threads_get_the_terms_of_their_own_words() -> None:
    wrong: list[str] = []

    def look(letter: str) -> None:
        for number in range(400):
            word = f"{letter}{'o' if number % 2 else 'e'}{letter * (number % 20)}ings"
            if terms(word) != expected[word]:
                wrong.append(word)

    letters = "bdgmnprt"
    words = [f"{one}{'o' if number % 2 else 'e'}{one * (number % 20)}ings" for one in letters for number in range(400)]
    expected = {word: terms(word) for word in words}
    from pipeline.text import analysis

    analysis._term.cache_clear()
    threads = [threading.Thread(target=look, args=(letter,)) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
