"""Correlate: what counts as an occasion, when two make a course of conduct, and which threats are raised."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from pipeline.registers.types import StopRequest
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Detection, Finding, RuleState
from pipeline.vocabulary.levels import Level
from processors.correlate import COURSE_RULE, EARLIER_INCIDENT, Conduct, combined, correlate
from tests.builders import NOON, PERSON, a_detection, a_finding, an_event

DAY = timedelta(days=1)


def after(earlier: list[Detection], detection: Detection) -> tuple[Finding, ...]:
    conduct = Conduct()
    for one in earlier:
        conduct.note(one)
    return correlate(detection, conduct)


def seen(
    number: int,
    days: float = 0,
    category: Category = Category.ABUSE,
    level: Level = Level.MODERATE,
    author: str = "fb:1",
) -> Detection:
    return a_detection(an_event(number, author, NOON + days * DAY), a_finding(category, level))


ABUSE, THREAT, DOXXING = Category.ABUSE, Category.THREAT_VEILED, Category.DOXXING


@pytest.mark.parametrize(
    ("earlier", "now", "level"),
    [
        ([], seen(1), None),
        ([seen(1)], seen(2, 6), Level.MODERATE),
        ([seen(1, level=Level.LOW)], seen(2, 6, level=Level.LOW), Level.MODERATE),
        ([seen(1, category=DOXXING, level=Level.HIGH)], seen(2, 6), Level.HIGH),
        ([seen(1)], seen(2, 6, THREAT, Level.CRITICAL), Level.HIGH),
        ([seen(1)], seen(2, 30), Level.MODERATE),
        ([seen(1)], seen(2, 30.01), None),
        ([seen(1)], seen(2, -6), Level.MODERATE),
        ([seen(1, author="fb:2")], seen(2, 6), None),
        ([seen(1)], seen(1, 0.1), None),
        ([seen(1, category=Category.MISUSE_REPORT)], seen(2, 6), None),
        ([seen(1)], seen(2, 6, Category.MISUSE_REPORT), None),
    ],
    ids=[
        "once is no course",
        "twice in 30 days",
        "low counts, it is abuse of a named person",
        "high when an earlier occasion was high",
        "high when this occasion is critical",
        "thirty days is inside",
        "a little more is outside",
        "an older post that arrives later counts",
        "another author is another story",
        "an edit of the same object is no second occasion",
        "what is not hostile before is no occasion",
        "what is not hostile now is no occasion",
    ],
)
def test_course_of_conduct(earlier: list[Detection], now: Detection, level: Level | None) -> None:
    found = [one for one in after(earlier, now) if one.rule == COURSE_RULE]
    assert [one.level for one in found] == ([] if level is None else [level])
    assert all((one.category, one.paragraph, one.target) == (Category.HARASSMENT, "6.1", PERSON) for one in found)


def test_reason_names_the_days() -> None:
    found = after([seen(1), seen(2, 1.25)], seen(3, 6))
    assert found[0].reason == "third occasion in 30 days: 9 March, 10 March, 15 March"


def test_reason_names_the_times_of_one_day() -> None:
    found = after([seen(1)], seen(2, 0.25))
    assert found[0].reason == "second occasion in 30 days: 9 March at 12:00, 9 March at 18:00"


def test_reason_shows_the_latest_of_many() -> None:
    found = after([seen(number, number) for number in range(14)], seen(14, 14))
    assert found[0].reason.startswith("15 occasions in 30 days: latest 18 March, ")


@pytest.mark.parametrize(
    ("category", "level", "before", "raised"),
    [
        (THREAT, Level.MODERATE, Level.HIGH, Level.HIGH),
        (THREAT, Level.HIGH, Level.CRITICAL, Level.CRITICAL),
        (THREAT, Level.CRITICAL, Level.CRITICAL, None),
        (THREAT, Level.HIGH, Level.MODERATE, None),
        (ABUSE, Level.MODERATE, Level.HIGH, None),
    ],
    ids=["moderate", "high", "no higher than critical", "moderate before raises nothing", "only threats are raised"],
)
def test_earlier_serious_incident(category: Category, level: Level, before: Level, raised: Level | None) -> None:
    now = seen(2, 90, category, level)
    found = after([seen(1, 0, THREAT, before)], now)
    assert [one.level for one in found] == ([] if raised is None else [raised])
    together = combined(now.findings, found)
    assert len(together) == 1
    assert (EARLIER_INCIDENT in together[0].aggravators) is (raised is not None)


def test_a_later_post_raises_nothing_before_it() -> None:
    assert after([seen(1, 90, THREAT, Level.CRITICAL)], seen(2, 0, THREAT, Level.HIGH)) == ()


def test_noting_twice_changes_nothing() -> None:
    once = after([seen(1), seen(2, 1)], seen(3, 2))
    assert after([seen(1), seen(1), seen(2, 1), seen(1), seen(2, 1)], seen(3, 2)) == once


def test_course_of_conduct_does_not_feed_itself() -> None:
    """A high course found once must not make later, mild occasions high when the high occasion is out of the window."""
    conduct = Conduct()
    levels = []
    for detection in (seen(1, 0, DOXXING, Level.HIGH), seen(2, 20), seen(3, 40)):
        correlated = correlate(detection, conduct)
        levels += [one.level for one in correlated]
        conduct.note(msgspec.structs.replace(detection, correlated=correlated))
    assert levels == [Level.HIGH, Level.MODERATE]


def test_after_a_request_to_stop_it_is_high() -> None:
    conduct = Conduct()
    conduct.note(seen(1))
    stop = StopRequest(ref="S", councillor_id=PERSON, platform="facebook", author_id="fb:1", requested_at=NOON + DAY)
    assert [one.level for one in correlate(seen(2, 2), conduct, (stop,))] == [Level.HIGH]
    assert [one.level for one in correlate(seen(2, 0.5), conduct, (stop,))] == [Level.MODERATE]


@pytest.mark.parametrize(
    "detection",
    [
        a_detection(an_event(2, direction=Direction.OUTBOUND)),
        a_detection(an_event(2), a_finding(target=None), concern="account:acc-fb-council"),
        a_detection(an_event(2), a_finding(state=RuleState.SHADOW)),
        a_detection(an_event(2), a_finding(Category.CHAIN_TEST)),
        a_detection(an_event(2, author=None)),
    ],
    ids=["outbound", "no person", "shadow", "chain test", "no author"],
)
def test_what_is_never_an_occasion(detection: Detection) -> None:
    assert after([seen(1)], detection) == ()
    conduct = Conduct()
    conduct.note(detection)
    assert conduct.others(f"person:{PERSON}", an_event(3)) == ()


@pytest.mark.parametrize(
    ("category", "level", "days", "bullying"),
    [
        (Category.OFFENSIVE_LANGUAGE, Level.MODERATE, 6, True),
        (Category.DISPARAGEMENT, Level.MODERATE, 30, True),
        (Category.OFFENSIVE_LANGUAGE, Level.MODERATE, 31, False),
        (Category.OFFENSIVE_LANGUAGE, Level.LOW, 6, False),
        (Category.FALSE_STATEMENT, Level.MODERATE, 6, False),
    ],
)
def test_scorn_that_is_repeated_on_a_councillors_account_is_possible_bullying(
    category: Category, level: Level, days: float, *, bullying: bool
) -> None:
    earlier, now = (
        a_detection(
            an_event(number, "fb:councillor", NOON + after_days * DAY, direction=Direction.OUTBOUND),
            a_finding(category, level),
        )
        for number, after_days in ((1, 0), (2, days))
    )
    found = [(one.category, one.paragraph, one.level) for one in after([earlier], now)]
    assert found == ([(Category.BULLYING, "5.2.3", Level.HIGH)] if bullying else [])


def test_forgotten_occasions_do_not_count() -> None:
    conduct, first = Conduct(), seen(1)
    conduct.note(first)
    conduct.forget(first.concern, "fb:1", (first.event.event_id,))
    assert correlate(seen(2, 1), conduct) == ()


def hidden_threat(number: int, level: Level, days: float = 6) -> Detection:
    finding = a_finding(THREAT, level, state=RuleState.SHADOW, suppressed_by="SUP-1")
    return a_detection(an_event(number, at=NOON + days * DAY), finding)


def test_a_hidden_threat_that_history_makes_critical_comes_out_of_hiding() -> None:
    now = hidden_threat(2, Level.HIGH)
    (raised,) = after([seen(1, category=THREAT, level=Level.HIGH)], now)
    assert (raised.level, raised.state, raised.suppressed_by) == (Level.CRITICAL, RuleState.LIVE, None)
    assert "suppression SUP-1 cannot hide what is critical" in raised.reason
    assert combined(now.findings, (raised,)) == (raised,)


def test_a_hidden_threat_below_that_stays_hidden_and_is_no_earlier_occasion() -> None:
    assert after([seen(1, category=THREAT, level=Level.HIGH)], hidden_threat(2, Level.MODERATE)) == ()
    assert after([hidden_threat(1, Level.HIGH, 0)], hidden_threat(2, Level.HIGH)) == ()
    assert after([hidden_threat(1, Level.HIGH, 0)], seen(2, 6, THREAT, Level.HIGH)) == ()


def test_a_shadow_rule_s_threat_is_not_raised() -> None:
    shadow = a_detection(an_event(2, at=NOON + DAY), a_finding(THREAT, Level.HIGH, state=RuleState.SHADOW))
    assert after([seen(1, category=THREAT, level=Level.HIGH)], shadow) == ()


def test_reasons_name_days_and_times_in_the_councils_zone() -> None:
    conduct = Conduct(ZoneInfo("Europe/London"))
    summer = datetime(2026, 7, 1, 22, 50, tzinfo=UTC)
    conduct.note(a_detection(an_event(1, "fb:1", summer), a_finding(ABUSE, Level.LOW)))
    later = a_detection(an_event(2, "fb:1", summer + timedelta(minutes=20)), a_finding(ABUSE, Level.LOW))
    assert "1 July, 2 July" in correlate(later, conduct)[0].reason
    again = a_detection(an_event(3, "fb:1", summer + timedelta(minutes=5)), a_finding(ABUSE, Level.LOW))
    assert "1 July at 23:50, 1 July at 23:55" in correlate(again, conduct)[0].reason
