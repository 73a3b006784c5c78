"""What officers do about an incident, applied or refused by the real casework step, and shown on the page."""

import pytest

from pipeline.codec import decode
from pipeline.store.interface import Query
from pipeline.topics import ACTIVITY
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.incident import IncidentKind, IncidentState, VerdictCode
from pipeline.vocabulary.levels import Level
from tests.builders import ACCOUNT, PERSON
from tests.dashboards.console.place import Browser, Place, a_threat
from tests.dashboards.console.test_manual import GOOD

PNG = b"\x89PNG\r\n\x1a\npixels"
PATH = f"/incidents/{a_threat().reference}"


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    """Return an officer on an incident's page, with the workers at work."""
    place.hold(a_threat())
    place.start_workers()
    browser.sign_in(place.add("communications_officer"))
    browser.get(PATH)
    return browser


def done(browser: Browser, act: str, **fields: str) -> str:
    """Send an act and return the page it leads to."""
    answer = browser.post(f"{PATH}/{act}", **({"seen_version": "1", "form_token": "t"} | fields))
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def test_i_have_this(place: Place, officer: Browser) -> None:
    text = done(officer, "acknowledge")
    assert "You have this incident." in text
    assert "Sam Officer has it since" in text
    assert "I have this" not in text
    held = place.store.get(a_threat().incident_id)
    assert held is not None
    assert (held.state, held.acknowledged_by) == (IncidentState.ACKNOWLEDGED, "sam")
    assert place.audit.entries(action="acknowledge")[0].act.object == a_threat().reference


def test_what_is_stale_is_refused_with_the_reason(place: Place, officer: Browser) -> None:
    done(officer, "acknowledge")
    officer.client.cookies.clear()
    officer.sign_in(place.add("monitoring_officer", username="kim"))
    officer.get(PATH)
    text = done(officer, "acknowledge", form_token="other")
    assert "What you sent was not applied" in text
    assert "acknowledged by somebody else" in text


def test_a_form_sent_twice_is_one_act(place: Place, officer: Browser) -> None:
    for _ in range(2):
        assert "Your note is added." in done(officer, "note", note="Rang the councillor")
    held = place.store.get(a_threat().incident_id)
    assert held is not None
    assert [note.text for note in held.notes] == ["Rang the councillor"]


@pytest.mark.parametrize(
    ("code", "level", "state", "stands"),
    [
        ("confirmed", "", IncidentState.CLOSED, Level.CRITICAL),
        ("not_a_finding", "low", IncidentState.CLOSED, Level.CRITICAL),
        ("level_changed", "moderate", IncidentState.ACKNOWLEDGED, Level.MODERATE),
    ],
)
def test_a_verdict_with_its_reason(
    place: Place, officer: Browser, code: str, level: str, state: IncidentState, stands: Level
) -> None:
    text = done(officer, "verdict", verdict=code, level=level, reason="It was a joke <between> friends")
    assert "Your verdict is recorded." in text
    assert "It was a joke &lt;between&gt; friends" in text
    held = place.store.get(a_threat().incident_id)
    assert held is not None
    assert (held.state, held.level) == (state, stands)
    assert held.verdict is not None
    assert (held.verdict.code, held.verdict.by) == (VerdictCode(code), "sam")
    assert "joke" not in str(place.audit.entries(action="verdict"))


def test_gathering_under_a_complaint(place: Place, officer: Browser) -> None:
    assert "gathered under the complaint" in done(officer, "gather", complaint="sc/2026/014")
    held = place.store.get(a_threat().incident_id)
    assert held is not None
    assert held.complaints == ("SC/2026/014",)


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("verdict", {"reason": "r"}, "Select a verdict"),
        ("verdict", {"verdict": "guilty", "reason": "r"}, "Select a verdict"),
        ("verdict", {"verdict": "level_changed", "reason": "r"}, "Select the level"),
        ("verdict", {"verdict": "confirmed"}, "Enter the reason"),
        ("verdict", {"verdict": "confirmed", "reason": "x" * 5001}, "Enter the reason"),
        ("note", {"note": "  "}, "Enter the note"),
        ("gather", {"complaint": "no number"}, "Enter the complaint reference"),
    ],
)
def test_what_is_not_filled_in_comes_back(
    place: Place, officer: Browser, act: str, fields: dict[str, str], says: str
) -> None:
    answer = officer.post(f"{PATH}/{act}", **fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert all(place.log.end(ACTIVITY.name, part) == 0 for part in range(2))


@pytest.mark.usefixtures("nobody_works")
def test_an_act_carries_the_version_on_the_screen(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    browser.sign_in(place.add("communications_officer"))
    browser.get(PATH)
    browser.post(f"{PATH}/note", note="n", seen_version="1", form_token="t")
    found = [one for part in range(2) for one in place.log.read(ACTIVITY.name, part, 0, 9)]
    act = decode(Activity, found[0].value or b"")
    assert (act.seen_version, act.concern, act.by) == (1, f"person:{PERSON}", "sam")
    assert found[0].key == f"person:{PERSON}"
    assert b"note" not in b"".join(found[0].headers.values())


@pytest.mark.usefixtures("nobody_works")
def test_while_nobody_works_the_act_is_on_its_way(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    browser.sign_in(place.add("communications_officer"))
    browser.get(PATH)
    assert "is on its way" in done(browser, "acknowledge")


def record(browser: Browser, screenshot: bytes = b"", **changes: str) -> str:
    """Send the form of a record; return where it leads, or the page that comes back."""
    browser.get("/record")
    fields = {name.replace("-", "__"): value for name, value in (GOOD | changes).items()}
    answer = browser.upload("/record", screenshot, **fields) if screenshot else browser.post("/record", **fields)
    return answer.headers["location"] if answer.status_code == 303 else answer.text


def test_an_incident_recorded_by_hand_opens(place: Place, officer: Browser) -> None:
    text = officer.get(record(officer, PNG)).text
    assert "The incident is recorded." in text
    assert "Recorded by hand, not on a registered account" in text
    found = place.store.search(Query(text="careful")).hits
    assert [(hit.incident.kind, hit.incident.level) for hit in found] == [(IncidentKind.MANUAL, Level.HIGH)]
    path = f"/incidents/{found[0].incident.reference}"
    officer.get(path)
    shown = officer.post(f"{path}/words", purpose="safety_incident").text
    assert "You should be careful" in shown
    image = shown.split('<img class="parapet-screenshot" src="')[1].split('"')[0]
    assert officer.client.get(image).content == PNG


def test_recording_the_same_twice_leads_to_the_same_incident(place: Place, officer: Browser) -> None:
    first, second = record(officer, form_token="one"), record(officer, form_token="two")
    assert first.split("?")[0] == second.split("?")[0]
    assert "this incident is recorded already" in officer.get(second).text


@pytest.mark.parametrize(
    ("changes", "screenshot", "says"),
    [
        ({"category": ""}, b"", "Select what it possibly is"),
        ({"link": "", "text": ""}, b"", "Enter what was written"),
        ({}, b"<svg/>", "must be a PNG or JPEG"),
    ],
)
def test_a_record_that_will_not_do_comes_back(
    place: Place, officer: Browser, changes: dict[str, str], screenshot: bytes, says: str
) -> None:
    text = record(officer, screenshot, **changes)
    assert says in text
    assert "There is a problem" in text
    assert 'value="Somebody"' in text
    assert all(place.log.end(ACTIVITY.name, part) == 0 for part in range(2))


def test_a_record_on_a_registered_account_without_a_person(place: Place, officer: Browser) -> None:
    text = officer.get(record(officer, person="", account=ACCOUNT, level="low")).text
    assert "Testwick Council page" in text
    assert "The incident is recorded." in text
