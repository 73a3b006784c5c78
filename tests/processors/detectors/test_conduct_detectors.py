"""Personal data, voice, media and removal: hits and near misses, on the small borough of the rules' examples."""

import msgspec
import pytest

from pipeline.registers.types import MediaOutlet, Registers
from pipeline.vocabulary.event import Attachment, Event, Quoted
from pipeline.vocabulary.finding import Finding
from processors.rules.examples import example_event, sample_registers
from processors.rules.load import read_rulebook
from processors.screener import Screener

ECHO = MediaOutlet(id="echo", name="Larch Echo", kind="newspaper", handles={"facebook": ("LarchEcho",)})


@pytest.fixture(scope="module")
def screener() -> Screener:
    registers: Registers = msgspec.structs.replace(sample_registers(), media=(ECHO,))
    return Screener(registers, read_rulebook())


def found(screener: Screener, event: Event, category: str) -> list[Finding]:
    return [one for one in screener.screen(event) if one.category == category]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("[out] Poor Sandra Loft is back on dialysis and too proud to say so", "high"),
        ("[out] The Marlow family's youngest (5) has been refused a special school", "high"),
        ("[out] Wendy Marl fled her husband in May and is settled in Elm Row", "high"),
        ("[out] The objector is a Mr K. Moll, k.moll@post.example, do write to him", "moderate"),
        ("[out] The lad who found it is called Ryan, 07700 900812", "moderate"),
        ("[out] Janice Pratt still owes £900 in council tax", "moderate"),
        ("[out] With permission, Terry Lunn turns 80 today", "low"),
        ("Mrs Doreen Cope at number 11 has dementia and leaves her door open", "high"),
        ("The culprit is Gary Tull, 3 Mill Lane", "moderate"),
        ("[out] Tell me your age, where you live and which street floods", "low"),
    ],
)
def test_personal_data_has_the_level_of_its_kind(screener: Screener, text: str, level: str) -> None:
    assert [one.level for one in found(screener, example_event(text), "personal_data")] == [level]


@pytest.mark.parametrize(
    "text",
    [
        "[out] Thanks to Jackie Smith who runs the dementia cafe",
        "[out] Congratulations to Mark Oduya on his MBE",
        "[out] A mother told me about her son's autism, no names",
        "[out] RIP John Doughty, cancer took a good man",
        "[out] Pop the name of your favourite tree below",
        "My nan Jean Moss was looked after so well on the stroke ward",
        "Call Gemma on 07700 900977 for dog walking",
        "Some man in a Range Rover called the lollipop man a fool",
    ],
)
def test_services_thanks_and_ones_own_details_are_no_personal_data(screener: Screener, text: str) -> None:
    assert found(screener, example_event(text), "personal_data") == []


def test_a_letter_in_a_picture_is_read_for_what_it_tells(screener: Screener) -> None:
    letter = Attachment(type="image", ocr_text="Surname: HALE First names: JUNE. NI number QQ 12 34 56 A. Amputation")
    event = msgspec.structs.replace(example_event("[out] Read this and weep"), attachments=(letter,))
    assert [one.level for one in found(screener, event, "personal_data")] == ["high"]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("[out] Today Larchbury Borough Council declares that it will go to court", True),
        ("[out] Speaking for the Council: sacks are collected on Monday, as announced", True),
        ("[out] As the Council's spokesman on parks I can say we are minded to agree", True),
        ("[out] The Council says it cannot mend the clock. I think that is daft.", False),
        ("[out] I haven't been asked to speak for the Council, this is one man's view", False),
        ("[out] On behalf of my dog, apologies to the postman", False),
        ("[out] We have decided to close the library on Mondays", True),
        ("[out] We have decided to call the puppy Biscuit", False),
        ("[out] I'm sorry the Council has decided to close the toilets, I voted against", False),
    ],
)
def test_who_speaks_for_the_council(screener: Screener, text: str, *, speaks: bool) -> None:
    assert bool(found(screener, example_event(text), "speaking_for_council")) is speaks


@pytest.mark.parametrize(
    ("asked", "by", "answer", "prompts"),
    [
        ("Could we have a line on the reserves?", "LarchEcho", "Sure, I'll pop into the studio at four", True),
        ("I report for a national weekly, have you ten minutes?", "kit", "Of course, ring me after six", True),
        ("Could we have a line on the reserves?", "LarchEcho", "Please go to the press office", False),
        ("Have you ten minutes for my hedge?", "jan", "Of course, ring me after six", False),
        ("Could we have a line on the reserves?", "LarchEcho", "They should be ashamed of what they did to them", True),
    ],
)
def test_an_answer_to_the_media_is_a_prompt(
    screener: Screener, asked: str, by: str, answer: str, *, prompts: bool
) -> None:
    reply = Quoted(text=asked, author_handle=by)
    event = msgspec.structs.replace(example_event(f"[out] {answer}"), in_reply_to=reply)
    assert bool(found(screener, event, "media_enquiry")) is prompts


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("[out] Had a letter about that post. Laminated it. Post stays.", True),
        ("[out] I've been asked nicely to remove it and I'm nicely declining", True),
        ("[out] We refuse to take down the flags before Sunday", False),
        ("[out] They asked me to take it down and they were right. Gone, with apologies.", False),
    ],
)
def test_a_refusal_to_remove(screener: Screener, text: str, *, refuses: bool) -> None:
    assert bool(found(screener, example_event(text), "takedown_refused")) is refuses


@pytest.mark.parametrize(
    ("own", "passes_on"), [("Well said", True), ("This is vile. These are people.", False), ("", True)]
)
def test_what_is_shared_to_speak_against_it_is_no_amplification(
    screener: Screener, own: str, *, passes_on: bool
) -> None:
    shared = Quoted(text="Moira Castle is a vile fat wanker", author_handle="lad")
    event = msgspec.structs.replace(example_event(f"[out] {own}"), shared=shared)
    assert bool(found(screener, event, "amplification")) is passes_on
