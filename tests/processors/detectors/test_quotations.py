"""A quotation of an exempt document is found, verbatim or lightly edited; what anybody may say is not."""

from pathlib import Path

import msgspec
import pytest

from pipeline.registers.fingerprints import (
    FILE,
    SALT_FILE,
    FingerprintError,
    NewDocument,
    add_document,
    read_fingerprints,
    read_salt,
    remove_document,
)
from pipeline.registers.types import Published, Registers
from pipeline.text.fold import fold
from pipeline.vocabulary.event import Attachment
from pipeline.vocabulary.finding import Field
from pipeline.vocabulary.levels import Level
from processors.reading.fingerprints import Fingerprints
from processors.reading.terms import ordinary_talk
from tests.builders import NOON
from tests.processors.detectors.exempt_paper import COMMON, PAPER, SENTENCES, TITLE
from tests.processors.detectors.leaking import by_resident, leaks, registers

QUOTED = {
    "two sentences as they stand": f"{SENTENCES[0]} {SENTENCES[1]}",
    "the same shouted and without stops": f"{SENTENCES[3]} {SENTENCES[4]}".upper().replace(".", ""),
    "some words changed": (
        "The valuer says that the western yard would fetch more if the culvert were mended before marketing begins. "
        "Three sealed offers were opened on 9 May and the lowest was from a builder of timber holiday chalets!"
    ),
    "some words dropped": (
        "valuer advises the western yard fetch more if culvert repaired before marketing... three sealed offers opened "
        "on the ninth, lowest came from builder of timber chalets"
    ),
    "words put in": (
        "so the tenant of the old smithy has apparently been promised some quiet compensation provided she finally "
        "vacates the workshop before Michaelmas. And should contracts still not be exchanged by late August the "
        "reserve bidder may well be approached without any further report"
    ),
    "in the middle of other talk": (
        f"You will not believe this, somebody pushed it under my door. {SENTENCES[2]} {SENTENCES[3]} What do we think?"
    ),
    "sentences that do not follow each other": f"{SENTENCES[0]} and then {SENTENCES[4]}",
}
FREE = {
    "its title": f"What is this about then? {TITLE}, says the agenda, and nobody can tell me",
    "one common sentence": COMMON,
    "the common sentence and the title": f"{TITLE}. {COMMON}",
    "boilerplate": "The financial implications are set out in the body of the report and can be met from existing "
    "budgets. Members are asked to note the contents of this report.",
    "one sentence of the paper": SENTENCES[2],
    "the same words in another order": " ".join(sorted(f"{SENTENCES[0]} {SENTENCES[1]}".split())),
    "talk about the same place": "They want to sell the yard by the mill and put chalets in the orchard. The "
    "footbridge is falling down and the tenant of the smithy has no idea what is going on with the parking spaces",
}


def held(folder: Path, *published: str, paper: str = PAPER) -> Registers:
    add_document(folder, NewDocument("CT-1", paper, "mo", NOON, published=published))
    return msgspec.structs.replace(registers(), fingerprints=read_fingerprints(folder), salt=read_salt(folder))


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_a_quotation_is_found(tmp_path: Path, text: str) -> None:
    found = by_resident(text, held(tmp_path))
    assert [(one.rule, one.topic_ref, one.level, one.quote) for one in found] == [
        ("leak.document", "CT-1", Level.HIGH, None)
    ]


@pytest.mark.parametrize("text", FREE.values(), ids=FREE)
def test_what_is_no_quotation(tmp_path: Path, text: str) -> None:
    assert by_resident(text, held(tmp_path)) == []


def test_the_span_holds_the_quotation(tmp_path: Path) -> None:
    before, after = "Look at this then my friends. ", " Well well well"
    text = f"{before}{SENTENCES[0]} {SENTENCES[1]}{after}"
    found = leaks(text, held(tmp_path))[0]
    assert found.span is not None
    start, end = found.span
    assert (start >= len(before), end <= len(text) - len(after)) == (True, True)
    assert text[start:end].startswith("valuer advises")


def test_a_photograph_of_the_page_counts(tmp_path: Path) -> None:
    page = Attachment(
        type="image", ocr_text=f"{SENTENCES[0]}\n{SENTENCES[1]}".replace(" ", "\n", 3).replace("culvert", "cu1vert")
    )
    found = by_resident("what is this", held(tmp_path))
    assert found == []
    shown = leaks("what is this", held(tmp_path), attachments=(page,))
    assert [one.field for one in shown] == [Field.OCR_TEXT]


def test_it_counts_while_the_topic_is_confidential_only(tmp_path: Path) -> None:
    open_now = Published(ref="P", kind="minutes", title="Minutes", published_at=NOON, topic_ref="CT-1")
    free = msgspec.structs.replace(held(tmp_path), published=(open_now,))
    assert by_resident(QUOTED["two sentences as they stand"], free) == []


def test_what_the_open_report_says_may_be_quoted(tmp_path: Path) -> None:
    known = held(tmp_path, f"{SENTENCES[0]} {SENTENCES[1]}")
    assert by_resident(QUOTED["two sentences as they stand"], known) == []
    assert len(by_resident(f"{SENTENCES[2]} {SENTENCES[3]}", known)) == 1


def test_nothing_of_the_text_is_kept(tmp_path: Path) -> None:
    held(tmp_path)
    kept = b" ".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    words = {word.encode() for word in fold(PAPER).text.split() if len(word) > 5}
    assert [word for word in words if word in kept] == []
    assert {path.name for path in tmp_path.iterdir()} == {f"{FILE}.json", SALT_FILE, ".fingerprints.lock"}
    assert (tmp_path / SALT_FILE).stat().st_mode & 0o077 == 0


def test_the_salt_is_of_one_installation(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    ones, others = held(tmp_path / "one"), held(tmp_path / "two")
    assert ones.salt != others.salt
    assert set(ones.fingerprints[0].hashes[:200:12]) != set()
    assert ones.fingerprints[0].hashes != others.fingerprints[0].hashes
    crossed = msgspec.structs.replace(ones, salt=others.salt)
    assert by_resident(QUOTED["two sentences as they stand"], crossed) == []


def test_the_same_document_twice_is_one_and_can_be_removed(tmp_path: Path) -> None:
    held(tmp_path)
    held(tmp_path)
    assert len(read_fingerprints(tmp_path)) == 1
    assert remove_document(tmp_path, read_fingerprints(tmp_path)[0].id)
    assert not remove_document(tmp_path, "none")
    assert read_fingerprints(tmp_path) == ()


def test_a_document_of_nothing_but_boilerplate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FingerprintError, match="fewer than two sentences"):
        held(tmp_path, paper=f"{COMMON} Members are asked to note the contents of this report.")


def test_a_lost_salt_is_said_and_not_made_anew(tmp_path: Path) -> None:
    held(tmp_path)
    (tmp_path / SALT_FILE).unlink()
    with pytest.raises(FingerprintError, match="restore it from a copy"):
        held(tmp_path)


def test_ordinary_talk_quotes_nothing(tmp_path: Path) -> None:
    known = Fingerprints(held(tmp_path))
    talk = " ".join(ordinary_talk())
    assert known.quotations(fold(talk).text) == []


def test_without_fingerprints_nothing_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.reading.fingerprints.hashed", None)
    assert Fingerprints(registers()).quotations(PAPER) == []
