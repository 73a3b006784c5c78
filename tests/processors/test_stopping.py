"""A written request to stop raises what comes after it, polite or hostile, by id or handle; never what came before."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pipeline.registers.types import Account, Councillor, OwnerKind, Registers, StopRequest
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Author, Event
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.correlate import COURSE_RULE, Conduct, correlate
from processors.rules.load import load_rulebook
from processors.rules.match import Rulebook
from processors.screener import Screener
from processors.stopping import request_to_stop
from tests.builders import ACCOUNT, NOON, PERSON, a_detection, a_finding, an_event, some_registers

DAY = timedelta(days=1)
STOP = StopRequest(
    ref="STOP-1",
    councillor_id=PERSON,
    platform="facebook",
    author_id="fb:1",
    author_handle="Persistent.Person",
    requested_at=NOON,
    asked="Stop writing to Cllr Reed except about Council business",
)


def registers(stop: StopRequest = STOP) -> Registers:
    page = some_registers().accounts[ACCOUNT]
    own = Account(
        id="acc-reed",
        platform="facebook",
        handle="CllrReed",
        owner_kind=OwnerKind.COUNCILLOR_OFFICIAL,
        councillor_id=PERSON,
        notice_date=page.notice_date,
        agreement_ref="AGR-2",
        active_from=page.active_from,
    )
    people = (Councillor(id=PERSON, name="Alex Reed", ward="Millbank", aliases=("Alex", "Reed")),)
    return some_registers(
        accounts={ACCOUNT: page, own.id: own}, stop_requests=(stop,), councillors=people, version=stop.ref
    )


def contact(text: str, days: float = 1, **changes: Any) -> Event:
    plain: dict[str, Any] = {"account": "acc-reed", "text": text, "author": "fb:1", "at": NOON + days * DAY}
    return an_event(1, **(plain | changes))


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def levels(event: Event, rulebook: Rulebook, stop: StopRequest = STOP) -> list[Level]:
    found: list[Finding] = Screener(registers(stop), rulebook).screen(event)
    return [one.level for one in found if one.category is Category.HARASSMENT]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I made a cake for you, hope you like it", Level.HIGH),
        ("They told me not to write but here I am", Level.HIGH),
        ("Only me again", Level.HIGH),
        ("Good morning Alex 🙂", Level.MODERATE),
        ("Morning Alex, cold one today.", Level.MODERATE),
        ("Good morning Alex, I was thinking of you", Level.HIGH),
        ("My green bin was missed again on Tuesday", None),
        ("My green bin was missed. Why won't you answer me?", Level.HIGH),
    ],
)
def test_contact_after_the_request(text: str, level: Level | None, rulebook: Rulebook) -> None:
    assert levels(contact(text), rulebook) == ([] if level is None else [level])


def test_business_is_no_excuse_where_the_request_leaves_none(rulebook: Rulebook) -> None:
    whole = msgspec.structs.replace(STOP, ref="STOP-2", asked="Stop all contact")
    assert levels(contact("My green bin was missed again on Tuesday"), rulebook, whole) == [Level.HIGH]


@pytest.mark.parametrize(
    "event",
    [
        contact("Only me again", days=-1),
        contact("Only me again", author="fb:2"),
        contact("Only me again", author=Author(id="fb:2", handle="persistent.person"), platform="x", account="acc-x"),
        contact("Only me again", account=ACCOUNT),
    ],
    ids=["before it", "another author", "another platform", "not written to the councillor"],
)
def test_what_the_request_says_nothing_of(event: Event, rulebook: Rulebook) -> None:
    assert levels(event, rulebook) == []


def test_the_author_is_known_by_handle_too(rulebook: Rulebook) -> None:
    again = contact("Only me again", author=Author(id="fb:99", handle="persistent.person"))
    assert levels(again, rulebook) == [Level.HIGH]


def test_the_newest_request_before_the_post_counts() -> None:
    later = msgspec.structs.replace(STOP, ref="STOP-3", requested_at=NOON + 2 * DAY)
    assert request_to_stop((later, STOP), contact("x", days=1), PERSON) == STOP
    assert request_to_stop((later, STOP), contact("x", days=3), PERSON) == later


def test_one_hostile_post_after_the_request_is_high_harassment() -> None:
    detection = a_detection(an_event(2, "fb:1", NOON + DAY), a_finding(Category.ABUSE, Level.LOW))
    (found,) = correlate(detection, Conduct(), (STOP,))
    assert (found.rule, found.level) == (COURSE_RULE, Level.HIGH)
    assert found.reason == "hostile on 10 March, after the written request to stop STOP-1"


def test_one_hostile_post_before_the_request_is_no_course() -> None:
    detection = a_detection(an_event(2, "fb:1", NOON - DAY), a_finding(Category.ABUSE, Level.LOW))
    assert correlate(detection, Conduct(), (STOP,)) == ()


def test_a_course_of_conduct_after_the_request_names_it() -> None:
    conduct = Conduct()
    conduct.note(a_detection(an_event(1, "fb:1", NOON - DAY)))
    (found,) = correlate(a_detection(an_event(2, "fb:1", NOON + DAY)), conduct, (STOP,))
    assert found.level is Level.HIGH
    assert found.reason == "second occasion in 30 days: 8 March, 10 March, after the written request to stop STOP-1"
