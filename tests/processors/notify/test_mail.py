"""The mail sender against a real SMTP server in another thread."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.registers.types import Recipient
from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.levels import Role
from processors.notify.mail import NO_SERVER, MailSender
from processors.notify.outcome import SENT, Answer
from processors.notify.wording import Notice, notice
from tests.builders import NOON, some_registers, some_settings
from tests.processors.notify.mail_server import MailServer
from tests.processors.notify.test_notifier import an_alert

COMMS = some_registers().recipients[0]


def a_notice(identity: str = "a1") -> Notice:
    return notice(an_alert(identity), some_registers(), "http://127.0.0.1:8420")


def a_sender(home: Path, port: int, **settings: str) -> MailSender:
    plain = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "mail_from": "parapet@testwick.example"}
    return MailSender(some_settings(home, plain | settings), timeout_s=3)


def test_message_as_it_arrives(tmp_path: Path) -> None:
    with MailServer() as server:
        sender = a_sender(tmp_path, server.port)
        assert sender.send(a_notice(), COMMS, NOON) == SENT
        sender.close()
    (message,) = server.messages
    assert message["Subject"] == "[Parapet] HIGH: SM-2026-ABCDEF, councillor for Millbank"
    assert message["From"] == "parapet@testwick.example"
    assert message["To"] == COMMS.address
    assert message["Message-ID"] == "<a1@testwick.example>"
    assert message["Date"] == "Mon, 09 Mar 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "/incidents/SM-2026-ABCDEF" in str(message.get_payload())


def test_one_connection_serves_several_messages(tmp_path: Path) -> None:
    with MailServer() as server:
        sender = a_sender(tmp_path, server.port)
        assert [sender.send(a_notice(f"a{number}"), COMMS, NOON) for number in range(3)] == [SENT] * 3
        sender.close()
        assert len(server.messages) == 3
        assert len(server.sessions) == 1


def test_a_server_that_was_restarted_is_asked_again_at_once(tmp_path: Path) -> None:
    with MailServer() as first:
        sender = a_sender(tmp_path, first.port)
        assert sender.send(a_notice("a1"), COMMS, NOON) == SENT
    with MailServer(port=first.port) as second:
        assert sender.send(a_notice("a2"), COMMS, NOON) == SENT
        sender.close()
    assert len(second.messages) == 1


@pytest.mark.parametrize(
    ("reply", "answer"),
    [("550 no such mailbox comms@council.example", Answer.REFUSED), ("451 greylisted, come back", Answer.RETRY)],
)
def test_a_recipient_refused(tmp_path: Path, reply: str, answer: Answer) -> None:
    with MailServer(refuse={COMMS.address: reply}) as server:
        sender = a_sender(tmp_path, server.port)
        outcome = sender.send(a_notice(), COMMS, NOON)
        other = sender.send(a_notice(), some_registers().recipients[1], NOON)
        sender.close()
    assert (outcome.answer, outcome.down, other) == (answer, False, SENT)
    assert outcome.reason is not None
    assert outcome.reason.startswith(reply[:3])
    assert "@" not in outcome.reason


@pytest.mark.parametrize(
    ("reply", "answer", "down"),
    [
        ("554 looks like spam", Answer.REFUSED, False),
        ("452 disk full", Answer.RETRY, False),
        ("421 closing", Answer.RETRY, True),
    ],
)
def test_a_message_refused(tmp_path: Path, reply: str, answer: Answer, *, down: bool) -> None:
    with MailServer(data_reply=reply) as server:
        sender = a_sender(tmp_path, server.port)
        outcome = sender.send(a_notice(), COMMS, NOON)
        sender.close()
    assert (outcome.answer, outcome.down) == (answer, down)


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = a_sender(tmp_path, taken.getsockname()[1]).send(a_notice(), COMMS, NOON)
    assert (outcome.answer, outcome.down) == (Answer.RETRY, True)


def test_a_server_that_never_greets_is_left_after_the_timeout(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = some_settings(tmp_path, {"smtp_host": "127.0.0.1", "smtp_port": str(silent.getsockname()[1])})
        outcome = MailSender(settings, timeout_s=0.2).send(a_notice(), COMMS, NOON)
    assert (outcome.answer, outcome.down) == (Answer.RETRY, True)


def test_no_server_set_says_which_setting(tmp_path: Path) -> None:
    sender = MailSender(some_settings(tmp_path))
    for outcome in (sender.send(a_notice(), COMMS, NOON), sender.check()):
        assert (outcome.answer, outcome.reason, outcome.down) == (Answer.RETRY, NO_SERVER, True)


def test_tls_asked_of_a_server_without_it_sends_nothing(tmp_path: Path) -> None:
    with MailServer() as server:
        sender = a_sender(tmp_path, server.port, smtp_starttls="yes")
        outcome = sender.send(a_notice(), COMMS, NOON)
        sender.close()
    assert (outcome.answer, outcome.down, server.messages) == (Answer.RETRY, True, [])


def test_a_bad_address_blocks_nobody_else(tmp_path: Path) -> None:
    bad = Recipient(
        id="bad", role=Role.COMMUNICATIONS_TEAM, channel=Channel.EMAIL, address="duty@council.example\nBcc: x@y"
    )
    with MailServer() as server:
        sender = a_sender(tmp_path, server.port)
        outcome = sender.send(a_notice(), bad, NOON + timedelta(hours=1))
        assert (outcome.answer, outcome.down) == (Answer.REFUSED, False)
        assert sender.send(a_notice(), COMMS, NOON) == SENT
        sender.close()


def test_check_sends_nothing(tmp_path: Path) -> None:
    with MailServer() as server:
        sender = a_sender(tmp_path, server.port)
        assert sender.check() == SENT
        sender.close()
    assert server.messages == []
