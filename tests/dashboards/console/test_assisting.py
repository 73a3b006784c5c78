"""Letters, referrals and requests to remove in the console: prepared, sent by a person, recorded; never by itself."""

import pytest

from dashboards.console.letters import filled, suggested, templates
from pipeline.codec import decode
from pipeline.guidance import load_guidance
from pipeline.topics import ACTIVITY, ALERTS
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.assistance import Letter, TakedownOutcome
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import Level
from tests.builders import PERSON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import WORDS, Browser, Place, a_threat, borough


def a_post(category: Category = Category.OWN_SAFETY, level: Level = Level.MODERATE) -> Incident:
    """Return an incident of what a councillor's own account wrote."""
    event = an_event(5, author="bs:reed", account="acc-reed", direction=Direction.OUTBOUND, text=WORDS)
    return an_incident(a_detection(event, a_finding(category, level)))


PATH = f"/incidents/{a_post().reference}"


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    place.hold(a_post(), a_threat())
    place.start_workers()
    browser.sign_in(place.add("communications_officer"))
    browser.get(PATH)
    return browser


def done(browser: Browser, act: str, **fields: str) -> str:
    answer = browser.post(f"{PATH}/{act}", **({"seen_version": "1", "form_token": act} | fields))
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


@pytest.mark.parametrize("letter", Letter)
def test_every_letter_can_be_filled_and_quotes_no_post(letter: Letter) -> None:
    text = filled(letter, a_post(), borough(), load_guidance(), "Sam Officer")
    assert "Dear Cllr Alex Reed," in text
    assert "Sam Officer" in text
    assert f"Paragraph {templates()[letter].paragraph}:" in text
    assert "{" not in text
    assert "comment about" not in text
    assert not [word for word in ("complain ", "fine", "breach", "sanction", "penalt") if word in text.lower()]


def test_letters_suit_what_was_found_and_only_what_a_councillor_wrote() -> None:
    assert suggested(a_post()) == (Letter.SAFETY,)
    assert suggested(a_post(Category.LOGIN_SHARING)) == (Letter.LOGIN,)
    assert suggested(a_threat()) == ()


def test_a_letter_is_shown_and_nothing_is_sent_until_a_person_says_so(place: Place, officer: Browser) -> None:
    assert "Your safety online" in officer.get(PATH).text
    text = officer.get(f"{PATH}/letters/safety").text
    assert "Parapet sends nothing to a councillor" in text
    assert "Dear Cllr Alex Reed," in text
    assert [one for p in range(2) for one in place.log.read(ACTIVITY.name, p, 0, 10)] == []
    shown = done(officer, "prompt", letter="safety")
    assert "The letter is recorded as sent." in shown
    assert "Your safety online, by Sam Officer" in shown
    acts = [decode(Activity, one.value or b"") for p in range(2) for one in place.log.read(ACTIVITY.name, p, 0, 10)]
    assert [one.kind.value for one in acts] == ["prompt"]
    assert [one for p in range(2) for one in place.log.read(ALERTS.name, p, 0, 10)] == []
    held = place.store.get(a_post().incident_id)
    assert held is not None
    assert held.complaints == ()


def test_a_referral_stands_on_the_incident(place: Place, officer: Browser) -> None:
    text = done(officer, "refer", complaint="sc/2026/014")
    assert "The incident is referred to the Monitoring Officer." in text
    assert "To the Monitoring Officer under SC/2026/014, by Sam Officer" in text
    assert "Refer incident" not in text
    assert place.audit.entries(action="refer")[0].act.detail == {"complaint": "SC/2026/014"}
    assert officer.post(f"{PATH}/refer", complaint="").status_code == 422


REMOVAL = {
    "asked_by": "Head of Communications",
    "removal_reason": "names a tenant",
    "paragraph": "5.2.10",
    "deadline__day": "12",
    "deadline__month": "3",
    "deadline__year": "2026",
}


def test_a_request_to_remove_is_recorded_with_its_outcome(place: Place, officer: Browser) -> None:
    text = done(officer, "removal", **REMOVAL)
    assert "Open: asked by Head of Communications" in text
    assert "by <time" in text
    assert "12 March 2026, 5:00pm GMT" in text
    held = place.store.get(a_post().incident_id)
    assert held is not None
    (request,) = held.takedowns
    shown = done(officer, "removal/outcome", request_id=request.request_id, outcome="refused")
    assert "Refused: asked by Head of Communications" in shown
    assert "Request to remove closed: refused" in shown
    after = place.store.get(a_post().incident_id)
    assert after is not None
    assert after.takedowns[0].outcome is TakedownOutcome.REFUSED
    assert after.evidence == held.evidence


@pytest.mark.parametrize("missing", ["asked_by", "removal_reason", "paragraph", "deadline__year"])
def test_a_request_that_lacks_something_is_not_recorded(place: Place, officer: Browser, missing: str) -> None:
    answer = officer.post(f"{PATH}/removal", **(REMOVAL | {missing: ""}))
    assert answer.status_code == 422
    assert "Nothing was recorded" in answer.text
    assert [one for p in range(2) for one in place.log.read(ACTIVITY.name, p, 0, 10)] == []


def test_what_a_resident_wrote_has_no_letters_and_no_referral(officer: Browser) -> None:
    text = officer.get(f"/incidents/{a_threat().reference}").text
    assert "Private prompts" not in text
    assert "Refer incident" not in text
    assert "Ask for removal" in text
    assert PERSON not in text.split("<main")[0]
