"""The harmless trigger phrase through a running installation: signed webhook in, test e-mail out."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from standardwebhooks.webhooks import Webhook

from pipeline.settings import load
from tests.dashboards.cli.processes import free_port, parapet
from tests.processors.notify.mail_server import MailServer


def observation(text: str) -> bytes:
    now = datetime.now(UTC)
    seen = {
        "platform": "facebook",
        "object_id": f"facebook:comment:{now.timestamp():.0f}",
        "object_type": "comment",
        "action": "create",
        "direction": "inbound",
        "account": "acc-fb-council",
        "text": text,
        "author": {"id": "fb:1", "handle": "the.duty.officer"},
        "posted_at": now.isoformat(),
        "observed_at": now.isoformat(),
    }
    return json.dumps(seen).encode()


def sent(body: bytes, secret: str, address: str) -> httpx.Response:
    at = datetime.now(UTC)
    signature = Webhook(secret).sign("msg-1", at, body.decode())
    headers = {"webhook-id": "msg-1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    return httpx.post(address, content=body, headers=headers, timeout=60)


def wait_for(mail: MailServer, count: int) -> None:
    """Wait until so many e-mails came; fail after a minute."""
    deadline = time.monotonic() + 60
    while len(mail.messages) < count:
        assert time.monotonic() < deadline, f"{len(mail.messages)} of {count} e-mails came"
        time.sleep(0.05)


def test_the_trigger_phrase_ends_as_a_test_mail_to_both_teams(installed: Path) -> None:
    secret = load({}, installed).text("webhook_secrets")
    port = free_port()
    with MailServer() as mail:
        settings = {
            "PARAPET_WEBHOOK_PORT": str(port),
            "PARAPET_SMTP_HOST": "127.0.0.1",
            "PARAPET_SMTP_PORT": str(mail.port),
        }
        with parapet(installed, "run", **settings) as running:
            running.until(f"Webhook: http://127.0.0.1:{port}/webhook/")
            address = f"http://127.0.0.1:{port}/webhook/trial"
            body = observation("Please ignore: parapet chain test")
            assert httpx.post(address, content=body, timeout=60).status_code == 401
            assert sent(body, secret, address).status_code == 202
            wait_for(mail, 2)
            assert running.end() == 0
    assert sorted(str(message["To"]) for message in mail.messages) == [
        "communications.duty@ellenford.example",
        "monitoring.officer@ellenford.example",
    ]
    assert all("test" in str(message["Subject"]).lower() for message in mail.messages)
    assert all("Please ignore" not in message.as_string() for message in mail.messages)
