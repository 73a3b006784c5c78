"""What a notification says, and above all what it never says."""

import pytest

from pipeline.registers.types import Councillor, Officer
from pipeline.vocabulary.alert import AlertKind
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level
from processors.notify.wording import EMERGENCY, FORD, NO_FORD, notice
from tests.builders import PERSON, some_registers
from tests.processors.notify.test_notifier import an_alert

URL = "https://parapet.testwick.example/"


def test_a_page_says_level_reference_office_reasons_and_link() -> None:
    said = notice(an_alert(aggravators=("place", "time")), some_registers(), URL)
    assert said.subject == "[Parapet] HIGH: SM-2026-ABCDEF, councillor for Millbank"
    assert "Possible: Possible veiled threat" in said.text
    assert "Because: a place is named; a time is named" in said.text
    assert "https://parapet.testwick.example/incidents/SM-2026-ABCDEF" in said.text
    assert "Raised: 9 March 2026, 12:00 GMT" in said.text
    assert FORD in said.text


@pytest.mark.parametrize(
    ("kind", "level", "emergency"),
    [
        (AlertKind.PAGE, Level.CRITICAL, True),
        (AlertKind.RISE, Level.CRITICAL, True),
        (AlertKind.PAGE, Level.HIGH, False),
        (AlertKind.TEST, Level.LOW, False),
    ],
)
def test_critical_says_call_999_first(kind: AlertKind, level: Level, *, emergency: bool) -> None:
    said = notice(an_alert(kind=kind, level=level), some_registers(), URL)
    assert said.text.startswith(EMERGENCY) is emergency


@pytest.mark.parametrize("kind", list(AlertKind))
def test_no_name_ever(kind: AlertKind) -> None:
    said = notice(an_alert(kind=kind), some_registers(), URL)
    assert "Reed" not in said.subject + said.text


def test_a_rise_says_so() -> None:
    said = notice(an_alert(kind=AlertKind.RISE, level=Level.CRITICAL), some_registers(), URL)
    assert said.subject.startswith("[Parapet] raised to CRITICAL: ")


def test_a_test_cannot_be_taken_for_a_threat() -> None:
    said = notice(an_alert(kind=AlertKind.TEST, categories=(Category.CHAIN_TEST,)), some_registers(), URL)
    assert "TEST" in said.subject
    assert "Nobody has been threatened" in said.text
    assert not any(word in said.subject + said.text for word in ("HIGH", "CRITICAL", "999", "Possible"))


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 incident that came late waits"), (7, "7 incidents that came late wait ")]
)
def test_a_summary_counts(count: int, words: str) -> None:
    said = notice(an_alert(kind=AlertKind.SUMMARY), some_registers(), URL, count)
    assert words in said.text
    assert words in said.subject
    assert said.link == URL


@pytest.mark.parametrize(
    ("person", "advice"),
    [("cllr-parish", NO_FORD), ("off-housing", NO_FORD), (PERSON, FORD)],
    ids=["parish", "officer", "borough"],
)
def test_operation_ford_only_for_borough_councillors(person: str, advice: str) -> None:
    registers = some_registers(
        councillors=(
            *some_registers().councillors,
            Councillor(id="cllr-parish", name="Sam Poole", ward="Upper Testwick", tier="parish"),
        ),
        officers=(Officer(id="off-housing", role="Housing Officer", service="housing"),),
    )
    assert advice in notice(an_alert(person=person), registers, URL).text


def test_a_leak_names_no_topic() -> None:
    alert = an_alert(person=None, categories=(Category.CONFIDENTIAL_LEAK,), aggravators=())
    said = notice(alert, some_registers(), URL)
    assert said.subject.endswith(", a confidential topic")
    assert FORD not in said.text
    assert NO_FORD not in said.text
