"""The alert webhook against a real HTTP server: signed as Standard Webhooks says, the same id on a repeat."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from pipeline.registers.types import Recipient
from pipeline.vocabulary.alert import Channel
from pipeline.vocabulary.levels import Role
from processors.notify.outcome import SENT, Answer
from processors.notify.webhook import NO_ADDRESS, NO_SECRET, WebhookSender, usable_secret
from processors.notify.wording import notice
from tests.builders import some_registers, some_settings
from tests.processors.notify.test_notifier import an_alert

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
HOOK = Recipient(id="hook", role=Role.MONITORING_OFFICER, channel=Channel.WEBHOOK, address="siem")
NOTICE = notice(an_alert(channel=Channel.WEBHOOK, recipient="hook"), some_registers(), "http://127.0.0.1:8420")


class Hook(HTTPServer):
    """Answers with `status` and keeps every request's headers and body."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.requests: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def a_hook(status: int) -> Iterator[Hook]:
    with Hook(status) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def a_sender(home: Path, url: str, secret: str = SECRET) -> Iterator[WebhookSender]:
    sender = WebhookSender(some_settings(home, {"alert_webhook_url": url, "alert_webhook_secret": secret}), timeout_s=3)
    try:
        yield sender
    finally:
        sender.close()


def url_of(server: Hook) -> str:
    return f"http://127.0.0.1:{server.server_port}/alerts"


def test_a_post_can_be_verified_and_repeats_carry_the_same_id(tmp_path: Path) -> None:
    with a_hook(202) as server, a_sender(tmp_path, url_of(server)) as sender:
        assert [sender.send(NOTICE, HOOK, datetime.now(UTC)) for _ in range(2)] == [SENT, SENT]
    (headers, body), (again, same) = server.requests
    said = Webhook(SECRET).verify(body, headers)
    assert said["type"] == "parapet.alert.page"
    assert said["data"]["reference"] == "SM-2026-ABCDEF"
    assert headers["webhook-id"] == again["webhook-id"] == "a1"
    assert body == same


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, Answer.SENT),
        (204, Answer.SENT),
        (302, Answer.RETRY),
        (400, Answer.GONE),
        (401, Answer.RETRY),
        (410, Answer.GONE),
        (429, Answer.RETRY),
        (503, Answer.RETRY),
    ],
)
def test_answers(tmp_path: Path, status: int, answer: Answer) -> None:
    with a_hook(status) as server, a_sender(tmp_path, url_of(server)) as sender:
        assert sender.send(NOTICE, HOOK, datetime.now(UTC)).answer is answer
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("", SECRET, NO_ADDRESS),
        ("http://127.0.0.1:1/x", "", NO_SECRET),
        ("http://127.0.0.1:1/x", "whsec_short", NO_SECRET),
        ("http://127.0.0.1:1/x", SECRET, "the alert webhook cannot be reached (ConnectError)"),
        ("nonsense", SECRET, "the alert webhook cannot be reached (UnsupportedProtocol)"),
    ],
)
def test_what_is_missing_is_named_and_tried_again(tmp_path: Path, url: str, secret: str, reason: str) -> None:
    with a_sender(tmp_path, url, secret) as sender:
        outcome = sender.send(NOTICE, HOOK, datetime.now(UTC))
    assert (outcome.answer, outcome.reason, outcome.down) == (Answer.RETRY, reason, True)


@pytest.mark.parametrize(
    ("secret", "usable"), [(SECRET, True), (SECRET + "QQ", True), ("MDEy", False), ("whsec_!!", False), ("", False)]
)
def test_secrets(secret: str, *, usable: bool) -> None:
    assert usable_secret(secret) is usable
