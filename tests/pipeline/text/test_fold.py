"""Folding: what is read, and that every span leads back to the words as they were written."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.fold import fold

READ = [
    ("#KillTheBill", "kill the bill"), ("#StringUpHim and #SENDCrisis", "string up him and send crisis"),
    ("#IHateMondays", "i hate mondays"),
    ("K1ll", "kill"), ("ki11 k!ll kiiiill", "kill kill kill"), ("w@nker f@ck @rsehole", "wanker fuck arsehole"),
    ("F*** off", "fuck off"), ("f-ck and sh*t", "fuck and shit"), ("k i l l   m a r s h", "kill   marsh"),
    ("k  i  l  l or k.i.l.l or k_i_l_l", "kill or kill or kill"),
    ("k\ni\nl\nl, k/i/l/l, k . i . l . l", "kill, kill, kill"),
    ("d i e", "die"), ("c.u.n.t of a man", "cunt of a man"), ("killlll him", "kill him"), ("ki\u200bll", "kill"),
    ("un\u00adalive", "unalive"), ("thre-\n  at", "threat"), ("ki\x00ll", "kill"), ("kіll кill κill", "kill kill kill"),
    ("𝐤𝐢𝐥𝐥 ｋｉｌｌ 𝓴𝓲𝓵𝓵", "kill kill kill"), ("ⓚⓘⓛⓛ 🅺🅸🅻🅻 🄺🄸🄻🄻", "kill kill kill"), ("🇰🇮🇱🇱", "kill"),
    ("🇬🇧", " :united_kingdom: "), ("sʜɪᴛ ƒuck ħello", "shit fuck hello"), ("k̶i̶l̶l̶", "kill"),
    ("\u202ekill\u202c", "kill"),
    ("café “Zoë” Llŷr", 'cafe "zoe" llyr'), ("🔪 you", " :kitchen_knife:  you"),
    ("👍🏽", " :thumbs_up_medium_skin_tone: "), ("½ of Straße", "1/2 of strasse"), ("killed™", "killed"),
]  # fmt: skip

KEPT = [
    "scunthorpe via penistone", "cock lane", "essex, sussex and middlesex", "£4.2m for 11 posts at 10am on the 14th",
    "tn23 1ab, sw1a 1aa and the m25", "bd51 smr", "joyce@larch.example", "well-known e-mail, i.e. x-ray",
    "www.larch.example", "n.h.s. and u.s.a.", "h.m.s. belfast", "j. k. rowling", "vitamin c d e", "i a m", "#k1ll",
    "#killthebill",
    "@c0uncil", "hi!there", "11posts, 5mill", "a1(m) and b&q", "covid19", "4ever", "us$5", "xxx", "henry viii", "24/7",
    "привет из москвы", "γεια", "नमस्ते", "you are a rose\nis a rose", "re-elect",
]  # fmt: skip


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


def test_a_hashtag_leads_back_to_its_own_words() -> None:
    folded = fold("No! #KillTheBill now")
    start = folded.text.index("the bill")
    assert folded.words(start, start + len("the bill")) == "TheBill"
    assert folded.words(0, len(folded.text)) == "No! #KillTheBill now"


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


DISGUISES = [
    "k1ll",
    "k i l l",
    "k.i.l.l",
    "kiiiill",
    "ⓚⓘⓛⓛ",
    "k\u200bi\u00adll",
    "кill",
    "K!LL",
    "ki\u0301ll",
    "🇰🇮🇱🇱",
    "k*ll",
]
AROUND = [
    "",
    "👨‍👩‍👧 ",
    "Zoë £4.2m ",
    "ａｂｃ: ",
    "F*** it, s h i t: ",
    "\u202e‘",
    "नमस्ते ",
    "🔪🔪 ",
    "straße, ",
    "İİ ",
    "\x00\x00 ",
]


@given(st.lists(st.sampled_from(AROUND), max_size=4), st.sampled_from(DISGUISES), st.lists(st.sampled_from(AROUND)))
def test_a_disguised_word_is_read_and_leads_back_wherever_it_stands(
    before: list[str], word: str, after: list[str]
) -> None:
    text = "".join(before) + word + ", " + "".join(after)
    folded = fold(text)
    at = folded.text.index("kill")
    assert folded.words(at, at + 4) == word


@given(st.text(max_size=40), st.data())
def test_every_span_stays_inside_and_keeps_order(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(folded.text)), min_size=3, max_size=3)))
    (first, middle), (_, last) = folded.span(cuts[0], cuts[1]), folded.span(cuts[1], cuts[2])
    assert 0 <= first <= middle <= len(text)
    assert first <= last <= len(text)
    assert folded.span(0, len(folded.text))[1] <= len(text)
