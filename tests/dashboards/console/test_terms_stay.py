"""The terms of a topic never leave its register: a leak goes through the whole flow, and no term stands anywhere but in
the evidence, which its audience alone is shown.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.codec import decode, encode
from pipeline.log.interface import Message, Outgoing
from pipeline.registers.types import Registers
from pipeline.store.searchable import searched_terms
from pipeline.text.analysis import terms
from pipeline.topics import ALERTS, EVENTS, FINDINGS, INCIDENTS, raw_topic
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Direction, Observation
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.incident import Incident
from processors.casework import CaseworkStep
from processors.screening import ScreeningStep
from processors.stages import Parts
from tests.builders import ACCOUNT, NOON, some_settings
from tests.dashboards.console.place import Browser, Place, client_of
from tests.processors.casework.desk import messages
from tests.processors.detectors.leaking import registers

TEXT = (
    "Can't say much but Quarry Mill is being sold to Lark Meadow Holdings for £4.2m, that is Project Sandpiper. Imogen "
    "Vance-Tully of Brook & Sons signed it at 14 Weir Terrace. And Alex Reed is a useless lying idiot."
)
TERMS = (
    "quarry mill", "lark meadow", "sandpiper", "4.2m", "imogen", "vance", "brook", "weir terrace", "heads of terms",
    "preferred bidder",
)  # fmt: skip
EVIDENCE = ("text", "shared", "attachments", "thread_title", "in_reply_to", "profile")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path, registers=registers(audience=["communications_lead", "user:owen"]))
    yield made
    made.close()


def standing(text: str) -> list[str]:
    """Return the terms that stand in a text."""
    lowered = text.lower()
    return [term for term in TERMS if term in lowered]


def without_evidence(value: Any) -> Any:
    """Return a JSON value with the texts of its events taken out: what remains must hold no term."""
    if isinstance(value, list):
        return [without_evidence(one) for one in value]
    if isinstance(value, dict):
        return {name: without_evidence(one) for name, one in value.items() if name not in EVIDENCE}
    return value


def flow(held: Registers, home: Path, text: str = TEXT) -> list[Outgoing]:
    """Return everything that screening and casework write to the log because of one post."""
    parts = Parts(registers=lambda: held, clock=lambda: NOON, settings=some_settings(home))
    seen = Observation(
        platform="facebook", object_id="facebook:comment:1", object_type="comment", action=Action.CREATE,
        account=ACCOUNT, direction=Direction.INBOUND, text=text, author=Author(id="fb:7", handle="res.ident"),
        posted_at=NOON, observed_at=NOON,
    )  # fmt: skip
    raw = Message(
        topic=raw_topic("facebook").name, partition=0, offset=0, key=ACCOUNT, value=b"[" + encode(seen) + b"]"
    )
    written = ScreeningStep(parts).process([raw])
    found = [decode(Detection, one.value or b"") for one in written if one.topic == FINDINGS.name]
    return [*written, *CaseworkStep(parts).process(messages(found))]


def incidents(written: list[Outgoing]) -> list[Incident]:
    newest = {one.key: decode(Incident, one.value or b"") for one in written if one.topic == INCIDENTS.name}
    return list(newest.values())


def test_the_post_is_a_leak_and_abuse_of_a_person(place: Place, tmp_path: Path) -> None:
    found = incidents(flow(place.registers, tmp_path))
    categories = {one for incident in found for one in incident.categories}
    assert {Category.CONFIDENTIAL_LEAK, Category.ABUSE} <= categories
    assert len(found) == 2
    assert [piece.told_of for incident in found for piece in incident.evidence] == [("CT-1",)] * 2
    assert standing(TEXT) == list(TERMS[:8])


def test_no_message_names_a_term_but_as_evidence(
    place: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    written = flow(place.registers, tmp_path)
    assert {one.topic for one in written} >= {EVENTS.name, FINDINGS.name, INCIDENTS.name, ALERTS.name}
    for one in written:
        head = f"{one.topic} {one.key} {one.headers}"
        body = json.dumps(without_evidence(json.loads(one.value or b"null")), ensure_ascii=False)
        assert (one.topic, standing(head), standing(body)) == (one.topic, [], [])
    alerts = [(one.value or b"").decode() for one in written if one.topic == ALERTS.name]
    assert [standing(one) for one in alerts] == [[]] * len(alerts)
    assert standing(caplog.text) == []


def test_the_search_index_names_no_term(place: Place, tmp_path: Path) -> None:
    found = incidents(flow(place.registers, tmp_path))
    indexed = " ".join(searched_terms(one) for one in found)
    told = {term for word in ("sandpiper", "imogen", "quarry", "lark", "weir", "brook") for term in terms(word)}
    assert "sm 2026" in indexed
    assert [one for one in told if one in indexed.split()] == []


PAGES = ("/", "/live/parts", "/topics", "/audit", "/search", "/record")


@pytest.mark.parametrize("role", ["communications_officer", "monitoring_officer", "service_head", "auditor"])
def test_no_page_of_anybody_outside_the_audience_names_a_term(place: Place, tmp_path: Path, role: str) -> None:
    found = incidents(flow(place.registers, tmp_path))
    place.hold(*found)
    with client_of(place) as client:
        browser = Browser(client)
        browser.sign_in(place.add(role))
        paths = [*PAGES, *(f"/incidents/{one.reference}" for one in found)]
        paths += [f"/incidents/{one.reference}/print" for one in found]
        answers = [browser.get(path) for path in paths]
        answers += [
            browser.post(f"/incidents/{one.reference}{act}", purpose="safety_incident")
            for one in found
            for act in ("/words", "/print")
        ]
        assert 200 in {answer.status_code for answer in answers}
        assert [standing(answer.text) for answer in answers] == [[]] * len(answers)
        assert {answer.status_code for answer in answers[-2 * len(found) :]} <= {403, 404}


@pytest.mark.parametrize(("role", "name"), [("communications_lead", "sam"), ("communications_officer", "owen")])
def test_the_audience_reads_the_words_when_it_asks(place: Place, tmp_path: Path, role: str, name: str) -> None:
    found = incidents(flow(place.registers, tmp_path))
    place.hold(*found)
    with client_of(place) as client:
        browser = Browser(client)
        browser.sign_in(place.add(role, username=name))
        for one in found:
            assert standing(browser.get(f"/incidents/{one.reference}").text) == []
            shown = browser.post(f"/incidents/{one.reference}/words", purpose="safety_incident")
            assert shown.status_code == 200
            assert "Lark Meadow Holdings" in shown.text
