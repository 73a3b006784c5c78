"""The live page in a real Chromium: the stream, the pause, the keyboard, and without scripts."""

from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level
from tests.dashboards.console.place import Place, a_leak, a_threat
from tests.dashboards.console.seats import Seat, check, furnish
from tests.dashboards.console.served import served

pytestmark = pytest.mark.browser


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
    expect(said).to_contain_text("6 open, 1 critical.")
    expect(desk.page.locator("[data-live-counts]")).to_have_text("6 open, 1 critical.")
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
