"""The draft box: the words of `parapet explain`, nothing kept anywhere, until the author sends it for advice."""

import logging
from pathlib import Path

import pytest

from dashboards.console.acts import wait_for
from dashboards.console.drafts import Draft, Drafts, observation_of
from dashboards.demo import REGISTERS
from pipeline.codec import decode
from pipeline.registers.load import load_registers
from pipeline.registers.types import OwnerKind
from pipeline.store.interface import Query
from pipeline.topics import ACTIVITY
from pipeline.vocabulary.activity import Activity
from pipeline.vocabulary.incident import IncidentKind
from pipeline.vocabulary.levels import Level, Role
from processors.explaining import explained
from processors.rules.load import load_rulebook
from processors.screener import Screener
from tests.dashboards.console.place import Browser, Place

TEXT = "Absolute shower of shite from the zebra committee"
MARK = "zebra"


@pytest.fixture
def councillor(place: Place, browser: Browser) -> Browser:
    browser.sign_in(place.add("councillor", username="alex"))
    browser.get("/draft")
    return browser


def acts(place: Place) -> list[Activity]:
    return [decode(Activity, one.value or b"") for p in range(2) for one in place.log.read(ACTIVITY.name, p, 0, 10)]


def kept_in(home: Path) -> list[str]:
    """Return the files under a home that hold the draft."""
    return [str(path) for path in home.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes().lower()]


def test_a_councillor_sees_what_the_rules_make_of_a_draft(councillor: Browser) -> None:
    text = councillor.post("/draft", draft=TEXT, account="acc-reed").text
    assert "Possible offensive language" in text
    assert "swearing on a councillor&#39;s account" in text
    assert "Send for advice" in text
    assert f">{TEXT}</textarea>" in text


def test_the_words_are_those_of_explain(place: Place, councillor: Browser) -> None:
    seen = observation_of(Draft(TEXT, place.registers.accounts["acc-reed"], place.clock()))
    lines = explained(seen, Screener(place.registers, load_rulebook()), place.registers)[1]
    shown = councillor.post("/draft", draft=TEXT, account="acc-reed").text.replace("&#39;", "'")
    assert all(line.strip() in shown for line in lines)


def test_nothing_is_kept_of_a_draft_that_is_not_sent(
    place: Place, councillor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        councillor.post("/draft", draft=TEXT, account="acc-reed")
    assert acts(place) == []
    assert kept_in(place.home) == []
    assert MARK not in "\n".join(record.getMessage() for record in caplog.records)
    assert MARK not in councillor.get("/draft").text
    entry = place.audit.entries(action="draft")[0].act
    assert (entry.user, entry.detail, entry.object) == ("alex", {}, "")


def test_sent_for_advice_it_waits_for_a_person_and_counts_nowhere(place: Place, councillor: Browser) -> None:
    place.start_workers()
    councillor.post("/draft", draft=TEXT, account="acc-reed")
    answer = councillor.post("/draft/advice", draft=TEXT, account="acc-reed", form_token="t")
    assert answer.status_code == 303
    assert "sent for advice" in councillor.get(answer.headers["location"]).text
    councillor.post("/draft/advice", draft=TEXT, account="acc-reed", form_token="t")
    (act, again) = acts(place)
    assert act.activity_id == again.activity_id
    wait_for(place.store, act.incident_id, act.activity_id)
    (hit,) = place.store.search(Query()).hits
    incident = hit.incident
    assert (incident.kind, incident.level, incident.alerted_levels) == (IncidentKind.ADVICE, Level.LOW, ())
    assert incident.notify == (Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER)
    assert incident.evidence[0].event.text == TEXT
    assert (incident.paragraphs, incident.author) == (("5.3",), None)
    assert councillor.get(f"/incidents/{incident.reference}").status_code == 403


def test_an_officer_sees_it_without_referral_or_removal(place: Place, councillor: Browser) -> None:
    place.start_workers()
    councillor.post("/draft/advice", draft=TEXT, account="acc-reed", form_token="t")
    wait_for(place.store, acts(place)[0].incident_id, acts(place)[0].activity_id)
    incident = place.store.search(Query()).hits[0].incident
    councillor.client.cookies.clear()
    councillor.sign_in(place.add("monitoring_officer", username="mo"))
    text = councillor.get(f"/incidents/{incident.reference}").text
    assert "Draft sent for advice" in text
    assert "Refer incident" not in text
    assert "Ask for removal" not in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"draft": "", "account": "acc-reed"}, "Enter the draft"),
        ({"draft": "x" * 5001, "account": "acc-reed"}, "in 5000 characters or fewer"),
        ({"draft": TEXT, "account": "acc-of-nobody"}, "Select the account"),
    ],
)
@pytest.mark.parametrize("path", ["/draft", "/draft/advice"])
def test_what_is_missing_is_said(
    place: Place, councillor: Browser, path: str, fields: dict[str, str], said: str
) -> None:
    answer = councillor.post(path, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert acts(place) == []


@pytest.mark.parametrize("role", ["auditor", "admin", "service_head", "data_protection_officer"])
def test_others_have_no_draft_box(place: Place, browser: Browser, role: str) -> None:
    browser.sign_in(place.add(role))
    assert browser.get("/draft").status_code == 403


def test_a_draft_does_not_feel_out_what_is_confidential(tmp_path: Path) -> None:
    registers = load_registers(REGISTERS)
    topic = next(one for one in registers.topics if one.strong_terms)
    account = next(one for one in registers.accounts.values() if one.owner_kind is OwnerKind.COUNCILLOR_OFFICIAL)
    told = Draft(f"Word is {topic.strong_terms[0]}, agreed in private.", account, topic.confidential_from)
    plain = explained(observation_of(told), Screener(registers, load_rulebook()), registers)[1]
    assert any(topic.ref in line for line in plain)
    lines = Drafts(tmp_path).check(told, registers)
    assert lines
    assert not any(topic.ref in line or "confidential" in line for line in lines)
