"""The incident page: words hidden until asked for with a purpose, escaped, marked, and never for the wrong eyes."""

import hashlib
import re
from datetime import timedelta

import msgspec
import pytest

from dashboards.console.case import EVIDENCE_SHOWN
from pipeline.vocabulary.alert import Channel, Delivery, DeliveryState
from pipeline.vocabulary.event import Attachment
from pipeline.vocabulary.finding import RuleState, Versions
from pipeline.vocabulary.incident import Evidence, Incident, Note, TimelineEntry
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import WORDS, Browser, Place, a_leak, a_threat

PNG = b"\x89PNG\r\n\x1a\npixels"


def path_of(incident: Incident, act: str = "") -> str:
    return f"/incidents/{incident.reference}{act}"


def body(text: str) -> str:
    """Return a page's main part, without the layout."""
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    place.hold(a_threat(), a_leak())
    browser.sign_in(place.add("communications_officer"))
    browser.get(path_of(a_threat()))
    return browser


def test_words_reason_and_author_are_hidden_until_asked_for(place: Place, officer: Browser) -> None:
    text = officer.get(path_of(a_threat())).text
    assert "Text hidden" in text
    for hidden in ("about Reed", "Resident", "because of the test", "facebook.example"):
        assert hidden not in text
    shown = officer.post(path_of(a_threat(), "/words"), purpose="safety_incident").text
    assert "Text hidden" not in shown
    for words in ("about Reed", "Resident fb:1", "because of the test", "https://facebook.example/1"):
        assert words in shown
    entry = place.audit.entries(action="reveal")[0].act
    assert (entry.user, entry.object, entry.purpose) == ("sam", a_threat().reference, "safety_incident")


def test_words_are_escaped_and_marked(officer: Browser) -> None:
    shown = officer.post(path_of(a_threat(), "/words"), purpose="safety_incident").text
    assert "<mark>comment</mark>" in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert WORDS not in shown


def test_titles_and_addresses_hold_no_words(officer: Browser) -> None:
    shown = officer.post(path_of(a_threat(), "/words"), purpose="safety_incident").text
    title = re.search("<title>(.*?)</title>", shown)
    assert title is not None
    assert title.group(1).startswith(f"Incident {a_threat().reference}, words shown")
    assert not re.search(r'href="https?://', shown)


@pytest.mark.parametrize(("purpose", "complaint"), [("", ""), ("curiosity", ""), ("complaint", "")])
def test_words_are_not_shown_without_a_purpose(place: Place, officer: Browser, purpose: str, complaint: str) -> None:
    answer = officer.post(path_of(a_threat(), "/words"), purpose=purpose, complaint=complaint)
    assert answer.status_code == 422
    assert "about Reed" not in answer.text
    assert place.audit.entries(action="reveal") == []


def test_a_reveal_for_a_complaint_is_recorded_with_its_reference(place: Place, officer: Browser) -> None:
    officer.post(path_of(a_threat(), "/words"), purpose="complaint", complaint="sc/2026/014")
    assert place.audit.entries(complaint="SC/2026/014")[0].act.action == "reveal"


def test_each_view_is_recorded(place: Place, officer: Browser) -> None:
    assert [entry.act.object for entry in place.audit.entries(action="view")] == [a_threat().reference]


def test_the_words_of_a_leak_are_not_for_communications(place: Place, officer: Browser) -> None:
    page = officer.get(path_of(a_leak())).text
    assert "only the audience of the topic can read them" in page
    assert "Show the words" not in page
    for act in ("/words", "/print"):
        answer = officer.post(path_of(a_leak(), act), purpose="safety_incident")
        assert answer.status_code == 403
        assert "depot" not in answer.text
    assert [entry.act.object for entry in place.audit.entries(action="refused")] == [a_leak().reference] * 2


def test_the_monitoring_officer_reads_a_leak_drawn_from_the_evidence(place: Place, browser: Browser) -> None:
    place.hold(a_leak())
    browser.sign_in(place.add("monitoring_officer"))
    browser.get(path_of(a_leak()))
    shown = browser.post(path_of(a_leak(), "/words"), purpose="safety_incident").text
    assert "<mark>Millbank depot sale</mark>" in shown
    assert "Topic CT-1" in shown


def test_the_paragraph_is_cited_with_its_wording_rule_and_versions(place: Place, browser: Browser) -> None:
    versions = Versions(guidance="2019-03", rulebook="7", lexicon="3")
    finding = a_finding(paragraphs=("6.1", "2.1"), versions=versions)
    trial = a_finding(state=RuleState.SHADOW, paragraph="99.9", paragraphs=("99.9",))
    hidden = a_finding(state=RuleState.SHADOW, suppressed_by="SUP-7")
    incident = an_incident(a_detection(an_event(), finding, trial, hidden))
    place.hold(incident)
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(path_of(incident)).text
    for words in (
        "Hidden by suppression SUP-7, does not count",
        "Paragraph 6.1: Own safety",
        "Threats, abuse or harassment that a councillor receives go",
        "See also paragraph 2.1",
        "Rule abuse-rule, version 1; Guidance 2019-03; rulebook 7; lexicon 3.",
        "On trial, does not count",
        "which is not in this version of the Guidance",
    ):
        assert words in text


@pytest.mark.parametrize("wanted", ["reference", "lower", "id"])
def test_an_incident_is_found_by_reference_and_id(officer: Browser, wanted: str) -> None:
    threat = a_threat()
    name = {"reference": threat.reference, "lower": threat.reference.lower(), "id": threat.incident_id}[wanted]
    assert officer.get(f"/incidents/{name}").status_code == 200


@pytest.mark.parametrize("wanted", ["SM-2026-ZZZZZZ", "nothing", "..%2f..", "' OR 1=1"])
def test_an_unknown_incident_is_not_found(officer: Browser, wanted: str) -> None:
    assert officer.get(f"/incidents/{wanted}").status_code == 404


def test_other_incidents_of_the_same_author_about_the_same_person(place: Place, browser: Browser) -> None:
    mine = an_incident(a_detection(an_event(1, author="fb:5")))
    same = an_incident(a_detection(an_event(2, author="fb:5")))
    by_another = an_incident(a_detection(an_event(3, author="fb:6")))
    about_another = an_incident(a_detection(an_event(4, author="fb:5"), a_finding(target="cllr-marsh")))
    place.hold(mine, same, by_another, about_another)
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(path_of(mine)).text
    assert same.reference in text
    assert by_another.reference not in text
    assert about_another.reference not in text


def test_timeline_notes_and_deliveries(place: Place, browser: Browser) -> None:
    incident = msgspec.structs.replace(
        a_threat(),
        timeline=(TimelineEntry(at=NOON, code="acknowledged", by="sam"),),
        notes=(Note(note_id="n", by="sam", at=NOON, text="Rang <Cllr Reed>"),),
    )
    place.hold(incident)
    delivery = Delivery(
        alert_id="a",
        incident_id=incident.incident_id,
        channel=Channel.EMAIL,
        recipient="comms",
        state=DeliveryState.RETRYING,
        attempts=2,
        at=NOON,
        reason="421 try later",
    )
    place.store.upsert([delivery])
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(path_of(incident)).text
    assert "Acknowledged, by Sam Officer" in text
    assert "Rang &lt;Cllr Reed&gt;" in text
    assert "Not sent yet: trying again (421 try later)" in text


@pytest.mark.parametrize(("level", "warned"), [(Level.CRITICAL, True), (Level.HIGH, False)])
def test_critical_begins_with_999(place: Place, browser: Browser, level: Level, warned: bool) -> None:
    incident = a_threat(1, level, route=None)
    place.hold(incident)
    browser.sign_in(place.add("communications_officer"))
    assert ("call 999." in body(browser.get(path_of(incident)).text)) is warned


def test_printing_is_recorded_with_and_without_words(place: Place, officer: Browser) -> None:
    assert "about Reed" not in officer.get(path_of(a_threat(), "/print")).text
    officer.get(path_of(a_threat()))
    assert "about Reed" in officer.post(path_of(a_threat(), "/print"), purpose="safety_incident").text
    assert [entry.act.detail["words"] for entry in place.audit.entries(action="print")] == ["yes", "no"]


def with_picture(place: Place, incident: Incident) -> tuple[Incident, str]:
    url = place.app.state.desk.evidence.keep(PNG)
    event = msgspec.structs.replace(incident.evidence[0].event, attachments=(Attachment(type="image", url=url),))
    evidence = (Evidence(event=event, findings=incident.evidence[0].findings),)
    return msgspec.structs.replace(incident, evidence=evidence), hashlib.sha256(PNG).hexdigest()


def test_a_screenshot_is_for_its_own_incident_and_those_who_read_words(place: Place, browser: Browser) -> None:
    threat, name = with_picture(place, a_threat())
    leak, _ = with_picture(place, a_leak())
    other = a_threat(2)
    place.hold(threat, leak, other)
    browser.sign_in(place.add("communications_officer"))
    got = browser.client.get(path_of(threat, f"/screenshots/{name}"))
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PNG, "image/png")
    assert browser.client.get(path_of(other, f"/screenshots/{name}")).status_code == 404
    assert browser.client.get(path_of(leak, f"/screenshots/{name}")).status_code == 403
    assert [entry.act.object for entry in place.audit.entries(action="screenshot")] == [threat.reference]


def test_a_long_incident_shows_its_newest_posts(place: Place, browser: Browser) -> None:
    events = [an_event(number, at=NOON + timedelta(minutes=number)) for number in range(EVIDENCE_SHOWN + 5)]
    evidence = tuple(Evidence(event=event, findings=(a_finding(),)) for event in events)
    incident = msgspec.structs.replace(an_incident(), evidence=evidence)
    place.hold(incident)
    browser.sign_in(place.add("communications_officer"))
    text = browser.get(path_of(incident)).text
    assert f"The newest {EVIDENCE_SHOWN} posts are shown; 5 older ones are in the record." in text
    assert f"Post {EVIDENCE_SHOWN + 5}:" in text
    assert "Post 5:" not in text


def test_the_data_protection_officer_reads_and_does_not_handle(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    browser.sign_in(place.add("data_protection_officer"))
    text = browser.get(path_of(a_threat())).text
    assert "Show the words" in text
    assert "I have this" not in text
    assert "Give a verdict" not in text
