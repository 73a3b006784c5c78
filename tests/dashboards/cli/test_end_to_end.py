"""The embedded runtime through the composition root: a day in, incidents in the store, e-mails out, and none twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboards.cli.bootstrap import Opened, opened, pipeline_of
from dashboards.cli.feeding import Feed, is_read, read_feed, shift_of
from dashboards.demo import FEED
from pipeline.settings import load
from pipeline.store.interface import Query
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.levels import ALERTING
from processors.embedded import Embedded
from tests.dashboards.cli.conftest import Run
from tests.processors.notify.mail_server import MailServer

EXPECTED = [
    ("person:cllr-oswin", "abuse"),
    ("person:cllr-oswin", "harassment"),
    ("person:cllr-quill", "self_harm_encouragement"),
    ("person:cllr-quill", "threat_veiled"),
    ("person:cllr-brindle", "threat_veiled"),
    ("person:cllr-brindle", "threat_conditional"),
    ("person:cllr-fairlight", "threat_direct"),
    ("person:cllr-fairlight", "threat_conditional"),
    ("person:cllr-lisle", "doxxing"),
    ("person:cllr-adeyemi-rudd", "hate"),
    ("person:cllr-adeyemi-rudd", "abuse"),
    ("topic:EL-01", "confidential_leak"),
    ("topic:EL-03", "confidential_leak"),
]
"""What the example's day must give rise to, by concern and category."""

HARMLESS = (
    "we know where you park",
    "murder a yoghurt",
    "massacre",
    "Killer playlist",
    "Over my dead body",
    "string them up",
)
"""Words of the day that must alert nobody."""


@contextmanager
def running(home: Path, mail: MailServer) -> Iterator[tuple[Opened, Embedded]]:
    values = {"PARAPET_SMTP_HOST": "127.0.0.1", "PARAPET_SMTP_PORT": str(mail.port)}
    with opened(load(values, home)) as whole, pipeline_of(whole) as pipeline:
        yield whole, pipeline


def incidents(whole: Opened) -> list[Incident]:
    page = whole.store.search(Query(limit=500))
    return [hit.incident for hit in page.hits]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_a_day_in_incidents_found_people_told_and_nothing_twice(installed: Path, mail: MailServer) -> None:
    with running(installed, mail) as (whole, pipeline):
        report = read_feed(Feed(FEED), whole, threading.Event())
        assert (report.refused, report.finished) == (0, True)
        pipeline.drain()
        found = incidents(whole)
        assert whole.store.count_dead_letters() == {}
    categories = {(one.concern, category.value) for one in found for category in one.categories}
    assert [pair for pair in EXPECTED if pair not in categories] == []
    alarming = [one for one in found if one.level in ALERTING]
    words = "\n".join(piece.event.text or "" for one in alarming for piece in one.evidence)
    assert [text for text in HARMLESS if text in words] == []
    first = [str(message["Message-ID"]) for message in mail.messages]
    assert {one.reference for one in alarming} == {reference(message) for message in bodies(mail)}
    with running(installed, mail) as (whole, pipeline):
        assert is_read(whole.log, FEED)
        assert read_feed(Feed(FEED), whole, threading.Event()).taken == 0
        pipeline.drain()
        again = incidents(whole)
    assert again == found
    assert Counter(str(message["Message-ID"]) for message in mail.messages) == Counter(first)
    assert set(Counter(first).values()) == {1}


def bodies(mail: MailServer) -> list[str]:
    return [f"{message['Subject']}\n{message.get_payload()}" for message in mail.messages]


def reference(body: str) -> str:
    return "SM-" + body.partition("SM-")[2][:11]


def test_no_mail_holds_the_words_of_a_post(installed: Path, mail: MailServer) -> None:
    with running(installed, mail) as (whole, pipeline):
        read_feed(Feed(FEED), whole, threading.Event())
        pipeline.drain()
        evidence = [piece.event for one in incidents(whole) for piece in one.evidence]
    assert mail.messages
    said = "\n".join(bodies(mail))
    assert [event.text for event in evidence if event.text and event.text in said] == []
    names = {event.author.display_name for event in evidence if event.author and event.author.display_name}
    assert [name for name in names if name in said] == []


def test_the_store_is_built_again_from_the_log(installed: Path, mail: MailServer, run: Run) -> None:
    with running(installed, mail) as (whole, pipeline):
        read_feed(Feed(FEED), whole, threading.Event())
        pipeline.drain()
        found = incidents(whole)
    for path in installed.glob("store.db*"):
        path.unlink()
    done = run("reindex")
    assert (done.exit_code, done.output) == (0, f"The store holds {len(found)} incidents.\n")
    with running(installed, mail) as (whole, _):
        assert incidents(whole) == found


def test_a_shifted_day_ends_when_the_feeding_does(installed: Path, mail: MailServer) -> None:
    with running(installed, mail) as (whole, _):
        plain = shift_of(Feed(FEED), whole)
        at_once = shift_of(Feed(FEED, shifted=True), whole)
        slowly = shift_of(Feed(FEED, speed=1.0, shifted=True), whole)
    lines = len(FEED.read_text(encoding="utf-8").splitlines())
    assert plain.total_seconds() == 0
    assert lines <= (slowly - at_once).total_seconds() < lines + 60
