"""Posts that were not screened: counted and listed without their words, read for a reason, and what came of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboards.console.acts import wait_for
from pipeline.codec import decode, encode
from pipeline.dead_letters import Again, Refusal, dead_letter, letter_of
from pipeline.dead_letters import Place as LetterPlace
from pipeline.topics import ACTIVITY
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.event import Attachment, Leg, Observation
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState
from tests.builders import ACCOUNT, NOON, PERSON, an_event
from tests.dashboards.console.place import Browser, Place, client_of
from tests.dashboards.console.seats import a_post_not_screened
from tests.processors.detectors.leaking import registers

FOREIGN = "Dzielnica <b>zebra</b>, jutro o osmej przed urzedem"
MARK = "zebra"
JUDGED = {"person": PERSON, "category": "threat_veiled", "paragraph": "6.1", "level": "moderate"}


def waits(place: Place, text: str | None = FOREIGN, **changes: Any) -> str:
    """Let a post wait that nobody screened; return its dead letter's id."""
    event = an_event(5, text=text, author="fb:5", **changes)
    seen = Observation(**{name: getattr(event, name) for name in Observation.__struct_fields__})
    return letter(place, encode([seen]))


def letter(place: Place, payload: bytes, reason: DeadLetterReason = DeadLetterReason.NOT_SCREENED) -> str:
    words = "comment facebook:comment:5 is in a language that the rules do not cover: a person should read it"
    at = LetterPlace("screen", "ingest.raw.facebook", f"0/{len(payload)}")
    again = Again(payload, "ingest.raw.facebook", ACCOUNT)
    record = dead_letter(Refusal(reason, words), at, NOON, again, ACCOUNT)
    place.log.append([record])
    place.store.upsert([decode(DeadLetter, record.value or b"")])
    return record.key


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    browser.sign_in(place.add("communications_officer"))
    return browser


def acts(place: Place) -> list[Activity]:
    return [decode(Activity, one.value or b"") for p in range(2) for one in place.log.read(ACTIVITY.name, p, 0, 10)]


def kept(place: Place, identity: str) -> DeadLetter:
    found = letter_of(place.log, identity)
    assert found is not None
    return found


def test_the_live_page_counts_them_and_leads_to_them(place: Place, officer: Browser) -> None:
    assert "/not-screened" not in officer.get("/live/parts").text
    waits(place)
    text = officer.get("/live/parts").text
    assert "1 post waits for an officer to read" in text
    assert 'href="/not-screened"' in text


def test_who_may_not_read_them_sees_the_number_alone(place: Place, browser: Browser) -> None:
    waits(place)
    browser.sign_in(place.add("admin"))
    text = browser.get("/live/parts").text
    assert "1 post waits for an officer to read" in text
    assert "/not-screened" not in text


def test_they_are_listed_without_words_or_authors(place: Place, officer: Browser) -> None:
    identity = waits(place)
    letter(place, b"[1]", DeadLetterReason.BAD_FIELD)
    for path in ("/not-screened", f"/not-screened/{identity}"):
        text = officer.get(path).text
        assert "in a language that the rules do not cover" in text
        assert "23 March 2026, 12:00pm GMT" in text
        assert [word for word in (MARK, "fb.5", "Resident") if word in text] == []
    assert "1 post waits to be read" in officer.get("/not-screened").text


def test_the_words_are_shown_for_a_reason_that_is_recorded(place: Place, officer: Browser) -> None:
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    text = officer.post(f"/not-screened/{identity}/words", purpose="complaint", complaint="sc/2026/014").text
    assert "Dzielnica &lt;b&gt;zebra&lt;/b&gt;" in text
    assert "Resident fb:5" in text
    (entry,) = place.audit.entries(action="reveal")
    assert (entry.act.object, entry.act.purpose, entry.act.complaint) == (identity, "complaint", "SC/2026/014")
    assert [one.act.object for one in place.audit.entries(action="view")] == [identity]


def test_without_a_reason_they_stay_hidden(place: Place, officer: Browser) -> None:
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    answer = officer.post(f"/not-screened/{identity}/words", purpose="complaint", complaint="")
    assert answer.status_code == 422
    assert MARK not in answer.text
    assert "Enter the complaint reference" in answer.text
    assert place.audit.entries(action="reveal") == []


def test_what_lies_beyond_the_longest_text_is_marked(place: Place, officer: Browser) -> None:
    identity = a_post_not_screened(place)
    officer.get(f"/not-screened/{identity}")
    text = officer.post(f"/not-screened/{identity}/words", purpose="safety_incident").text
    assert "<mark>its end</mark>" in text
    assert "what is marked was not screened" in text


def test_looked_at_it_waits_no_more_and_the_note_stays(place: Place, officer: Browser) -> None:
    place.start_workers()
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    answer = officer.post(f"/not-screened/{identity}/looked-at", note="An invitation to a fair")
    assert answer.headers["location"] == f"/not-screened?done={identity}"
    assert "0 posts wait" in officer.get(answer.headers["location"]).text
    found = kept(place, identity)
    assert (found.state, found.payload) == (DeadLetterState.LOOKED_AT, None)
    assert found.looked_at is not None
    assert (found.looked_at.by, found.looked_at.note) == ("sam", "An invitation to a fair")
    text = officer.get(f"/not-screened/{identity}").text
    assert "An invitation to a fair" in text
    assert "Show the words" not in text
    assert [one.act.object for one in place.audit.entries(action="looked_at")] == [identity]
    assert "fair" not in str(place.audit.entries())


@pytest.mark.usefixtures("nobody_works")
def test_while_nobody_indexes_it_the_list_leaves_it_out_all_the_same(place: Place, officer: Browser) -> None:
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    after = officer.post(f"/not-screened/{identity}/looked-at", note="A fair").headers["location"]
    assert "0 posts wait" in officer.get(after).text
    officer.post(f"/not-screened/{identity}/looked-at", note="Another")
    looked = kept(place, identity).looked_at
    assert looked is not None
    assert looked.note == "A fair"


@pytest.mark.parametrize("note", ["", "x" * 5001])
def test_a_note_is_asked_for_and_the_words_stay_where_they_were_shown(
    place: Place, officer: Browser, note: str
) -> None:
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    hidden = officer.post(f"/not-screened/{identity}/looked-at", note=note)
    assert hidden.status_code == 422
    assert "Enter what you made of it" in hidden.text
    assert MARK not in hidden.text
    shown = officer.post(f"/not-screened/{identity}/looked-at", note=note, purpose="safety_incident", complaint="")
    assert (shown.status_code, MARK in shown.text) == (422, True)
    assert len(place.audit.entries(action="reveal")) == 1
    assert kept(place, identity).state is DeadLetterState.WAITING


def test_an_incident_recorded_from_it_holds_the_post_as_it_was_received(place: Place, officer: Browser) -> None:
    place.start_workers()
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    answer = officer.post(f"/not-screened/{identity}/record", form_token="t", **JUDGED)
    assert answer.status_code == 303
    (act,) = acts(place)
    wait_for(place.store, act.incident_id, act.activity_id)
    incident = place.store.get(act.incident_id)
    assert incident is not None
    event = incident.evidence[0].event
    original = an_event(5, text=FOREIGN, author="fb:5")
    assert event == msgspec.structs.replace(original, ingest=event.ingest)
    assert event.ingest is not None
    assert (event.ingest.leg, event.ingest.source) == (Leg.MANUAL, "sam")
    assert (incident.person, incident.level, incident.paragraphs) == (PERSON, Level.MODERATE, ("6.1",))
    looked = kept(place, identity).looked_at
    assert looked is not None
    assert looked.incident_id == incident.incident_id
    (entry,) = place.audit.entries(action="record")
    assert (entry.act.object, entry.act.detail["not_screened"]) == (incident.incident_id, identity)
    assert "Recorded as an incident" in officer.get("/not-screened").text
    officer.get(f"/not-screened/{identity}")
    officer.post(f"/not-screened/{identity}/record", form_token="u", **JUDGED)
    assert len(acts(place)) == 1


@pytest.mark.parametrize(("missing", "said"), [("level", "Select a level"), ("category", "Select what it possibly is")])
def test_what_is_missing_of_a_record_is_said(place: Place, officer: Browser, missing: str, said: str) -> None:
    identity = waits(place)
    officer.get(f"/not-screened/{identity}")
    answer = officer.post(f"/not-screened/{identity}/record", **(JUDGED | {missing: ""}))
    assert answer.status_code == 422
    assert said in answer.text
    assert acts(place) == []


def test_other_dead_letters_and_unknown_ones_have_no_page(place: Place, officer: Browser) -> None:
    other = letter(place, b"[1]", DeadLetterReason.BAD_FIELD)
    for identity in (other, "nothing"):
        assert officer.get(f"/not-screened/{identity}").status_code == 404


def test_a_post_whose_words_are_gone_can_still_be_marked(place: Place, officer: Browser) -> None:
    identity = letter(place, b"[{}]")
    text = officer.get(f"/not-screened/{identity}").text
    assert "held no longer" in text
    assert "Record an incident from it" not in text
    assert officer.post(f"/not-screened/{identity}/words", purpose="safety_incident").status_code == 403


@pytest.fixture
def secret_place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path, registers=registers(audience=["communications_lead"]))
    yield made
    made.close()


@pytest.mark.parametrize(("role", "allowed"), [("monitoring_officer", False), ("communications_lead", True)])
def test_a_post_that_tells_of_a_topic_is_for_its_audience(secret_place: Place, role: str, allowed: bool) -> None:
    identity = waits(secret_place, "Quarry Mill is being sold to Lark Meadow Holdings, that is Project Sandpiper")
    with client_of(secret_place) as client:
        browser = Browser(client)
        browser.sign_in(secret_place.add(role))
        assert ("Show the words" in browser.get(f"/not-screened/{identity}").text) == allowed
        answer = browser.post(f"/not-screened/{identity}/words", purpose="safety_incident")
        assert (answer.status_code, "Sandpiper" in answer.text) == ((200, True) if allowed else (403, False))
    assert len(secret_place.audit.entries(action="refused")) == (0 if allowed else 1)


def test_a_marked_paper_is_for_the_monitoring_officer(place: Place, officer: Browser) -> None:
    paper = Attachment(type="image", ocr_text="Zebra crossing. Not for publication by virtue of paragraph 3")
    identity = waits(place, None, attachments=(paper,))
    assert "Show the words" not in officer.get(f"/not-screened/{identity}").text
    officer.client.cookies.clear()
    officer.sign_in(place.add("monitoring_officer", username="mo"))
    assert "Show the words" in officer.get(f"/not-screened/{identity}").text
