"""The screening step: what a pack causes, in which order, and what a crash in between leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.codec import decode, decode_observations, decode_pack, encode
from pipeline.log.interface import Message, Outgoing
from pipeline.registers.types import Account, Registers
from pipeline.topics import DEAD_LETTERS, EVENTS, FINDINGS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Event, Observation
from pipeline.vocabulary.finding import Detection, Finding
from pipeline.vocabulary.operations import DeadLetter
from processors.contacts import Contacts
from processors.screening import ScreeningStep
from processors.stages import Parts
from tests.builders import ACCOUNT, NOON, PERSON, a_finding, an_event, some_registers, some_settings

RAW = "ingest.raw.facebook"
LEAK = a_finding(Category.CONFIDENTIAL_LEAK, target=None, topic_ref="T-1", quote=None)
GENERAL = a_finding(target=None)


class Screens:
    """Finds what a text asks for, and keeps what it was asked: a fake of the rulebook."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.asked: list[str] = []

    def __call__(self, registers: Registers) -> Callable[[Event, Contacts], list[Finding]]:
        self.made.append(registers.version)
        if registers.version == "cannot be prepared":
            raise RuntimeError("planned")
        return self._screen

    def _screen(self, event: Event, _contacts: Contacts) -> list[Finding]:
        self.asked.append(event.event_id)
        text = event.text or ""
        if "break" in text:
            raise RuntimeError(text)
        found = {"abuse": a_finding(), "leak": LEAK, "general": GENERAL}
        return [finding for word, finding in found.items() if word in text]


class Borough:
    """Registers that a test can change."""

    def __init__(self) -> None:
        self.now = some_registers()

    def __call__(self) -> Registers:
        return self.now

    def change(self, version: str, **account: Any) -> None:
        changed: Account = msgspec.structs.replace(self.now.accounts[ACCOUNT], **account)
        self.now = msgspec.structs.replace(self.now, accounts={ACCOUNT: changed}, version=version)


@pytest.fixture
def borough() -> Borough:
    return Borough()


@pytest.fixture
def screens() -> Screens:
    return Screens()


@pytest.fixture
def step(borough: Borough, screens: Screens, tmp_path: Path) -> ScreeningStep:
    return ScreeningStep(Parts(borough, lambda: NOON, some_settings(tmp_path)), screens)


def seen(number: int, text: str, **changes: Any) -> Observation:
    event = an_event(number, text=text, **changes)
    return Observation(**{name: getattr(event, name) for name in Observation.__struct_fields__})


def pack(*observations: Observation, offset: int = 0, value: bytes | None = None) -> Message:
    content = encode(observations) if value is None else value
    return Message(topic=RAW, partition=2, offset=offset, key=ACCOUNT, value=content)


def events(records: list[Outgoing]) -> list[Event]:
    return [event for one in records if one.topic == EVENTS.name for event in decode_pack(one.value or b"")]


def found(records: list[Outgoing]) -> list[Detection]:
    return [decode(Detection, one.value or b"") for one in records if one.topic == FINDINGS.name]


def letters(records: list[Outgoing]) -> list[DeadLetter]:
    return [decode(DeadLetter, one.value or b"") for one in records if one.topic == DEAD_LETTERS.name]


def test_one_pack_of_events_for_a_raw_pack_and_one_detection_for_each_concern(step: ScreeningStep) -> None:
    records = step.process([pack(seen(1, "fine"), seen(2, "abuse and leak, general abuse"), seen(3, "fine too"))])
    (packed,) = [one for one in records if one.topic == EVENTS.name]
    assert (packed.key, packed.partition) == (ACCOUNT, 2)
    assert packed.headers["content-type"] == b"application/cloudevents-batch+json"
    assert [event.text for event in events(records)] == ["fine", "abuse and leak, general abuse", "fine too"]
    assert [(one.concern, len(one.findings)) for one in found(records)] == [
        (f"person:{PERSON}", 1),
        ("topic:T-1", 1),
        (f"account:{ACCOUNT}", 1),
    ]
    for record in records:
        if record.topic == FINDINGS.name:
            assert record.key == decode(Detection, record.value or b"").concern
            assert all(b"abuse" not in value and b"fb" not in value for value in record.headers.values())


def test_findings_and_dead_letters_come_before_the_packs_that_mark_events_as_seen(step: ScreeningStep) -> None:
    batch = [pack(seen(number, "abuse"), seen(100 + number, "break"), offset=number) for number in range(3)]
    order = [record.topic for record in step.process(batch)]
    assert order == [DEAD_LETTERS.name] * 3 + [FINDINGS.name] * 3 + [EVENTS.name] * 3


def test_after_a_crash_before_the_packs_the_same_findings_come_again(
    step: ScreeningStep, borough: Borough, tmp_path: Path
) -> None:
    message = pack(seen(1, "abuse"), seen(1, "abuse, edited", edited_at=NOON))
    first = step.process([message])
    anew = ScreeningStep(Parts(borough, lambda: NOON, some_settings(tmp_path)), Screens())
    assert anew.process([message]) == first


def test_after_a_crash_behind_the_packs_nothing_comes_again(
    step: ScreeningStep, borough: Borough, tmp_path: Path
) -> None:
    message = pack(seen(1, "abuse"), seen(2, "fine"), seen(1, "abuse, edited", edited_at=NOON))
    first = step.process([message])
    anew = ScreeningStep(Parts(borough, lambda: NOON, some_settings(tmp_path)), Screens())
    for record in first:
        if record.topic == EVENTS.name:
            anew.restore(Message(topic=EVENTS.name, partition=2, offset=0, key=record.key, value=record.value))
    assert anew.process([message]) == []
    anew.forget(2)
    assert anew.process([message]) == first


def test_what_cannot_be_screened_is_a_dead_letter_and_is_new_when_it_is_sent_again(
    step: ScreeningStep, screens: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    records = step.process([pack(seen(1, "fine"), seen(2, "break these words"), seen(3, "abuse"), offset=5)])
    assert [event.text for event in events(records)] == ["fine", "abuse"]
    (letter,) = letters(records)
    assert (letter.reason.value, letter.account, letter.position) == ("not_screened", ACCOUNT, "2/5/1")
    assert "these words" not in letter.explanation + caplog.text
    assert (letter.replay_topic, letter.replay_key) == (RAW, ACCOUNT)
    assert [one.text for one in decode_observations(letter.payload or b"")] == ["break these words"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"[{]", "bad_json"),
        (b"\xff", "bad_json"),
        (b"[{}]", "bad_field"),
        (b"{}", "bad_field"),
        (b"[" * 10**5, "bad_field"),
    ],
)
def test_a_bad_pack_is_kept_whole_and_the_next_goes_on(step: ScreeningStep, value: bytes, reason: str) -> None:
    records = step.process([pack(value=value, offset=1), pack(seen(1, "abuse"), offset=2)])
    (letter,) = letters(records)
    assert (letter.reason.value, letter.payload, letter.replay_topic, letter.replay_key) == (
        reason,
        value,
        RAW,
        ACCOUNT,
    )
    assert len(events(records)) == 1


@pytest.mark.parametrize(
    ("changes", "reason", "kept"),
    [
        ({"account": "acc-other"}, "unknown_account", False),
        ({"platform": "x"}, "bad_field", True),
        ({"direction": None}, "bad_field", True),
    ],
)
def test_the_last_gate(step: ScreeningStep, screens: Screens, changes: dict[str, Any], reason: str, kept: bool) -> None:
    records = step.process([pack(seen(1, "abuse in words", **changes))])
    (letter,) = letters(records)
    assert (letter.reason.value, letter.payload is not None) == (reason, kept)
    assert (events(records), found(records), screens.asked) == ([], [], [])


def test_an_account_that_ended_while_it_stood_in_the_log_leaves_no_text(step: ScreeningStep, borough: Borough) -> None:
    borough.change("2", active_until=NOON.date().replace(day=1))
    (record,) = step.process([pack(seen(1, "abuse"))])
    assert letters([record])[0].reason.value == "ended_account"
    assert b"abuse" not in (record.value or b"")


def test_duplicates_are_dropped_and_not_screened(step: ScreeningStep, screens: Screens) -> None:
    step.process([pack(seen(1, "abuse"), seen(1, "abuse"))])
    assert step.process([pack(seen(1, "abuse"), offset=1)]) == []
    assert len(screens.asked) == 1


def test_a_delete_is_passed_on_and_not_screened(step: ScreeningStep, screens: Screens) -> None:
    gone = seen(1, "", action=Action.DELETE, direction=None, author=None, posted_at=None)
    records = step.process([pack(seen(1, "abuse"), gone)])
    assert [event.action.value for event in events(records)] == ["create", "delete"]
    assert len(screens.asked) == 1


def test_rules_are_prepared_once_for_each_version_of_the_registers(
    step: ScreeningStep, borough: Borough, screens: Screens
) -> None:
    for version in ("test", "2", "2", "3"):
        borough.change(version)
        step.process([pack(seen(1, "fine"))])
    assert screens.made == ["test", "2", "3"]


def test_registers_that_cannot_be_prepared_leave_the_screening_before(
    step: ScreeningStep, borough: Borough, screens: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    borough.change("cannot be prepared")
    assert len(found(step.process([pack(seen(1, "abuse"))]))) == 1
    assert "the last ones go on" in caplog.text


def test_tombstones_are_passed_over(step: ScreeningStep) -> None:
    gone = Message(topic=RAW, partition=2, offset=0, key=ACCOUNT, value=None)
    step.restore(gone)
    assert step.process([gone]) == []


def test_what_was_not_screened_is_new_again_once_the_fault_is_mended(borough: Borough, tmp_path: Path) -> None:
    broken = [True]

    def screens(_registers: Registers) -> Callable[[Event, Contacts], list[Finding]]:
        def screen(_event: Event, _contacts: Contacts) -> list[Finding]:
            if broken[0]:
                raise RuntimeError
            return [a_finding()]

        return screen

    step = ScreeningStep(Parts(borough, lambda: NOON, some_settings(tmp_path)), screens)
    (letter,) = letters(step.process([pack(seen(1, "abuse"))]))
    broken[0] = False
    records = step.process([pack(value=letter.payload, offset=9)])
    assert (len(found(records)), len(events(records)), letters(records)) == (1, 1, [])


WELSH = "Mae'r cyngor wedi cau'r llyfrgell eto ac nid oes neb yn gwrando"


def test_another_language_is_queued_and_screened_all_the_same(step: ScreeningStep) -> None:
    records = step.process([pack(seen(1, f"{WELSH}. abuse"))])
    (letter,) = letters(records)
    assert letter.reason == "not_screened"
    assert "gwrando" not in letter.explanation
    assert "language" in letter.explanation
    assert (len(found(records)), len(events(records))) == (1, 1)
    assert letters(step.process([pack(seen(1, f"{WELSH}. abuse"), offset=5)])) == []


def test_what_was_screened_in_part_is_screened_again_when_it_is_sent_again(step: ScreeningStep) -> None:
    (letter,) = letters(step.process([pack(seen(1, f"{WELSH}. abuse"))]))
    records = step.process([pack(value=letter.payload, offset=9)])
    assert (len(found(records)), len(events(records))) == (1, 0)
    assert [one.dead_letter_id == letter.dead_letter_id for one in letters(records)] == [False]


def test_a_text_beyond_the_longest_is_queued_and_its_beginning_screened(
    borough: Borough, screens: Screens, tmp_path: Path
) -> None:
    settings = some_settings(tmp_path, {"screen_longest": "20"})
    step = ScreeningStep(Parts(borough, lambda: NOON, settings), screens)
    records = step.process([pack(seen(1, "abuse " + "x" * 20 + " leak"))])
    (letter,) = letters(records)
    assert "longer than 20 characters (screen_longest)" in letter.explanation
    assert letter.payload is not None
    assert b" leak" in letter.payload
    assert [len(one.findings) for one in found(records)] == [1]
