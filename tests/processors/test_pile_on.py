"""Pile-on: what is a burst against a person's own usual day, whatever order the posts come in."""

import random
from datetime import timedelta

import pytest

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.levels import Level
from processors.correlate import Conduct
from processors.pile_on import Burst, Limits, burst, level_of, pile_on_finding
from tests.builders import NOON, PERSON, a_detection, a_finding, an_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONCERN = f"person:{PERSON}"
LIMITS = Limits()


def seen(number: int, hours: float, author: int | None = None, level: Level = Level.LOW) -> Detection:
    """Return abuse by an author (its own for each number unless given), so many hours after noon."""
    event = an_event(number, f"fb:{number if author is None else author}", NOON + hours * HOUR)
    return a_detection(event, a_finding(Category.ABUSE, level))


def last_of(detections: list[Detection], limits: Limits = LIMITS) -> Burst | None:
    """Return the burst that the last of the detections is part of, all noted in the order given."""
    conduct = Conduct()
    for one in detections:
        conduct.note(one)
    now = conduct.occasion(CONCERN, detections[-1].event)
    return burst(conduct, CONCERN, now, limits) if now is not None else None


def a_day(day: int, authors: int, first: int) -> list[Detection]:
    """Return a day with so many authors, so many days before noon."""
    return [seen(first + one, -24 * day + one * 0.1, author=first + one) for one in range(authors)]


def test_a_burst_of_many_authors_is_a_pile_on() -> None:
    found = last_of([seen(number, number) for number in range(5)])
    assert found is not None
    assert (found.authors, found.usual, found.needed) == (5, 0, 5)
    assert [one.object_id for one in found.occasions] == [f"facebook:comment:{number}" for number in range(5)]


@pytest.mark.parametrize(
    "detections",
    [
        [seen(number, number) for number in range(4)],
        [seen(number, 13 * number) for number in range(20)],
        [seen(number, number / 10, author=1) for number in range(30)],
        [*(seen(number, number / 10, author=number % 4) for number in range(40))],
        [seen(number, 24.5 if number == 4 else number / 10) for number in range(5)],
    ],
    ids=["too few", "a slow trickle", "one author many times", "four authors many times", "the fifth too late"],
)
def test_what_is_no_pile_on(detections: list[Detection]) -> None:
    assert last_of(detections) is None


def test_a_popular_councillor_has_a_usual_high_day() -> None:
    month = [one for day in range(2, 30) for one in a_day(day, 8, 1000 * day)]
    assert last_of([*month, *(seen(number, number / 10) for number in range(20))]) is None
    found = last_of([*month, *(seen(number, number / 10) for number in range(24))])
    assert found is not None
    assert (found.usual, found.needed) == (8, 24)


def test_a_rough_evening_every_week_is_usual() -> None:
    weeks = [one for week in range(1, 5) for one in a_day(7 * week, 6, 1000 * week)]
    assert last_of([*weeks, *(seen(number, number / 10) for number in range(17))]) is None


def test_one_burst_in_the_past_makes_nothing_usual() -> None:
    found = last_of([*a_day(10, 40, 1000), *(seen(number, number / 10) for number in range(5))])
    assert found is not None
    assert found.usual == 0


def test_what_is_about_somebody_else_or_not_hostile_or_outbound_does_not_count() -> None:
    four = [seen(number, number) for number in range(4)]
    other = a_detection(an_event(9, "fb:9"), a_finding(target="cllr-other"), concern="person:cllr-other")
    report = a_detection(an_event(9, "fb:9"), a_finding(Category.MISUSE_REPORT))
    outbound = a_detection(an_event(9, "fb:9", direction=Direction.OUTBOUND))
    nobody = a_detection(an_event(9, None))
    for detection in (other, report, outbound, nobody):
        assert last_of([detection, *four]) is None


def test_noting_twice_changes_nothing() -> None:
    five = [seen(number, number) for number in range(5)]
    assert last_of([*five, *five, five[-1]]) == last_of(five)


@pytest.mark.parametrize("seed", range(8))
def test_a_late_post_is_put_where_it_belongs(seed: int) -> None:
    """Whatever order the posts come in, the burst around one of them is the same once all are known."""
    posts = [seen(number, number * 1.5, level=Level.HIGH if number == 3 else Level.LOW) for number in range(12)]
    shuffled = random.Random(seed).sample(posts, len(posts))
    conduct, plain = Conduct(), Conduct()
    for one in shuffled:
        conduct.note(one)
    for one in posts:
        plain.note(one)
    for post in posts:
        now = plain.occasion(CONCERN, post.event)
        assert now is not None
        assert burst(conduct, CONCERN, now, LIMITS) == burst(plain, CONCERN, now, LIMITS) is not None


def test_events_set_apart_do_not_count() -> None:
    five = [seen(number, number) for number in range(5)]
    conduct = Conduct()
    for one in five:
        conduct.note(one)
    now = conduct.occasion(CONCERN, five[-1].event)
    assert now is not None
    assert burst(conduct, CONCERN, now, LIMITS, frozenset({five[0].event.event_id})) is None


def test_forgotten_occasions_do_not_count() -> None:
    five = [seen(number, number) for number in range(5)]
    conduct = Conduct()
    for one in five:
        conduct.note(one)
    conduct.forget(CONCERN, "fb:0", (five[0].event.event_id,))
    now = conduct.occasion(CONCERN, five[-1].event)
    assert now is not None
    assert burst(conduct, CONCERN, now, LIMITS) is None


@pytest.mark.parametrize(
    ("posts", "level"),
    [
        ([seen(number, number / 10) for number in range(14)], Level.MODERATE),
        ([seen(number, number / 10) for number in range(15)], Level.HIGH),
        ([*(seen(number, number / 10) for number in range(4)), seen(5, 1, level=Level.CRITICAL)], Level.HIGH),
    ],
    ids=["many", "three times as many", "one of them critical"],
)
def test_level(posts: list[Detection], level: Level) -> None:
    found = last_of(posts)
    assert found is not None
    assert level_of(found.occasions, found.needed, LIMITS) is level
    finding = pile_on_finding(CONCERN, found, LIMITS)
    assert (finding.level, finding.category, finding.target, finding.quote) == (
        level,
        Category.HARASSMENT,
        PERSON,
        None,
    )


def test_the_reason_gives_the_numbers() -> None:
    found = last_of([*a_day(10, 1, 1000), *(seen(number, number, level=Level.HIGH) for number in range(5))])
    assert found is not None
    assert pile_on_finding(CONCERN, found, LIMITS).reason == (
        "high because: 5 authors, 5 posts within 24 hours; on this person's usual high day nobody; "
        "5 of the posts high or critical"
    )


def test_the_limits_are_settings() -> None:
    four = [seen(number, number) for number in range(4)]
    found = last_of(four, Limits(authors=4, within=4 * HOUR))
    assert found is not None
    assert last_of(four, Limits(authors=4, within=2 * HOUR)) is None
