"""Which incident a post goes to, and what the incident says afterwards."""

from datetime import timedelta

import pytest

from pipeline import ids
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action
from pipeline.vocabulary.finding import RuleState
from pipeline.vocabulary.incident import IncidentKind, VerdictCode
from pipeline.vocabulary.levels import Level, Role, Route
from processors.casework import gathering
from tests.builders import NOON, PERSON, a_detection, a_finding, an_event
from tests.processors.casework.desk import Desk, a_verdict, at_level

HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_first_post_opens_an_incident(desk: Desk) -> None:
    event = an_event(1)
    incident = desk.see(event, a_finding(Category.THREAT_VEILED, Level.HIGH))
    assert incident.incident_id == ids.incident_id(f"person:{PERSON}", "fb:1", event.event_id)
    assert incident.reference == ids.reference(incident.incident_id, event.observed_at)
    assert (incident.version, incident.level, incident.person) == (1, Level.HIGH, PERSON)
    assert (incident.opened_at, incident.updated_at) == (event.observed_at, event.observed_at)
    assert incident.evidence[0].event == event
    assert incident.event_times == {event.event_id: NOON}
    assert [entry.code for entry in incident.timeline] == ["opened", "alert_raised"]


@pytest.mark.parametrize(("hours", "gathered"), [(1, True), (72, True), (72.1, False), (-72, True), (-73, False)])
def test_an_incident_gathers_for_72_hours_after_its_last_post(desk: Desk, hours: float, *, gathered: bool) -> None:
    desk.see(an_event(1))
    desk.see(an_event(2, at=NOON + hours * HOUR))
    assert len(desk.incidents) == (1 if gathered else 2)


def test_every_post_moves_the_window(desk: Desk) -> None:
    for number in range(5):
        desk.see(an_event(number, at=NOON + number * 70 * HOUR))
    (incident,) = desk.incidents.values()
    assert incident.version == 5
    assert (incident.first_posted_at, incident.last_posted_at) == (NOON, NOON + 280 * HOUR)


def test_other_authors_people_and_topics_have_incidents_of_their_own(desk: Desk) -> None:
    desk.put(
        a_detection(an_event(1)),
        a_detection(an_event(2, "fb:2")),
        a_detection(an_event(3), a_finding(target="cllr-other"), concern="person:cllr-other"),
        a_detection(an_event(4), a_finding(target=None, topic_ref="CT-1"), concern="topic:CT-1"),
        a_detection(an_event(5), a_finding(target=None), concern="account:acc-fb-council"),
    )
    assert len(desk.incidents) == 5
    assert {(one.person, one.topic_ref) for one in desk.incidents.values()} == {
        (PERSON, None),
        ("cllr-other", None),
        (None, "CT-1"),
        (None, None),
    }


def test_posts_without_an_author_are_not_thrown_together(desk: Desk) -> None:
    desk.put(a_detection(an_event(1, author=None)), a_detection(an_event(2, author=None)))
    assert len(desk.incidents) == 2


def test_an_edit_adds_the_new_version_to_the_same_incident_even_later(desk: Desk) -> None:
    first = an_event(1)
    desk.see(first)
    edit = an_event(
        1, text="worse", action=Action.UPDATE, edited_at=NOON + 200 * HOUR, previous_event_id=first.event_id
    )
    incident = desk.see(edit, at_level(Level.HIGH))
    assert len(desk.incidents) == 1
    assert [piece.event.text for piece in incident.evidence] == ["comment 1", "worse"]
    assert incident.level is Level.HIGH


def test_the_same_event_again_changes_nothing(desk: Desk) -> None:
    desk.see(an_event(1))
    assert desk.put(a_detection(an_event(1)), a_detection(an_event(1))) == []
    desk.restart()
    assert desk.put(a_detection(an_event(1))) == []


def test_level_is_the_highest_and_never_falls_by_an_event(desk: Desk) -> None:
    levels = [
        desk.see(an_event(number), at_level(level)).level
        for number, level in enumerate([Level.LOW, Level.HIGH, Level.LOW, Level.CRITICAL])
    ]
    assert levels == [Level.LOW, Level.HIGH, Level.HIGH, Level.CRITICAL]


def test_roles_route_paragraphs_and_categories_gather(desk: Desk) -> None:
    desk.see(an_event(1), a_finding(Category.ABUSE, Level.MODERATE, paragraph="5.4", paragraphs=("5.4",)))
    incident = desk.see(an_event(2, at=NOON + HOUR), a_finding(Category.THREAT_DIRECT, Level.CRITICAL))
    assert incident.categories == (Category.ABUSE, Category.HARASSMENT, Category.THREAT_DIRECT)
    assert incident.paragraphs == ("5.4", "6.1")
    assert {Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER} <= set(incident.notify)
    assert incident.route is Route.POLICE_999


def test_a_course_of_conduct_is_found_across_incidents_and_after_a_restart(desk: Desk) -> None:
    desk.see(an_event(1))
    desk.restart()
    incident = desk.see(an_event(2, at=NOON + 100 * HOUR))
    assert len(desk.incidents) == 2
    assert Category.HARASSMENT in incident.categories


@pytest.mark.parametrize("restart", [False, True])
def test_what_a_person_found_nothing_in_is_no_occasion(desk: Desk, *, restart: bool) -> None:
    first = desk.see(an_event(1))
    desk.put(a_verdict(first, VerdictCode.NOT_A_FINDING))
    if restart:
        desk.restart()
    assert Category.HARASSMENT not in desk.see(an_event(2, at=NOON + HOUR)).categories
    assert Category.HARASSMENT in desk.see(an_event(3, at=NOON + 2 * HOUR)).categories


def test_a_level_that_a_person_lowered_raises_no_later_threat(desk: Desk) -> None:
    first = desk.see(an_event(1), a_finding(Category.THREAT_VEILED, Level.HIGH))
    desk.put(a_verdict(first, VerdictCode.LEVEL_CHANGED, Level.LOW))
    later = desk.see(an_event(2, at=NOON + 100 * HOUR), a_finding(Category.THREAT_VEILED, Level.MODERATE))
    assert later.level is Level.MODERATE


def test_shadow_findings_stand_beside_live_ones_and_alone_open_nothing(desk: Desk) -> None:
    shadow = a_finding(Category.HATE, Level.CRITICAL, state=RuleState.SHADOW)
    assert desk.put(a_detection(an_event(1), shadow)) == []
    incident = desk.see(an_event(2), at_level(Level.LOW), shadow)
    assert (incident.level, incident.categories) == (Level.LOW, (Category.ABUSE,))
    assert shadow in incident.evidence[0].findings
    assert desk.alerts == []


def test_a_hidden_threat_pages_nobody_until_history_makes_it_critical(desk: Desk) -> None:
    hidden = a_finding(Category.THREAT_VEILED, Level.HIGH, state=RuleState.SHADOW, suppressed_by="SUP-1")
    assert desk.put(a_detection(an_event(1), hidden)) == []
    earlier = a_finding(Category.THREAT_DIRECT, Level.HIGH)
    desk.see(an_event(2, at=NOON + HOUR), earlier)
    before = len(desk.alerts)
    incident = desk.see(an_event(3, at=NOON + 2 * HOUR), hidden)
    assert incident.level is Level.CRITICAL
    assert {alert.level for alert in desk.alerts[before:]} == {Level.CRITICAL}
    desk.restart()
    assert desk.see(an_event(4, at=NOON + 3 * HOUR), hidden).level is Level.CRITICAL


@pytest.mark.parametrize("code", [VerdictCode.NOT_A_FINDING, VerdictCode.CONFIRMED])
def test_what_a_person_closed_takes_no_more_and_is_linked(desk: Desk, code: VerdictCode) -> None:
    first = desk.see(an_event(1), at_level(Level.HIGH))
    desk.put(a_verdict(first, code))
    second = desk.see(an_event(2, at=NOON + HOUR), at_level(Level.HIGH))
    assert second.incident_id != first.incident_id
    assert second.linked == (first.incident_id,)
    assert {one.incident_id for one in desk.alerts} == {first.incident_id, second.incident_id}


@pytest.mark.parametrize("limit", ["MOST_EVENTS", "MOST_BYTES"])
def test_a_full_incident_goes_on_in_a_new_one_without_paging_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(gathering, limit, 3 if limit == "MOST_EVENTS" else 3500)
    for number in range(5):
        desk.see(an_event(number, at=NOON + number * HOUR), at_level(Level.HIGH))
    full, following = sorted(desk.incidents.values(), key=lambda one: one.opened_at)
    assert (len(full.evidence), len(following.evidence)) == (3, 2)
    assert following.linked == (full.incident_id,)
    assert {one.incident_id for one in desk.alerts} == {full.incident_id}
    desk.see(an_event(9, at=NOON + 9 * HOUR), at_level(Level.CRITICAL))
    assert {one.incident_id for one in desk.alerts} == {full.incident_id, following.incident_id}


def test_a_tombstone_forgets_the_incident_and_its_occasions(desk: Desk) -> None:
    first = desk.see(an_event(1))
    tombstone = desk.records[-1]
    desk.records.append(type(tombstone)(topic=tombstone.topic, key=first.incident_id, value=None))
    desk.restart()
    incident = desk.see(an_event(2, at=NOON + HOUR))
    assert incident.incident_id != first.incident_id
    assert Category.HARASSMENT not in incident.categories


def test_the_trigger_phrase_opens_a_test_incident_of_its_own(desk: Desk) -> None:
    test = a_finding(Category.CHAIN_TEST, Level.HIGH, target=None)
    abuse = a_finding(Category.ABUSE, Level.LOW, target=None)
    desk.put(a_detection(an_event(1), test, abuse, concern="account:acc-fb-council"))
    desk.put(a_detection(an_event(1), test, abuse, concern="account:acc-fb-council"))
    desk.put(a_detection(an_event(2), test, concern="account:acc-fb-council"))
    kinds = sorted((one.kind, one.level, one.categories) for one in desk.incidents.values())
    assert kinds == [
        (IncidentKind.AUTHOR, Level.LOW, (Category.ABUSE,)),
        (IncidentKind.TEST, Level.LOW, (Category.CHAIN_TEST,)),
        (IncidentKind.TEST, Level.LOW, (Category.CHAIN_TEST,)),
    ]
