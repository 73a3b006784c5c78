"""The incident of a pile-on: one for one burst, linked and listed, after crashes and restarts as well."""

import random
from datetime import timedelta

import msgspec
import pytest

from pipeline.vocabulary.alert import AlertKind
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState, VerdictCode
from pipeline.vocabulary.levels import Level
from processors.pile_on import Limits
from tests.builders import NOON, PERSON, a_detection, an_event
from tests.processors.casework.desk import Desk, a_step, a_verdict, at_level, final_incidents, messages

HOUR = timedelta(hours=1)


def post(number: int, hours: float = 0, level: Level = Level.LOW, author: int | None = None) -> Detection:
    writer = f"fb:{number if author is None else author}"
    return a_detection(an_event(number, writer, NOON + hours * HOUR), at_level(level))


def piles(desk: Desk) -> list[Incident]:
    return [one for one in desk.incidents.values() if one.kind is IncidentKind.PILE_ON]


def a_burst(count: int, first: int = 0, hours: float = 0) -> list[Detection]:
    return [post(first + number, hours + number / 4) for number in range(count)]


def test_a_pile_on_is_an_incident_of_its_own_that_lists_and_links() -> None:
    desk = Desk()
    desk.put(*a_burst(6))
    (pile,) = piles(desk)
    authors = [one for one in desk.incidents.values() if one.kind is IncidentKind.AUTHOR]
    assert pile.person == PERSON
    assert (pile.author, pile.evidence, pile.level) == (None, (), Level.MODERATE)
    assert pile.event_times == {one.event.event_id: one.event.posted_at for one in a_burst(6)}
    assert sorted(pile.linked) == sorted(one.incident_id for one in authors)
    assert pile.findings[0].reason.startswith("moderate because: 6 authors, 6 posts")
    assert [one.code for one in pile.timeline] == ["opened", "events_added"]
    assert pile.timeline[-1].detail == "1"
    assert len(authors) == 6


def test_it_comes_with_the_fifth_author_and_not_before() -> None:
    desk = Desk()
    desk.put(*a_burst(4), *(post(10 + number, 1, author=0) for number in range(8)))
    assert piles(desk) == []
    desk.put(post(40, 2))
    assert len(piles(desk)[0].event_times) == 13


def test_it_rises_and_pages_once() -> None:
    desk = Desk()
    desk.put(*a_burst(6))
    assert desk.alerts == []
    desk.put(post(20, 3, Level.HIGH), post(21, 3, Level.HIGH))
    (pile,) = piles(desk)
    own = [one for one in desk.alerts if one.incident_id == pile.incident_id and one.recipient == "mo"]
    assert [(one.kind, one.level) for one in own] == [(AlertKind.PAGE, Level.HIGH)]
    assert (pile.level, pile.alerted_levels) == (Level.HIGH, (Level.HIGH,))


def test_what_goes_on_joins_it_and_another_week_is_another() -> None:
    desk = Desk()
    desk.put(*a_burst(6), *a_burst(6, 20, 20))
    assert [len(one.event_times) for one in piles(desk)] == [12]
    desk.put(*a_burst(6, 40, 24 * 7))
    assert sorted(len(one.event_times) for one in piles(desk)) == [6, 12]


def test_a_late_post_within_it_joins_it() -> None:
    desk = Desk()
    desk.put(*a_burst(6, hours=10))
    late = post(30, 2)
    desk.put(late)
    (pile,) = piles(desk)
    assert late.event.event_id in pile.event_times
    assert pile.first_posted_at == late.event.posted_at
    assert list(pile.event_times.values()) == sorted(pile.event_times.values())


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_partitions_bring_the_posts_makes_no_other_pile_on(seed: int) -> None:
    posts = [*a_burst(8), *a_burst(6, 40, 24 * 7)]
    in_order, shuffled = Desk(), Desk()
    in_order.put(*posts)
    random.Random(seed).shuffle(posts)
    for one in posts:
        shuffled.put(one)
    listed = [{one.incident_id: set(one.event_times) for one in piles(desk)} for desk in (in_order, shuffled)]
    assert listed[0] == listed[1]
    assert len(listed[0]) == 2


def test_nothing_twice_changes_nothing() -> None:
    desk = Desk()
    desk.put(*a_burst(8))
    before = desk.incidents
    assert desk.put(*a_burst(8)) == []
    desk.restart()
    assert desk.put(*a_burst(8)) == []
    assert desk.incidents == before


def test_a_crash_between_the_authors_incident_and_the_pile_on_loses_nothing() -> None:
    whole, cut = Desk(), Desk()
    whole.put(*a_burst(5))
    cut.put(*a_burst(4))
    records = cut.step.process(messages(a_burst(5)))
    cut.records += [one for one in records if one.key != piles(whole)[0].incident_id]
    cut.restart()
    cut.put(*a_burst(5))
    assert cut.incidents == whole.incidents


@pytest.mark.parametrize("seed", range(6))
def test_batches_and_restarts_make_no_difference(seed: int) -> None:
    chance = random.Random(seed)
    work = [
        post(number, chance.uniform(0, 90), chance.choice(list(Level)), chance.randrange(30)) for number in range(60)
    ]
    plain = final_incidents(a_step().process(messages(work)))
    desk = Desk()
    while work:
        size = chance.randint(1, 9)
        desk.put(*work[:size])
        work = work[size:]
        if chance.random() < 0.3:
            desk.restart()
    assert desk.incidents == plain
    assert piles(desk)


def test_a_closed_one_takes_no_more_and_its_posts_make_no_other() -> None:
    desk = Desk()
    desk.put(*a_burst(6))
    (pile,) = piles(desk)
    desk.put(a_verdict(pile, VerdictCode.CONFIRMED))
    desk.put(*a_burst(4, 20, 3))
    assert [one.state for one in piles(desk)] == [IncidentState.CLOSED]
    desk.put(post(30, 5))
    opened = next(one for one in piles(desk) if one.state is IncidentState.OPEN)
    assert len(opened.event_times) == 5


def test_a_lowered_level_stays_until_it_is_worse_than_the_machine_said() -> None:
    desk = Desk()
    desk.put(*a_burst(5), post(20, 2, Level.HIGH))
    (pile,) = piles(desk)
    desk.put(a_verdict(pile, VerdictCode.LEVEL_CHANGED, Level.LOW))
    desk.put(post(21, 3, Level.CRITICAL))
    assert [one.level for one in piles(desk)] == [Level.LOW]


def test_posts_a_person_found_nothing_in_count_no_longer() -> None:
    desk = Desk()
    desk.put(*a_burst(4))
    first = next(iter(desk.incidents.values()))
    desk.put(a_verdict(first, VerdictCode.NOT_A_FINDING))
    desk.put(post(20, 2))
    assert piles(desk) == []


def test_what_is_full_goes_on_in_another_that_does_not_page_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.casework.piling.MOST_LISTED", 6)
    desk = Desk()
    desk.put(*a_burst(5), post(20, 2, Level.HIGH), post(21, 2.5), post(22, 3))
    first, second = sorted(piles(desk), key=lambda one: one.opened_at)
    assert (len(first.event_times), len(second.event_times)) == (6, 2)
    assert second.linked[0] == first.incident_id
    assert {one.incident_id for one in desk.alerts} & {first.incident_id, second.incident_id} == {first.incident_id}


def test_the_defaults_of_the_settings_are_those_of_the_limits() -> None:
    desk = Desk()
    settings = desk.step._parts.settings
    assert Limits.of(settings) == Limits()
    changed = msgspec.json.decode(msgspec.json.encode(dict(settings.values)))
    assert changed["pile_on_authors"] == "5"
