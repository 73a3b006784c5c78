"""A post full of personal data through the whole embedded chain: what each place keeps of it; what nobody is sent."""

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from dashboards.console.accounts import Accounts
from dashboards.console.app import build_app
from dashboards.console.audit import Audit
from dashboards.console.database import FILE
from dashboards.console.parts import ConsoleParts
from dashboards.console.sheet import make_sheet
from dashboards.demo import REGISTERS
from pipeline.codec import decode
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.load import load_registers
from pipeline.sources.file import FileOptions, FileSource
from pipeline.sources.intake import Intake
from pipeline.store.interface import Query
from pipeline.store.sqlite import SqliteStore
from pipeline.topics import ALERTS, DEAD_LETTERS, DELIVERIES, INCIDENTS
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter
from processors.embedded import Embedded
from processors.notify import Notifier, senders_from
from processors.stages import Parts
from tests.builders import NOON, some_settings
from tests.dashboards.console.place import ORIGIN, PASSWORD, Browser, StillClock, cheap_passwords
from tests.processors.notify.mail_server import MailServer

PHONE, NINO, POSTCODE, MAIL = "07700 900461", "AB 12 34 56 C", "EL1 2QT", "ivy@home.example"
SECRETS = (PHONE, NINO, POSTCODE, MAIL, "07700", "34 56", "2QT", "ivy@home")
PERSONAL = f"Mrs Ivy Garland of 14 Mill Lane, {POSTCODE}, ring her on {PHONE}, NI {NINO}, {MAIL}"
THREAT = f"Cllr Brindle I am going to kill you, ring me on {PHONE}, NI {NINO}"


def line(number: int, text: str) -> str:
    seen = {
        "platform": "facebook",
        "object_id": f"facebook:comment:{number}",
        "object_type": "comment",
        "action": "create",
        "direction": "inbound",
        "account": "acc-fb-council",
        "text": text,
        "author": {"id": f"fb:{number}", "handle": f"resident.{number}"},
        "posted_at": NOON.isoformat(),
        "observed_at": NOON.isoformat(),
    }
    return json.dumps(seen)


@dataclass
class Chain:
    """What the chain left behind."""

    home: Path
    log: SqliteLog
    store: SqliteStore
    parts: Parts
    mails: list[str]

    def values(self, topic: str) -> list[bytes]:
        partitions = range(self.log.partitions(topic))
        return [message.value or b"" for p in partitions for message in self.log.read(topic, p, 0, 1000)]

    def incidents(self) -> list[Incident]:
        return [hit.incident for hit in self.store.search(Query(limit=50)).hits]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    home = tmp_path_factory.mktemp("masked")
    feed = home / "feed.jsonl"
    broken = line(3, PERSONAL).removesuffix("}")
    feed.write_text("\n".join([line(1, PERSONAL), line(2, THREAT), broken]) + "\n", encoding="utf-8")
    registers = load_registers(REGISTERS)
    with ExitStack() as stack:
        server = stack.enter_context(MailServer())
        settings = some_settings(home, {"smtp_host": "127.0.0.1", "smtp_port": str(server.port)})
        log = stack.enter_context(closing(SqliteLog(home / "log.db", partitions=1)))
        store = stack.enter_context(closing(SqliteStore(home / "store.db")))
        parts = Parts(lambda: registers, lambda: NOON, settings, store)
        intake = Intake(parts.registers, parts.clock, "ingest")
        FileSource(log, intake, FileOptions(time.monotonic)).run(feed, Flag())
        Embedded(log, parts).drain()
        notifier = stack.enter_context(closing(Notifier(log, parts, senders_from(settings))))
        notifier.run_once()
        store.refresh()
        yield Chain(home, log, store, parts, [str(mail) for mail in server.messages])


def none_of(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


def test_the_evidence_is_exact(chain: Chain) -> None:
    texts = {piece.event.text for incident in chain.incidents() for piece in incident.evidence}
    assert {PERSONAL, THREAT} <= texts
    assert PERSONAL in {decode(Incident, value).evidence[0].event.text for value in chain.values(INCIDENTS.name)}


def test_quotes_and_reasons_are_masked(chain: Chain) -> None:
    findings = [one for incident in chain.incidents() for piece in incident.evidence for one in piece.findings]
    personal = next(one for one in findings if one.category == "personal_data")
    assert personal.quote is not None
    assert "[phone]" in personal.quote
    assert personal.span is not None
    assert PHONE in PERSONAL[slice(*personal.span)]
    for one in findings:
        none_of(f"{one.quote} {one.reason}")


def test_the_index_holds_the_words_and_not_the_numbers(chain: Chain) -> None:
    with closing(sqlite3.connect(chain.home / "store.db")) as file:
        indexed = " ".join(row[0] for row in file.execute("SELECT terms FROM words"))
    assert "garland" in indexed
    assert [term for term in ("07700", "900461", "ab", "34", "56", "2qt", "ivy@home") if term in indexed.split()] == []
    assert chain.store.search(Query(text="garland")).total == 1
    assert chain.store.search(Query(text="mill lane")).total == 1
    assert chain.store.search(Query(text=PHONE)).total == 0


def test_notifications_and_what_became_of_them_hold_none_of_it(chain: Chain) -> None:
    assert chain.mails
    for text in (
        *chain.mails,
        *(value.decode() for value in chain.values(ALERTS.name) + chain.values(DELIVERIES.name)),
    ):
        none_of(text)
        assert "kill" not in text


def test_dead_letters_are_masked_or_not_kept_and_the_store_has_no_payload(chain: Chain) -> None:
    letters = [decode(DeadLetter, value) for value in chain.values(DEAD_LETTERS.name)]
    assert [one.reason for one in letters] == ["bad_json"]
    for one in letters:
        none_of(f"{one.explanation} {(one.payload or b'').decode()}")
    assert [one.payload for one in chain.store.dead_letters(10)] == [None] * len(letters)


def test_a_sheet_holds_none_of_it(chain: Chain) -> None:
    sheet = make_sheet(chain.incidents(), chain.parts.registers(), ZoneInfo("Europe/London"))
    assert sheet.count("SM-") >= 2
    none_of(sheet)
    assert "Garland" not in sheet


def test_the_console_shows_none_of_it_until_a_purpose_is_given(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    clock = StillClock(NOON)
    accounts = Accounts(chain.home / FILE, clock.seconds, cheap_passwords())
    accounts.add("sam", "Sam Officer", ("communications_officer",), PASSWORD)
    with closing(Audit(chain.home / FILE, clock)) as audit, closing(accounts), caplog.at_level(logging.DEBUG):
        parts = ConsoleParts(
            settings=chain.parts.settings,
            registers=chain.parts.registers,
            log=chain.log,
            store=chain.store,
            accounts=accounts,
            audit=audit,
            clock=clock,
        )
        with TestClient(build_app(parts), base_url=ORIGIN, follow_redirects=False) as client:
            browser = Browser(client)
            browser.sign_in("sam")
            none_of(browser.get("/").text)
            for incident in chain.incidents():
                path = f"/incidents/{incident.reference}"
                none_of(browser.get(path).text)
                none_of(browser.get(f"{path}/print").text)
            wanted = next(one for one in chain.incidents() if "personal_data" in one.categories)
            browser.get(f"/incidents/{wanted.reference}")
            shown = browser.post(f"/incidents/{wanted.reference}/words", purpose="safety_incident").text
            assert PHONE in shown
        none_of("\n".join(str(entry) for entry in audit.entries(limit=100)))
    none_of("\n".join(record.getMessage() for record in caplog.records))
