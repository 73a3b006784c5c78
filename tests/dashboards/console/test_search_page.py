"""Search: a purpose first, reasons for each match, gathering and the CSV; all of it recorded."""

import csv
import io
from datetime import timedelta

import pytest

from pipeline.codec import decode
from pipeline.topics import ACTIVITY
from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.levels import Level
from tests.builders import NOON, PERSON, a_detection, an_event, an_incident
from tests.dashboards.console.place import WORDS, Browser, Place, a_leak, a_threat


@pytest.fixture
def searcher(place: Place, browser: Browser) -> Browser:
    place.hold(a_threat(1), a_threat(2, Level.HIGH), a_leak())
    browser.sign_in(place.add("communications_lead"))
    browser.get("/search")
    browser.post("/search/purpose", purpose="complaint", complaint="SC/2026/014")
    browser.get("/search")
    return browser


def look(browser: Browser, **fields: str) -> str:
    """Search and return the results page."""
    sent = browser.post("/search", **fields)
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["location"]).text


def test_the_purpose_comes_first(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    assert "What is the search for?" in browser.get("/search").text
    assert browser.post("/search", text="kill").headers["location"] == "/search"
    assert place.audit.entries(action="search") == []


@pytest.mark.parametrize(
    ("purpose", "complaint", "says"),
    [("", "", "Select what you need"), ("complaint", "", "Enter the complaint reference"), ("nosy", "", "Select what")],
)
def test_a_purpose_that_will_not_do(place: Place, browser: Browser, purpose: str, complaint: str, says: str) -> None:
    browser.sign_in(place.add("communications_officer"))
    browser.get("/search")
    answer = browser.post("/search/purpose", purpose=purpose, complaint=complaint)
    assert answer.status_code == 422
    assert says in answer.text


def test_results_say_why_each_matched_and_hold_no_words(searcher: Browser) -> None:
    text = look(searcher, text="c0mment", person=PERSON, level="critical")
    assert "1 incident found" in text
    assert a_threat(1).reference in text
    for reason in ("who it concerns", "level", "your words, in what was written"):
        assert reason in text.lower()
    for hidden in ("about Reed", "Resident", WORDS):
        assert hidden not in text


def test_a_search_stays_out_of_addresses_and_belongs_to_its_session(place: Place, searcher: Browser) -> None:
    location = searcher.post("/search", text="somethingrude").headers["location"]
    assert "somethingrude" not in location
    assert searcher.get(location).status_code == 200
    searcher.client.cookies.clear()
    searcher.sign_in(place.add("communications_lead", username="kim"))
    assert searcher.get(location).status_code == 404


def test_every_search_is_recorded_with_its_purpose_and_no_words(place: Place, searcher: Browser) -> None:
    look(searcher, text="rude words", author="Jo Bloggs")
    entry = place.audit.entries(action="search")[0].act
    assert (entry.purpose, entry.complaint, entry.detail["words"], entry.detail["hits"]) == (
        "complaint",
        "SC/2026/014",
        "2",
        "0",
    )
    assert "rude" not in str(entry)
    assert "Bloggs" not in str(entry)


def test_a_leak_is_not_found_by_its_words_by_anybody(place: Place, searcher: Browser) -> None:
    assert a_leak().reference not in look(searcher, text="depot")
    assert a_leak().reference in look(searcher, category="confidential_leak")
    searcher.client.cookies.clear()
    searcher.sign_in(place.add("monitoring_officer", username="kim"))
    searcher.get("/search")
    searcher.post("/search/purpose", purpose="audit")
    searcher.get("/search")
    assert a_leak().reference not in look(searcher, text="depot")


@pytest.mark.parametrize(("fields", "broad"), [({}, True), ({"level": "high"}, True), ({"person": PERSON}, False)])
def test_a_browse_is_warned_of(searcher: Browser, fields: dict[str, str], broad: bool) -> None:
    assert ("This is a broad search" in look(searcher, **fields)) is broad


def test_dates_are_whole_days(searcher: Browser) -> None:
    day = {"from__day": "9", "from__month": "3", "from__year": "2026", "until__day": "9", "until__month": "3"}
    assert "3 incidents found" in look(searcher, **day, until__year="2026")
    assert "0 incidents found" in look(searcher, from__day="10", from__month="3", from__year="2026")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"from__day": "31", "from__month": "2", "from__year": "2026"}, "Enter a real date"),
        ({"person": "cllr-nobody"}, "Select an entry of the list"),
    ],
)
def test_a_field_that_cannot_be_read_comes_back_with_what_was_typed(
    searcher: Browser, fields: dict[str, str], says: str
) -> None:
    answer = searcher.post("/search", text="kept words", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="kept words"' in answer.text
    assert "There is a problem" in answer.text


def test_too_many_words_come_back_with_the_cure(searcher: Browser) -> None:
    many = " ".join(f"w{number}" for number in range(120))
    location = searcher.post("/search", text=many).headers["location"]
    answer = searcher.get(location)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_pages_follow_each_other(place: Place, searcher: Browser) -> None:
    many = [
        an_incident(a_detection(an_event(number, at=NOON - timedelta(minutes=number), author=f"fb:{number}")))
        for number in range(100, 140)
    ]
    place.hold(*many)
    location = searcher.post("/search", category="abuse").headers["location"]
    first = searcher.get(location).text
    assert "40 incidents found" in first
    after = first.split("?after=")[1].split('"')[0]
    second = searcher.get(f"{location}?after={after}").text
    shown = [sum(one.reference in page for one in many) for page in (first, second)]
    assert shown == [25, 15]
    assert searcher.get(f"{location}?after=nonsense").status_code == 422


def activities(place: Place) -> list[Activity]:
    messages = [one for part in range(2) for one in place.log.read(ACTIVITY.name, part, 0, 100)]
    return [decode(Activity, one.value) for one in messages if one.value is not None]


def test_chosen_incidents_are_gathered_under_the_complaint(place: Place, searcher: Browser) -> None:
    location = searcher.post("/search", person=PERSON).headers["location"]
    searcher.get(location)
    chosen = [a_threat(1).incident_id, a_threat(2, Level.HIGH).incident_id, "no-such-incident"]
    for _ in range(2):
        assert searcher.post(f"{location}/gather", incident=chosen, complaint="sc/2026/015").status_code == 303
    sent = activities(place)
    assert {(one.incident_id, one.kind, one.complaint) for one in sent} == {
        (one, ActivityKind.GATHER, "SC/2026/015") for one in chosen[:2]
    }
    assert len({one.activity_id for one in sent}) == 2
    assert len(place.audit.entries(action="gather", complaint="SC/2026/015")) == 4


@pytest.mark.parametrize(("incident", "complaint"), [([], "SC/2026/014"), (["x"], "SC/2026/014")])
def test_gathering_nothing_says_so(place: Place, searcher: Browser, incident: list[str], complaint: str) -> None:
    location = searcher.post("/search", person=PERSON).headers["location"]
    searcher.get(location)
    answer = searcher.post(f"{location}/gather", incident=incident, complaint=complaint)
    assert (answer.status_code, activities(place)) == (422, [])


def test_the_export_holds_every_hit_and_is_recorded(place: Place, searcher: Browser) -> None:
    location = searcher.post("/search", person=PERSON).headers["location"]
    searcher.get(location)
    answer = searcher.post(f"{location}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["reference"] for row in rows} == {a_threat(1).reference, a_threat(2, Level.HIGH).reference}
    entry = place.audit.entries(action="export")[0].act
    assert (entry.detail["rows"], entry.detail["person"], entry.complaint) == ("2", PERSON, "SC/2026/014")
