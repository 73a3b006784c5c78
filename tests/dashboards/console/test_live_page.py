"""The live page as it is loaded, without scripts."""

from datetime import timedelta

import msgspec
import pytest

from pipeline.codec import encode
from pipeline.log.interface import Outgoing
from pipeline.topics import ALERTS
from pipeline.vocabulary.incident import IncidentState
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, SourceStatus
from tests.builders import ACCOUNT, NOON
from tests.dashboards.console.place import NOW, WORDS, Browser, Place, a_leak, a_threat
from tests.dashboards.console.test_feed import until
from tests.dashboards.console.test_live_figures import an_alert


def test_open_incidents_stand_critical_first_without_words(place: Place, browser: Browser) -> None:
    closed = msgspec.structs.replace(a_threat(4), state=IncidentState.CLOSED)
    in_hand = msgspec.structs.replace(a_threat(5), state=IncidentState.ACKNOWLEDGED, acknowledged_by="kim")
    place.hold(a_threat(1, Level.LOW), a_threat(2, Level.HIGH), a_threat(3), closed, in_hand)
    browser.sign_in(place.add("communications_officer"))
    text = browser.get("/").text
    shown = [one.reference for one in (a_threat(3), a_threat(2, Level.HIGH), a_threat(1, Level.LOW), in_hand)]
    assert sorted(shown, key=text.index) == shown
    assert closed.reference not in text
    assert "In hand: kim" in text
    for hidden in ("comment about", "Resident", WORDS):
        assert hidden not in text


@pytest.mark.parametrize(("level", "warned"), [(Level.CRITICAL, True), (Level.HIGH, False)])
def test_the_warning_shows_while_a_critical_incident_is_open(
    place: Place, browser: Browser, level: Level, warned: bool
) -> None:
    place.hold(a_threat(1, level))
    browser.sign_in(place.add("communications_officer"))
    text = browser.get("/").text
    assert ("data-critical-warning hidden" in " ".join(text.split())) is not warned
    assert "If anyone is in immediate danger, call 999." in text


def test_silence_is_said_in_words(place: Place, browser: Browser) -> None:
    for account, minutes in ((ACCOUNT, 2), ("acc-x", 14), ("acc-reed", 31)):
        at = NOW - timedelta(minutes=minutes)
        place.store.upsert([SourceStatus(account=account, platform="x", connector="file", last_received_at=at)])
    browser.sign_in(place.add("admin"))
    text = browser.get("/").text
    for words in ("Receiving", "Quiet", "Silent", "14 minutes ago", "9 March 2026, 11:34am GMT"):
        assert words in text


def test_dead_letters_are_counted_with_their_reason(place: Place, browser: Browser) -> None:
    letters = [
        DeadLetter(
            dead_letter_id=str(number), reason=reason, explanation="e", stage="s", source="f", position="1", at=NOON
        )
        for number, reason in enumerate(
            [DeadLetterReason.BAD_JSON, DeadLetterReason.BAD_JSON, DeadLetterReason.TOO_LARGE]
        )
    ]
    place.store.upsert(letters)
    browser.sign_in(place.add("admin"))
    text = browser.get("/").text
    assert "3 messages wait" in text
    assert "Could not be read as JSON" in text
    assert "Too large" in text


def test_undelivered_alerts_are_shown(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("admin"))
    assert "Every alert of the last 14 days has been sent" in browser.get("/").text
    place.log.append([Outgoing(topic=ALERTS.name, key="a1", value=encode(an_alert()))])
    until(lambda: "1 alert has" in browser.get("/live/parts").text)
    assert "No mail server is set" in browser.get("/live/parts").text


def test_an_admin_sees_the_service_and_no_incident(place: Place, browser: Browser) -> None:
    place.hold(a_threat())
    browser.sign_in(place.add("admin"))
    text = browser.get("/").text
    assert a_threat().reference not in text
    assert "Sources" in text
    assert "live.js" not in text


def test_a_service_head_sees_only_own_incidents(place: Place, browser: Browser) -> None:
    place.hold(a_threat(), a_leak())
    browser.sign_in(place.add("service_head"))
    text = browser.get("/").text
    assert a_leak().reference in text
    assert a_threat().reference not in text
    assert browser.get(f"/incidents/{a_threat().reference}").status_code == 404
    assert browser.get(f"/incidents/{a_leak().reference}").status_code == 200


def test_an_empty_day(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    text = browser.get("/").text
    assert "Nothing is open." in text
    assert "Not heard yet" in text


def test_health_says_ok_and_nothing_else(place: Place, browser: Browser) -> None:
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "store": "ok", "log": "ok", "model": "ok"})


def test_a_head_of_the_stream_ends(place: Place, browser: Browser) -> None:
    browser.sign_in(place.add("communications_officer"))
    answer = browser.client.head("/live/feed")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
