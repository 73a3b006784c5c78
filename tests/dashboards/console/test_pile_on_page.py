"""A pile-on in the console: its numbers, its posts by time with the incidents that hold them, and the way back."""

from datetime import timedelta

import pytest

from pipeline.vocabulary.incident import Incident, IncidentKind
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, a_detection, an_event
from tests.dashboards.console.place import Browser, Place
from tests.processors.casework.desk import Desk, at_level


def a_pile_on() -> tuple[Incident, list[Incident]]:
    """Return a pile-on of six authors as casework opens it, and the incidents of its authors."""
    desk = Desk()
    for number in range(6):
        event = an_event(number, f"fb:{number}", NOON + timedelta(minutes=number), text=f"hidden words {number}")
        desk.put(a_detection(event, at_level(Level.LOW)))
    pile = next(one for one in desk.incidents.values() if one.kind is IncidentKind.PILE_ON)
    return pile, [one for one in desk.incidents.values() if one.kind is IncidentKind.AUTHOR]


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    pile, authors = a_pile_on()
    place.hold(pile, *authors)
    browser.sign_in(place.add("communications_officer"))
    return browser


def test_its_page_lists_posts_and_links_incidents_without_words(officer: Browser) -> None:
    pile, authors = a_pile_on()
    text = officer.get(f"/incidents/{pile.reference}").text
    assert "Possible pile-on: many authors, one person" in text
    assert "6 authors, 6 posts within 24 hours" in text
    assert all(f'href="/incidents/{one.reference}"' in text for one in authors)
    assert all(event in text for event in pile.event_times)
    assert "hidden words" not in text
    assert "Show the words" not in text


def test_the_page_of_an_author_leads_to_it(officer: Browser) -> None:
    pile, authors = a_pile_on()
    text = officer.get(f"/incidents/{authors[0].reference}").text
    assert "Part of what many authors wrote at the same time" in text
    assert f'href="/incidents/{pile.reference}"' in text


def test_a_post_whose_incident_is_gone_says_so(place: Place, officer: Browser) -> None:
    pile, authors = a_pile_on()
    place.store.remove([authors[0].incident_id])
    assert officer.get(f"/incidents/{pile.reference}").text.count("No longer held") == 1


def test_it_prints(officer: Browser) -> None:
    pile, _ = a_pile_on()
    assert "6 authors, 6 posts" in officer.get(f"/incidents/{pile.reference}/print").text
