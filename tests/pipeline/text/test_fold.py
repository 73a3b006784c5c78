"""Folding: what is read, and that every span leads back to the words as they were written."""

import random

import pytest

from pipeline.text.fold import fold

READ = [
    ("K1ll", "kill"),
    ("w@nker", "wanker"),
    ("F*** off", "fuck off"),
    ("f-ck and sh*t", "fuck and shit"),
    ("k i l l   m a r s h", "kill   marsh"),
    ("c.u.n.t of a man", "cunt of a man"),
    ("killlll him", "kill him"),
    ("ki\u200bll", "kill"),
    ("kіll", "kill"),
    ("𝐤𝐢𝐥𝐥 ｋｉｌｌ", "kill kill"),
    ("k̶i̶l̶l̶", "kill"),
    ("café “Zoë”", 'cafe "zoe"'),
    ("🔪 you", " :kitchen_knife:  you"),
]

KEPT = [
    "scunthorpe via penistone",
    "cock lane",
    "essex, sussex and middlesex",
    "£4.2m for 11 posts at 10am on the 14th",
    "tn23 1ab and the m25",
    "joyce@larch.example",
    "well-known e-mail, i.e. x-ray",
    "www.larch.example",
]


@pytest.mark.parametrize(("written", "read"), READ)
def test_what_a_text_hides_is_read(written: str, read: str) -> None:
    assert fold(written).text == read


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert fold(text).text == text


def test_a_span_leads_back_to_the_words_as_written() -> None:
    folded = fold("Oi 👨‍👩‍👧, k1llll f*** and k i l l now")
    assert [folded.words(at, at + len(word)) for word in ("kill", "fuck") for at in (folded.text.index(word),)] == [
        "k1llll",
        "f***",
    ]
    at = folded.text.rindex("kill")
    assert folded.words(at, at + 4) == "k i l l"


def test_replacing_a_name_keeps_the_way_back() -> None:
    folded = fold("K1ll Fenwick")
    marked = folded.replaced([(5, 12, "xqp")])
    assert marked.text == "kill xqp"
    assert marked.words(0, 8) == "K1ll Fenwick"


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a " * 50_000, "f*" * 50_000, "1a" * 50_000, "🔪" * 2_000, "\u0301" * 50_000]
)
def test_long_and_strange_texts_fold(text: str) -> None:
    folded = fold(text)
    assert folded.span(0, len(folded.text))[1] <= len(text)


def test_spans_stay_inside_the_text_whatever_is_in_it() -> None:
    chance = random.Random(7)
    letters = ["k", "1", " ", "*", ".", "é", "и", "\u200d", "🔪", "👩", "İ", "ß", "\ud83d", "Ａ", "'"]
    for _ in range(3_000):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(14)))
        folded = fold(text)
        start = chance.randrange(len(folded.text) + 1)
        end = chance.randrange(start, len(folded.text) + 1)
        first, last = folded.span(start, end)
        assert 0 <= first <= last <= len(text)
