"""The whole judgement of one event, on lines of our own: what must be found, and what must be left alone."""

from pathlib import Path

import msgspec
import pytest

from pipeline.vocabulary.event import Attachment
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.levels import Level
from processors import detectors
from processors.detectors import DETECTORS
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.screener import Screener

DATA = Path(__file__).parents[1] / "data" / "detection"


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(sample_registers(), read_rulebook())


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]


def found_in(screener: Screener, where: str, text: str) -> list[Finding]:
    return screener.screen(example_event(text if where == "-" else f"[{where}] {text}"))


def test_two_thirds_of_our_lines_are_near_misses() -> None:
    hits, misses = len(rows("positives.txt")), len(rows("negatives.txt"))
    assert misses + hits >= 150
    assert misses >= 2 * hits


@pytest.mark.parametrize(("where", "expected", "text"), rows("positives.txt"))
def test_what_must_be_found(screener: Screener, where: str, expected: str, text: str) -> None:
    category, level = expected.split()
    found = [one.level for one in found_in(screener, where, text) if one.category == category]
    least = Level(level.removesuffix("+"))
    assert any(one.rank >= least.rank if level.endswith("+") else one is least for one in found)


@pytest.mark.parametrize(("where", "text"), rows("negatives.txt"))
def test_what_must_be_left_alone(screener: Screener, where: str, text: str) -> None:
    assert [(one.category, one.rule, one.quote) for one in found_in(screener, where, text)] == []


@pytest.mark.parametrize(
    ("where", "text", "quote"),
    [
        ("-", "Ha. K1ll Fenw1ck!", "K1ll Fenw1ck"),
        ("page", "🙂🙂 I  know   where you live", "I  know   where you live"),
        ("-", "«Oi» f*** off Fenwick", "f*** off Fenwick"),
    ],
)
def test_the_quote_is_the_words_as_written(screener: Screener, where: str, text: str, quote: str) -> None:
    finding = found_in(screener, where, text)[0]
    assert finding.span is not None
    assert finding.quote is not None
    assert text[slice(*finding.span)] == finding.quote
    assert quote in finding.quote


def test_reasons_stand_in_words_and_codes(screener: Screener) -> None:
    finding = found_in(screener, "page", "I'll break your legs outside the library on Friday, got a bat")[0]
    assert finding.level is Level.CRITICAL
    assert finding.reason.startswith("critical because: threat of injury, ")
    assert set(finding.aggravators) == {"means", "place", "time"}
    assert finding.versions is not None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Moira Castle is a complete wanker", "moira-castle"),
        ("Castle is a complete wanker", "moira-castle"),
        ("that castle is a complete wanker of a building", None),
        ("@CllrFenwick is a complete wanker", "robin-fenwick"),
        ("the council leader is a complete wanker", "moira-castle"),
        ("Somebody shoot that planning officer", "planners"),
        ("I'll slit Fenwick's wife's throat", "robin-fenwick"),
        ("Robin is a complete wanker", None),
    ],
)
def test_who_is_meant(screener: Screener, text: str, target: str | None) -> None:
    found = found_in(screener, "-", text)
    assert (found[0].target if found else None) == target


def test_family_makes_a_threat_worse(screener: Screener) -> None:
    finding = found_in(screener, "page", "Nice kids. I know where your daughter goes to school")[0]
    assert "family" in finding.aggravators


@pytest.mark.parametrize("where", ["text", "ocr", "alt"])
def test_a_threat_at_the_end_of_a_long_text_is_found(screener: Screener, where: str) -> None:
    text = "The lights on the high street are lovely. " * 4_000 + "I'm going to kill you Fenwick"
    event = example_event("[page] A letter")
    if where == "text":
        event = msgspec.structs.replace(event, text=text)
    else:
        picture = Attachment(
            type="image", ocr_text=text if where == "ocr" else None, alt_text=text if where == "alt" else None
        )
        event = msgspec.structs.replace(event, attachments=(picture,))
    finding = screener.screen(event)[0]
    assert finding.level is Level.CRITICAL
    assert finding.span is not None
    assert text[slice(*finding.span)] == finding.quote
    assert finding.field is {"text": Field.TEXT, "ocr": Field.OCR_TEXT, "alt": Field.ALT_TEXT}[where]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "\u202e" * 9_999, "\"'" * 9_999, "Fenwick " * 2_000, "🔪" * 2_000])
def test_hostile_texts_raise_nothing(screener: Screener, text: str) -> None:
    screener.screen(msgspec.structs.replace(example_event("[page] x"), text=text))


def test_every_detector_of_the_folder_is_in_the_list() -> None:
    folder = Path(str(detectors.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {detect.__module__.rpartition(".")[2] for detect in DETECTORS}
