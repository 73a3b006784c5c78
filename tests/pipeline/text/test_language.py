"""Which texts are for the larger part in a language that is not covered: seldom wrong about English."""

import json
from pathlib import Path

import pytest

from pipeline.text.language import covered
from tests.second_set import source_lines

FEED = Path(__file__).parents[4] / "shared" / "data" / "thornmere" / "feed.jsonl"
FOREIGN = [
    "Diolch yn fawr iawn i'r cyngor am drwsio'r ffordd ger yr ysgol",
    "Dlaczego znowu nie odebrali śmieci z naszej ulicy?",
    "Yeh council kya kar rahi hai, sadak abhi tak theek nahi hui",
    "De ce nu a fost reparata strada noastra pana acum, este foarte periculos",
    "Почему вы опять не вывезли мусор",
    "لماذا لم يتم إصلاح الطريق",
    "这条路什么时候修",
    "Wer ist hier zustandig? Ich bin seit Wochen der Meinung, das ist nicht gut. Anyway, thank you.",
    "Quousque tandem abutere patientia nostra quam diu etiam furor iste tuus eludet quem ad finem sese effrenata",
]
OURS = [
    "Ta duck, reet good nosh at t'market, mardy weather mind",
    "Councillor Siân Llŷr-Wójcik, Zoë Østergård and Aoife Ní Bhriain",
    "👏👏👏",
    "Dzień dobry!",
    "Bins bins bins bins bins bins bins",
    "Thank you for the card, diolch yn fawr from all of us at the school",
    "𝕎𝕙𝕪 𝕒𝕣𝕖 𝕪𝕠𝕦 𝕒𝕝𝕝 𝕤𝕠 𝕦𝕤𝕖𝕝𝕖𝕤𝕤",
    "https://council.example/consultation/la-rue-de-la-mairie @Comune_di_Roma #NieJestZle ok",
    "",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_language_not_covered_is_told(text: str) -> None:
    assert not covered(text)


@pytest.mark.parametrize("text", OURS)
def test_names_dialect_and_short_cries_are_ours(text: str) -> None:
    assert covered(text)


def test_a_long_text_is_looked_at_in_three_places() -> None:
    english, welsh = "The bins were missed again on our street. ", f"{FOREIGN[0]}. "
    assert covered(english * 3_000 + welsh * 100)
    assert not covered(english + welsh * 3_000)


def test_hardly_an_english_line_of_the_second_set_is_called_foreign() -> None:
    called = [text for _, _, line in source_lines() if not covered(text := str(line.get("t", "")))]
    assert [
        text for text in called if sum(word in text.lower().split() for word in ("the", "you", "is", "to")) > 1
    ] == []
    assert len(called) <= 8


@pytest.mark.shared
@pytest.mark.skipif(not FEED.exists(), reason="needs ../shared/data/thornmere/feed.jsonl")
def test_no_post_of_the_day_is_called_foreign() -> None:
    told = [json.loads(line)["text"] or "" for line in FEED.read_text(encoding="utf-8").splitlines()]
    assert [text for text in told if not covered(text)] == []
