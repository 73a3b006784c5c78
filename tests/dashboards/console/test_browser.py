"""The console in a real Chromium: axe on every page at two widths, the keyboard, and the live stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from dashboards.console.app import PAGES
from pipeline.vocabulary.incident import IncidentState, Note, TimelineEntry
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, SourceStatus
from tests.builders import ACCOUNT, NOON
from tests.dashboards.console.place import NOW, PASSWORD, Place, a_leak, a_threat
from tests.dashboards.console.served import axe_script, chromium, served

pytestmark = pytest.mark.browser
WIDTHS = (1280, 375)


@pytest.fixture(scope="module")
def opened() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


@dataclass
class Seat:
    """A person at a screen: a page of a served console."""

    page: Page
    url: str
    place: Place
    faults: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, *roles: str) -> None:
        self.place.add(*roles)
        self.go("/sign-in")
        self.page.fill("#username", "sam")
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector("text=Signed in as")


@pytest.fixture(params=WIDTHS)
def seat(request: pytest.FixtureRequest, tmp_path: Path, opened: Chromium) -> Iterator[Seat]:
    yield from sit(tmp_path, opened, request.param)


@pytest.fixture
def desk(tmp_path: Path, opened: Chromium) -> Iterator[Seat]:
    yield from sit(tmp_path, opened, 1280)


def sit(home: Path, opened: Chromium, width: int) -> Iterator[Seat]:
    place = Place(home)
    furnish(place)
    with served(place) as url:
        context = opened.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        yield Seat(page, url, place, faults)
        context.close()
        assert faults == []
    place.close()


def furnish(place: Place) -> None:
    """Put something of everything into the console."""
    noted = msgspec.structs.replace(
        a_threat(),
        timeline=(
            TimelineEntry(at=NOON, code="opened"),
            TimelineEntry(at=NOON, code="alert_raised", detail="critical"),
        ),
        notes=(Note(note_id="n", by="sam", at=NOON, text="Rang the councillor"),),
        complaints=("SC/2026/014",),
    )
    in_hand = msgspec.structs.replace(a_threat(3, Level.LOW), state=IncidentState.ACKNOWLEDGED, acknowledged_by="sam")
    in_hand = msgspec.structs.replace(in_hand, acknowledged_at=NOON)
    place.hold(noted, a_threat(2, Level.MODERATE), in_hand, a_leak())
    heard = SourceStatus(
        account=ACCOUNT, platform="facebook", connector="file", last_received_at=NOW - timedelta(minutes=12)
    )
    letter = DeadLetter(
        dead_letter_id="1",
        reason=DeadLetterReason.BAD_JSON,
        explanation="e",
        stage="s",
        source="f",
        position="1",
        at=NOON,
    )
    place.store.upsert([heard, letter])


def check(page: Page) -> None:
    """Run axe on the page as it stands; nothing may be found, and nothing may stick out at the side."""
    page.evaluate(axe_script())
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], json.dumps(found)[:3000]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
    assert page.locator("h1").count() == 1
    assert "mo@testwick.example" in page.inner_text("footer")


AFTER_SIGN_IN = (
    "/",
    "/account",
    "/account/password",
    "/search",
    "/record",
    "/audit",
    "/accounts",
    "/accessibility",
    "/nowhere",
)


def test_axe_finds_nothing_on_pages_that_are_loaded(seat: Seat) -> None:
    seat.go("/sign-in")
    check(seat.page)
    seat.go("/accessibility")
    check(seat.page)
    seat.sign_in("monitoring_officer", "admin")
    for path in AFTER_SIGN_IN:
        seat.go(path)
        if path == "/":
            expect(seat.page.locator("[data-live-state]")).to_contain_text("Live")
        check(seat.page)


def test_axe_finds_nothing_on_an_incident(seat: Seat) -> None:
    seat.sign_in("monitoring_officer")
    for incident in (a_threat(), a_leak()):
        seat.go(f"/incidents/{incident.reference}")
        check(seat.page)
        seat.page.click("text=Show the words")
        expect(seat.page.locator("mark")).to_have_count(1)
        check(seat.page)
        seat.go(f"/incidents/{incident.reference}/print")
        check(seat.page)
    seat.go(f"/incidents/{a_threat().reference}?act=unknown")
    expect(seat.page.locator(".govuk-notification-banner")).to_contain_text("on its way")
    check(seat.page)


def test_axe_finds_nothing_on_a_search(seat: Seat) -> None:
    seat.sign_in("monitoring_officer")
    seat.go("/search")
    seat.page.click("text=Continue")
    check(seat.page)
    seat.page.check("input[value=complaint]")
    seat.page.fill("#complaint", "SC/2026/014")
    seat.page.click("text=Continue")
    seat.page.fill("#from-day", "31")
    seat.page.click("main button:has-text('Search')")
    check(seat.page)
    seat.page.fill("#from-day", "")
    seat.page.fill("#text", "comment")
    seat.page.click("main button:has-text('Search')")
    expect(seat.page.locator("h1")).to_contain_text("incidents found")
    check(seat.page)
    seat.page.click("text=Gather incidents")
    check(seat.page)


def test_axe_finds_nothing_on_forms_that_come_back(seat: Seat) -> None:
    seat.sign_in("monitoring_officer", "admin")
    seat.go("/record")
    seat.page.click("text=Record incident")
    check(seat.page)
    path = f"/incidents/{a_threat().reference}"
    for button in ("Record verdict", "Add note"):
        seat.go(path)
        seat.page.click(f"text={button}")
        check(seat.page)
    seat.go(path)
    seat.page.fill("#gather-complaint", "")
    seat.page.click("text=Gather incident")
    check(seat.page)
    seat.go("/accounts")
    seat.page.click("main button:has-text('Add account')")
    check(seat.page)
    seat.page.fill("#username", "kim")
    seat.page.fill("#name", "Kim")
    seat.page.check("input[value=auditor]")
    seat.page.click("main button:has-text('Add account')")
    check(seat.page)
    seat.go("/account/password")
    seat.page.click("text=Change password")
    check(seat.page)


def test_axe_finds_nothing_where_one_may_not_go(seat: Seat) -> None:
    seat.sign_in("councillor")
    for path in ("/", "/search", "/account"):
        seat.go(path)
        check(seat.page)
    seat.page.click("text=Sign out")
    check(seat.page)
    seat.page.fill("#username", "nobody")
    seat.page.press("#password", "Enter")
    expect(seat.page.locator(".govuk-error-summary")).to_contain_text("not right")
    check(seat.page)


def test_every_page_that_is_loaded_was_looked_at() -> None:
    parts = {"health", "council_css", "live_parts", "live_feed", "screenshot"}
    loaded = {page.path for page in PAGES if page.method == "GET" and page.name not in parts}
    elsewhere = {"/sign-in", "/incidents/{incident}", "/incidents/{incident}/print", "/search/{search}"}
    assert loaded == set(AFTER_SIGN_IN) - {"/nowhere"} | elsewhere


def queue(page: Page) -> list[str]:
    return page.locator("#waiting a").all_inner_texts()


def test_a_new_incident_appears_by_itself_in_its_place(desk: Seat) -> None:
    desk.sign_in("communications_officer")
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")
    before = len(queue(desk.page))
    high = a_threat(20, Level.HIGH)
    desk.place.publish(high)
    row = desk.page.locator(f'[data-incident="{high.incident_id}"]')
    expect(row).to_be_visible()
    references = [text.split(", ")[-1] for text in queue(desk.page)]
    assert len(references) == before + 1
    assert references[0] == a_threat().reference
    assert high.reference in references[1:3]
    said = desk.page.locator("[data-live-polite]")
    expect(said).to_contain_text("New high incident: Possible direct threat")
    expect(said).to_contain_text("4 open, 1 critical.")
    expect(desk.page.locator("[data-live-counts]")).to_have_text("4 open, 1 critical.")
    assert desk.page.locator("[data-live-urgent]").inner_text() == ""
    check(desk.page)


def test_a_critical_incident_interrupts_and_an_acknowledged_one_moves(desk: Seat) -> None:
    desk.sign_in("communications_officer")
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")
    critical = a_threat(21)
    desk.place.publish(critical)
    expect(desk.page.locator("[data-live-urgent]")).to_contain_text("New critical incident")
    taken = msgspec.structs.replace(critical, version=2, state=IncidentState.ACKNOWLEDGED, acknowledged_by="kim")
    desk.place.publish(taken, critical)
    expect(desk.page.locator(f'#in-hand [data-incident="{critical.incident_id}"]')).to_contain_text("In hand: kim")
    closed = msgspec.structs.replace(taken, version=3, state=IncidentState.CLOSED)
    desk.place.publish(closed)
    expect(desk.page.locator(f'[data-incident="{critical.incident_id}"]')).to_have_count(0)


def test_while_paused_nothing_moves(desk: Seat) -> None:
    desk.sign_in("communications_officer")
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")
    desk.page.click("[data-live-pause]")
    before = queue(desk.page)
    desk.place.publish(a_threat(22, Level.HIGH))
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Paused: 1 change waits.")
    assert queue(desk.page) == before
    desk.page.click("[data-live-pause]")
    expect(desk.page.locator(f'[data-incident="{a_threat(22, Level.HIGH).incident_id}"]')).to_be_visible()
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")


def test_the_stream_holds_only_what_one_may_see(desk: Seat) -> None:
    desk.sign_in("service_head")
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")
    desk.place.publish(a_threat(23), a_leak(24))
    expect(desk.page.locator(f'[data-incident="{a_leak(24).incident_id}"]')).to_be_visible()
    expect(desk.page.locator(f'[data-incident="{a_threat(23).incident_id}"]')).to_have_count(0)


def test_words_of_others_stay_text_on_the_live_page(desk: Seat) -> None:
    desk.sign_in("communications_officer")
    expect(desk.page.locator("[data-live-state]")).to_contain_text("Live")
    sly = msgspec.structs.replace(a_threat(25), acknowledged_by="<img src=x onerror=alert(1)>")
    desk.place.publish(sly)
    expect(desk.page.locator(f'[data-incident="{sly.incident_id}"]')).to_contain_text("<img src=x")
    assert desk.page.locator("#waiting img").count() == 0


def test_the_keyboard_is_enough(desk: Seat) -> None:
    desk.sign_in("communications_officer")
    desk.go(f"/incidents/{a_threat().reference}")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "main-content"
    seen = []
    for _ in range(60):
        desk.page.keyboard.press("Tab")
        seen.append(
            desk.page.evaluate(
                """() => { const one = document.activeElement, style = getComputedStyle(one);
                return one === document.body ? null : {
                    name: (one.name || one.innerText || one.id).trim().split("\\n")[0], visible:
                    style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                      || one.matches('.govuk-radios__input, .govuk-checkboxes__input')}; }"""
            )
        )
    stops = [one for one in seen if one is not None]
    names = [one["name"] for one in stops]
    for wanted in ("I have this", "purpose", "Show the words", "verdict", "reason", "Record verdict", "Add note"):
        assert wanted in names
    assert None in seen, "the keyboard is trapped: it never left the page"
    assert [one["name"] for one in stops if not one["visible"]] == []


def test_without_scripts_the_live_page_is_whole(tmp_path: Path, opened: Chromium) -> None:
    place = Place(tmp_path)
    furnish(place)
    with served(place) as url:
        context = opened.new_context(java_script_enabled=False)
        page = context.new_page()
        seat = Seat(page, url, place, [])
        seat.sign_in("communications_officer")
        assert a_threat().reference in page.inner_text("#waiting")
        expect(page.locator("[data-live-bar]")).to_be_hidden()
        page.goto(f"{url}/incidents/{a_threat().reference}")
        page.click("text=Show the words")
        expect(page.locator("mark")).to_have_text("comment")
        context.close()
    place.close()


def test_the_council_colour_fits_even_where_it_is_pale(tmp_path: Path, opened: Chromium) -> None:
    place = Place(tmp_path, {"council_colour": "#ffdd00", "council_name": "Testwick <Borough>"})
    furnish(place)
    with served(place) as url:
        context = opened.new_context()
        page = context.new_page()
        seat = Seat(page, url, place, [])
        seat.sign_in("monitoring_officer")
        expect(page.locator(".parapet-header")).to_have_text("Testwick <Borough>")
        check(page)
        context.close()
    place.close()
