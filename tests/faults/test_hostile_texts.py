"""Hostile texts raise no error, and long ones are screened to their end: `make faults` tries 100,000 of them."""

import msgspec
import pytest

from dashboards.demo import REGISTERS
from pipeline.registers.load import load_registers
from pipeline.text.analysis import terms
from pipeline.text.masking import masked
from pipeline.vocabulary.event import Attachment, Event, Quoted
from pipeline.vocabulary.levels import Level
from processors.readable import within
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.screener import Screener
from processors.windows import OVERLAP, SIZE
from tests.hostile_texts import hostile_text

THREAT = "I'm going to kill you Fenwick"
ORDINARY = "The lights on the high street are lovely. "


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(sample_registers(), read_rulebook())


def event_of(text: str, number: int = 0) -> Event:
    """Return an event that holds a text in one of its fields, or in all."""
    event = msgspec.structs.replace(example_event(("[page] x", "x", "[out] x", "[reply] x")[number % 4]), text=text)
    if number % 7 == 0:
        event = msgspec.structs.replace(
            event, shared=Quoted(text=text), thread_title=text, in_reply_to=Quoted(text=text)
        )
    if number % 5 == 0:
        picture = Attachment(type="image", ocr_text=text, alt_text=text)
        event = msgspec.structs.replace(event, attachments=(picture,), mentions=(text[:40], "CllrFenwick"))
    return event


def test_hostile_texts_raise_nothing(screener: Screener, pytestconfig: pytest.Config) -> None:
    """Both registers; every finding's span leads to its quote, whatever was in the text."""
    demo = Screener(load_registers(REGISTERS), read_rulebook())
    for number in range(int(pytestconfig.getoption("--texts"))):
        text = hostile_text(number)
        event = event_of(text, number)
        within(event, 100_000)
        for finding in (screener if number % 2 else demo).screen(event):
            if finding.span is not None and finding.quote is not None and finding.field == "text":
                assert masked(text[slice(*finding.span)]) == masked(finding.quote), number
        if number % 10 == 0:
            terms(text)


@pytest.mark.parametrize("text", ["a", "ا", "🔪", "'", '"', "k ", "1a", "\u202e", "Fenwick "])
def test_a_million_of_one_sign_raises_nothing(screener: Screener, text: str, pytestconfig: pytest.Config) -> None:
    """A million where `make faults` runs, fewer in `make test`."""
    many = min(1_000_000, 10 * int(pytestconfig.getoption("--texts")))
    screener.screen(event_of((text * many)[:many], 4))


@pytest.mark.parametrize("at", [0, SIZE - OVERLAP - 12, SIZE - 14, SIZE - 3, 40_000, 99_000])
def test_a_threat_anywhere_in_a_long_text_is_found_once(screener: Screener, at: int) -> None:
    before = (ORDINARY * 2_500)[:at]
    text = f"{before} {THREAT}. " + (ORDINARY * 2_500)[: 100_000 - at]
    found = [one for one in screener.screen(event_of(text, 4)) if one.level is Level.CRITICAL]
    assert len(found) == 1
    assert found[0].span is not None
    assert text[slice(*found[0].span)] == found[0].quote
    assert found[0].span[0] in range(at, at + 4)


def test_every_window_costs_the_same_work(screener: Screener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is counted, not timed: characters that the rules read grow with the text, and no faster."""
    read: list[int] = []
    scan = screener._context.rulebook.scan

    def counting(text: str, without: frozenset[int]) -> object:
        read.append(len(text))
        return scan(text, without)

    monkeypatch.setattr(screener._context.rulebook, "scan", counting)
    amounts = []
    for size in (20_000, 200_000):
        read.clear()
        screener.screen(event_of((ORDINARY * 5_000)[:size], 4))
        amounts.append(sum(read) / size)
    assert amounts[1] < amounts[0] * 1.05
    assert amounts[1] < SIZE / (SIZE - OVERLAP) * 1.05
