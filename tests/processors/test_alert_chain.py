"""From a detection to an e-mail: casework, the log, the notifier and a real SMTP server together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import Message as Mail
from pathlib import Path

from pipeline.topics import DELIVERIES
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Author
from pipeline.vocabulary.finding import Detection
from pipeline.vocabulary.levels import Level
from processors.casework import CaseworkStep
from processors.notify import Notifier, senders_from
from processors.notify.outbox import SUMMARY_WAIT
from processors.stages import Parts
from tests.builders import NOON, a_detection, a_finding, an_event, some_registers, some_settings
from tests.processors.casework.desk import messages
from tests.processors.memory_log import MemoryLog
from tests.processors.notify.mail_server import MailServer

WORDS = "a dreadful sentence that must stay inside"


class Chain:
    """Casework and notifier over one log, with a clock moved by hand."""

    def __init__(self, home: Path, server: MailServer) -> None:
        self.log, self.now = MemoryLog(), NOON
        settings = some_settings(home, {"smtp_host": "127.0.0.1", "smtp_port": str(server.port)})
        registers = some_registers()
        parts = Parts(registers=lambda: registers, clock=lambda: self.now, settings=settings)
        self.step = CaseworkStep(parts)
        self.notifier = Notifier(self.log, parts, senders_from(settings))

    def put(self, *detections: Detection) -> None:
        self.log.append(self.step.process(messages(detections)))
        self.notifier.run_once()


@contextmanager
def a_chain(home: Path) -> Iterator[tuple[Chain, MailServer]]:
    with MailServer() as server:
        chain = Chain(home, server)
        try:
            yield chain, server
        finally:
            chain.notifier.close()


def a_threat(number: int, author: str = "fb:1", observed_at: datetime | None = None) -> Detection:
    event = an_event(
        number,
        text=WORDS,
        author=Author(id=author, handle="nasty.name", display_name="Nasty Name"),
        observed_at=observed_at or NOON,
    )
    return a_detection(event, a_finding(Category.THREAT_DIRECT, Level.CRITICAL, quote=WORDS, reason=WORDS))


def all_of(mail: Mail) -> str:
    return str(mail)


def test_a_threat_wakes_everybody_registered_and_says_nothing_it_must_not(tmp_path: Path) -> None:
    with a_chain(tmp_path) as (chain, server):
        chain.put(a_threat(1), a_threat(1))
        chain.put(a_threat(1), a_threat(2))
    assert sorted(str(mail["To"]) for mail in server.messages) == ["comms@council.example", "mo@council.example"]
    assert len({str(mail["Message-ID"]) for mail in server.messages}) == 2
    for mail in server.messages:
        assert "999" in all_of(mail)
        assert not [word for word in (WORDS, "dreadful", "nasty", "Nasty", "fb:1", "Reed") if word in all_of(mail)]
    noted = b"".join(one.value or b"" for one in chain.log.all(DELIVERIES.name))
    assert b"dreadful" not in noted
    assert b"council.example" not in noted


def test_an_old_archive_sends_one_summary(tmp_path: Path) -> None:
    """Of twenty authors' incidents, and of the pile-on that they are together."""
    with a_chain(tmp_path) as (chain, server):
        for number in range(20):
            chain.put(a_threat(number, f"fb:{number}", NOON + timedelta(days=3, minutes=number)))
        chain.now += SUMMARY_WAIT
        chain.notifier.run_once()
    assert sorted(str(mail["To"]) for mail in server.messages) == ["comms@council.example", "mo@council.example"]
    assert {str(mail["Subject"]) for mail in server.messages} == {
        "[Parapet] Summary: 21 incidents that came late wait in the queue"
    }


def test_the_trigger_phrase_proves_the_chain(tmp_path: Path) -> None:
    test = a_finding(Category.CHAIN_TEST, Level.LOW, target=None)
    with a_chain(tmp_path) as (chain, server):
        chain.put(a_detection(an_event(1), test, concern="account:acc-fb-council"))
    assert len(server.messages) == 2
    assert all("TEST" in str(mail["Subject"]) for mail in server.messages)
