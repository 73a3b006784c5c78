"""The console says that a pre-election period runs, to whoever is signed in, and says nothing of it at other times."""

from datetime import timedelta

import msgspec

from pipeline.registers.types import CalendarEntry
from tests.builders import NOON
from tests.dashboards.console.place import Browser, Place

PERIOD = CalendarEntry(
    id="pre",
    kind="pre_election_period",
    title="Millbank by-election",
    starts_at=NOON - timedelta(days=1),
    ends_at=NOON + timedelta(days=20),
)


def test_the_banner_stands_on_every_page_while_the_period_runs(place: Place, browser: Browser) -> None:
    place.registers = msgspec.structs.replace(place.registers, calendar=(PERIOD,))
    browser.sign_in(place.add("communications_officer"))
    for page in ("/", "/search", "/account"):
        text = browser.get(page).text
        assert "<strong>Pre-election period</strong> until 29 March 2026, 1:00pm BST: Millbank by-election." in text


def test_there_is_none_outside_the_period_or_signed_out(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    assert "Pre-election period" not in browser.get("/").text
    browser.post("/sign-out")
    place.registers = msgspec.structs.replace(place.registers, calendar=(PERIOD,))
    assert "Pre-election period" not in browser.get("/sign-in").text
