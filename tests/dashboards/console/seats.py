"""A person at a screen: a served console with something in it, in a real Chromium."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from pipeline.codec import decode, encode
from pipeline.dead_letters import Again, dead_letter
from pipeline.dead_letters import Place as LetterPlace
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.incident import IncidentState, Note, TimelineEntry
from pipeline.vocabulary.keeping import Dispute, Hold
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, SourceStatus
from processors.readable import within
from tests.builders import ACCOUNT, NOON, an_event
from tests.dashboards.console.place import NOW, PASSWORD, Place, a_leak, a_threat
from tests.dashboards.console.served import axe_script, served


@dataclass
class Seat:
    """A person at a screen: a page of a served console."""

    page: Page
    url: str
    place: Place
    faults: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def send(self, button: str) -> None:
        """Press what leads to another page, and wait for that page: a page between two is no page to judge."""
        with self.page.expect_navigation():
            self.page.click(button)

    def sign_in(self, *roles: str) -> None:
        self.place.add(*roles)
        self.go("/sign-in")
        self.page.fill("#username", "sam")
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector("text=Signed in as")


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
    held = Hold(reason="complaint SC/2026/014", by="sam", at=NOON, review_on=NOON.date())
    disputed = Dispute(dispute_id="d", statement="It was somebody else", by="sam", at=NOON)
    kept = msgspec.structs.replace(a_threat(4, Level.LOW), hold=held, disputes=(disputed,))
    due = a_threat(5, Level.LOW, last_posted_at=NOON - timedelta(days=400))
    place.hold(noted, a_threat(2, Level.MODERATE), in_hand, a_leak(), kept, due)
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
    a_post_not_screened(place)


def a_post_not_screened(place: Place) -> str:
    """Let a post wait that is longer than what is screened of one; return its dead letter's id."""
    longest = place.parts.settings.number("screen_longest")
    text = "Long talk of the fair. " * (longest // 23 + 1)
    long = an_event(77, text=f"{text[:longest]}its end", author="fb:77")
    _, refusal = within(long, longest)
    assert refusal is not None
    raw = encode([Observation(**{name: getattr(long, name) for name in Observation.__struct_fields__})])
    at = LetterPlace("screen", "ingest.raw.facebook", "0/7/0")
    record = dead_letter(refusal, at, NOON, Again(raw, "ingest.raw.facebook", ACCOUNT), ACCOUNT)
    place.log.append([record])
    place.store.upsert([decode(DeadLetter, record.value or b"")])
    return record.key


def check(page: Page) -> None:
    """Run axe on the page as it stands; nothing may be found, and nothing may stick out at the side."""
    page.evaluate(axe_script())
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], json.dumps(found)[:3000]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
    assert page.locator("h1").count() == 1
    assert "mo@testwick.example" in page.inner_text("footer")
