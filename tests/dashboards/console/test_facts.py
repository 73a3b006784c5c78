"""What stands beside an outbound incident: capacity, whom to ask, published facts for a claim; no word of the post."""

from datetime import timedelta

import msgspec

from dashboards.console.facts import facts_for
from pipeline.registers.types import Published, Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.incident import Incident
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import Browser, Place, borough

LIGHTS = Published(
    ref="PUB-1",
    kind="news",
    title="Christmas lights in Millbank this year",
    summary="The Council pays for them again.",
    published_at=NOON - timedelta(days=2),
)
SECRET = Published(
    ref="PUB-2",
    kind="minutes",
    title="Christmas lights contract",
    published_at=NOON + timedelta(days=2),
    topic_ref="CT-1",
)


def with_facts() -> Registers:
    return msgspec.structs.replace(borough(), published=(LIGHTS, SECRET))


def a_claim(category: Category = Category.FALSE_STATEMENT) -> Incident:
    text = "They have banned the Christmas lights in Millbank. FACT. My council house is damp and mould"
    event = an_event(5, "bs:reed", account="acc-reed", direction=Direction.OUTBOUND, text=text)
    return an_incident(a_detection(event, a_finding(category)))


def test_published_facts_with_the_same_words_are_named_and_unpublished_ones_are_not() -> None:
    assert [one.ref for one in facts_for(a_claim(), with_facts())] == ["PUB-1"]
    assert facts_for(a_claim(Category.ABUSE), with_facts()) == ()
    assert facts_for(a_claim(), borough()) == ()


def test_the_page_shows_capacity_head_and_facts_with_the_words_hidden(place: Place, browser: Browser) -> None:
    place.registers = with_facts()
    place.hold(a_claim())
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(f"/incidents/{a_claim().reference}").text
    assert "<strong>Unclear</strong>, because the account is registered as personal" in text
    assert "check with: Head of Housing (3.2)" in text
    assert "PUB-1, 7 March 2026: Christmas lights in Millbank this year" in text
    assert "PUB-2" not in text
    assert "banned" not in text


def test_unlawful_content_has_its_procedure_in_words(place: Place, browser: Browser) -> None:
    place.hold(a_claim(Category.UNLAWFUL_CONTENT))
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(f"/incidents/{a_claim(Category.UNLAWFUL_CONTENT).reference}").text
    assert "Do not copy, save, print, send or show it" in text
