"""Subject access: the clock of a request, and the copy that holds the person's own words and nobody else."""

import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
import pyzipper

from dashboards.console.access_requests import AccessRequest, RequestAct
from dashboards.console.copies import copy_for
from dashboards.console.sealed import KEPT
from pipeline.vocabulary.event import Author, Quoted
from pipeline.vocabulary.incident import Incident, Note, Verdict, VerdictCode
from tests.builders import NOON, a_detection, a_finding, an_event, an_incident
from tests.dashboards.console.place import Browser, Place, a_leak

ME = Author(id="fb:me", handle="kim.quarry", display_name="Kim Quarry")
OTHER = Author(id="fb:other", handle="jo_else", display_name="Jo Elsewhere")
MINE = "I wrote to @jo_else and Jo Elsewhere, ring 07700 900123"
THEIRS = "Kim Quarry is a friend of Jo Elsewhere (@third.party), https://x.example/jo_else, ring 07700 900456"


@pytest.mark.parametrize(
    ("request_", "today", "due"),
    [
        (AccessRequest("SAR/1", date(2026, 3, 9)), date(2026, 3, 10), date(2026, 4, 9)),
        (AccessRequest("SAR/1", date(2026, 1, 31)), date(2026, 2, 1), date(2026, 2, 28)),
        (AccessRequest("SAR/1", date(2026, 3, 9), extended=True), date(2026, 3, 10), date(2026, 6, 9)),
        (AccessRequest("SAR/1", date(2026, 3, 9), paused_days=4), date(2026, 3, 20), date(2026, 4, 13)),
        (AccessRequest("SAR/1", date(2026, 3, 9), paused_on=date(2026, 3, 10)), date(2026, 3, 20), date(2026, 4, 19)),
    ],
)
def test_the_clock(request_: AccessRequest, today: date, due: date) -> None:
    assert request_.due_on(today) == due


@pytest.fixture
def officer(place: Place, browser: Browser) -> Browser:
    browser.sign_in(place.add("data_protection_officer", username="dpo"))
    return browser


def add(browser: Browser, reference: str = "sar/2026/003", day: str = "8") -> None:
    browser.get("/requests")
    received = {"received__day": day, "received__month": "3", "received__year": "2026"}
    assert browser.post("/requests", reference=reference, **received).status_code == 303


def act(browser: Browser, what: RequestAct) -> str:
    assert browser.post("/requests/act", reference="SAR/2026/003", act=what.value).status_code == 303
    return browser.get("/requests").text


def test_a_request_runs_stops_goes_on_and_is_closed(place: Place, officer: Browser) -> None:
    add(officer)
    assert "8 April 2026" in officer.get("/requests").text
    assert "Stopped" in act(officer, RequestAct.PAUSE)
    place.clock.now += timedelta(hours=7)
    officer.client.cookies.clear()
    officer.sign_in("dpo")
    officer.get("/requests")
    assert "30 days left" in act(officer, RequestAct.GO_ON)
    assert "8 June 2026" in act(officer, RequestAct.EXTEND)
    assert "Add two months" not in officer.get("/requests").text
    assert "Closed" in act(officer, RequestAct.CLOSE)
    acts = [one.act.detail["act"] for one in reversed(place.audit.entries(action="access_request"))]
    assert acts == ["add", "pause", "go_on", "extend", "close"]
    assert place.app.state.desk.requests.get("SAR/2026/003") is not None


def test_a_pause_counts_whole_days(place: Place) -> None:
    requests = place.app.state.desk.requests
    requests.add("SAR/1", date(2026, 3, 1), date(2026, 3, 9))
    requests.act("SAR/1", RequestAct.PAUSE, date(2026, 3, 9))
    assert requests.act("SAR/1", RequestAct.GO_ON, date(2026, 3, 12)).due_on(date(2026, 3, 12)) == date(2026, 4, 4)


def test_what_is_overdue_is_said(place: Place, officer: Browser) -> None:
    place.app.state.desk.requests.add("SAR/1", date(2026, 1, 2), date(2026, 3, 9))
    assert "Overdue" in officer.get("/requests").text


DAY = {"received__day": "9", "received__month": "3", "received__year": "2026"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reference": "x"}, "Enter the reference of the request"),
        ({"reference": "SAR/2026/003"}, "Enter the day it was received"),
        ({"reference": "SAR/1"} | DAY | {"received__year": "2027"}, "in the future"),
        ({"reference": "SAR/2"} | DAY, "is there already"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(place: Place, officer: Browser, fields: dict[str, str], said: str) -> None:
    place.app.state.desk.requests.add("SAR/2", date(2026, 3, 9), date(2026, 3, 9))
    officer.get("/requests")
    answer = officer.post("/requests", **fields)
    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.parametrize("what", ["shred", "go_on"])
def test_what_cannot_be_done_is_refused(place: Place, officer: Browser, what: str) -> None:
    add(officer)
    answer = officer.post("/requests/act", reference="SAR/2026/003", act=what)
    assert answer.status_code == 422


def held() -> tuple[Incident, ...]:
    """Return what the person wrote, what somebody else wrote of them, and a leak."""
    mine = an_event(1, author=ME, text=MINE, shared=Quoted(text="Jo Elsewhere said it", author_handle="jo_else"))
    theirs = an_event(2, author=OTHER, text=THEIRS, at=NOON + timedelta(minutes=1))
    verdict = Verdict(code=VerdictCode.CONFIRMED, level=None, reason="Jo Elsewhere agreed", by="sam", at=NOON)
    note = Note(note_id="n", by="sam", at=NOON, text="Kim Quarry rang about @jo_else")
    written = an_incident(a_detection(mine, a_finding()), verdict=verdict, notes=(note,))
    return written, an_incident(a_detection(theirs, a_finding())), a_leak()


def test_own_words_stand_whole_and_of_others_nothing() -> None:
    copy = copy_for(["Kim Quarry", "kim.quarry", "fb:me"], held())
    assert copy.left_out == 1
    mine, theirs = copy.incidents
    assert mine.posts[0].written_by == "you"
    assert dict(mine.posts[0].texts)["What was written"] == MINE
    assert dict(mine.posts[0].texts)["The post that was shared"] == "[name] said it"
    assert (mine.decided, mine.notes) == ("Confirmed: [name] agreed", ("Kim Quarry rang about @[name]",))
    assert theirs.posts[0].written_by == "somebody else"
    (text,) = (words for _, words in theirs.posts[0].texts)
    assert text == "Kim Quarry is a friend of [name] ([handle]), [address] ring [phone]"
    said = msgspec.json.encode((theirs, mine.notes, mine.decided)).decode()
    assert [word for word in ("Elsewhere", "jo_else", "third", "900456", "fb:other") if word in said] == []
    assert copy.redactions >= 6


def test_the_copy_is_sealed_fetched_and_gone_after_a_week(place: Place, officer: Browser) -> None:
    place.hold(*held())
    officer.get("/search")
    officer.post("/search/purpose", purpose="subject_access_request")
    results = officer.post("/search", author="kim.quarry").headers["location"]
    assert "A copy for the person" in officer.get(results).text
    answer = officer.post(f"{results}/copy", subject="Kim Quarry\nkim.quarry")
    assert answer.status_code == 200
    name = re.search(r"/exports/([0-9a-f]+)", answer.text)
    passphrase = re.search(r'id="passphrase">([^<]+)<', answer.text)
    assert name is not None
    assert passphrase is not None
    fetched = officer.get(f"/exports/{name[1]}")
    assert b"jo_else" not in fetched.content
    with pyzipper.AESZipFile(io.BytesIO(fetched.content)) as sealed:
        with pytest.raises(RuntimeError, match="encrypted"):
            sealed.read("copy.html")
        sealed.setpassword(passphrase[1].encode())
        page, data = sealed.read("copy.html").decode(), json.loads(sealed.read("copy.json"))
    assert "ring 07700 900123" in page
    assert data[0]["reference"] == held()[0].reference
    detail = place.audit.entries(action="export")[-1].act.detail
    assert (detail["incidents"], detail["left_out"], detail["sealed"]) == ("1", "0", name[1])
    assert passphrase[1] not in str(place.audit.entries())
    sealed_exports = place.app.state.desk.sealed
    assert sealed_exports.read(name[1], place.clock()) is not None
    path = place.home / "exports" / name[1]
    assert path.stat().st_mode & 0o077 == 0
    later = datetime.fromtimestamp(path.stat().st_mtime, UTC) + KEPT + timedelta(seconds=1)
    assert sealed_exports.read(name[1], later) is None
    assert not path.exists()
    assert officer.get(f"/exports/{name[1]}").status_code == 404


@pytest.mark.parametrize(("purpose", "subject"), [("audit", "Kim"), ("subject_access_request", "")])
def test_without_its_purpose_and_the_person_there_is_no_copy(
    place: Place, officer: Browser, purpose: str, subject: str
) -> None:
    place.hold(*held())
    officer.get("/search")
    officer.post("/search/purpose", purpose=purpose)
    results = officer.post("/search", author="kim.quarry").headers["location"]
    officer.get(results)
    assert officer.post(f"{results}/copy", subject=subject).status_code == 422
    assert not (place.home / "exports").exists()


def test_no_other_name_leads_out_of_the_folder(officer: Browser) -> None:
    assert officer.get("/exports/..%2Fconsole.db").status_code == 404
