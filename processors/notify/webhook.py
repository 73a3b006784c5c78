"""Alert webhook: one of the two senders. Signed JSON by Standard Webhooks, webhook-id made from the alert's id.

At the end of notify. Goes to PARAPET_ALERT_WEBHOOK_URL for recipients of the channel `webhook`; their register entry
says which role and levels, its address is only a label.
"""

import base64
import binascii
from datetime import UTC, datetime

import httpx
import msgspec
from standardwebhooks import Webhook

from pipeline.registers.types import Recipient
from pipeline.settings import Settings
from processors.notify.outcome import SENT, Answer, Outcome
from processors.notify.wording import Notice

TIMEOUT_S = 10.0
NO_ADDRESS = "no address set: PARAPET_ALERT_WEBHOOK_URL"
NO_SECRET = "no secret set, or not of the form whsec_ and base64: PARAPET_ALERT_WEBHOOK_SECRET"  # noqa: S105
_PERMANENT = frozenset({400, 410})


class WebhookSender:
    """Posts notices to the alert webhook. `close` when done."""

    def __init__(self, settings: Settings, timeout_s: float = TIMEOUT_S) -> None:
        self._url = settings.text("alert_webhook_url").strip()
        self._secret = settings.text("alert_webhook_secret").strip()
        self._client = httpx.Client(timeout=timeout_s, follow_redirects=False)

    def send(self, notice: Notice, recipient: Recipient, at: datetime) -> Outcome:
        """Post one notice; at is the time of the attempt. Never raises: every failure is an outcome."""
        if not self._url:
            return Outcome(Answer.RETRY, NO_ADDRESS, down=True)
        if not usable_secret(self._secret):
            return Outcome(Answer.RETRY, NO_SECRET, down=True)
        body = _body(notice, recipient)
        try:
            answer = self._client.post(self._url, content=body, headers=self._signed(notice, at, body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Outcome(Answer.RETRY, f"the alert webhook cannot be reached ({type(error).__name__})", down=True)
        if answer.is_success:
            return SENT
        reason = f"the alert webhook answered {answer.status_code}"
        return Outcome(Answer.GONE if answer.status_code in _PERMANENT else Answer.RETRY, reason)

    def close(self) -> None:
        """Release connections; safe to call twice."""
        self._client.close()

    def _signed(self, notice: Notice, at: datetime, body: bytes) -> dict[str, str]:
        signature: str = Webhook(self._secret).sign(notice.message_id, at.astimezone(UTC), body.decode())
        return {
            "content-type": "application/json",
            "webhook-id": notice.message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }


def usable_secret(secret: str) -> bool:
    """Say whether a secret can sign: whsec_ and at least 24 bytes in base64."""
    if not secret.startswith("whsec_"):
        return False
    key = secret.removeprefix("whsec_")
    try:
        return len(base64.b64decode(key + "=" * (-len(key) % 4), validate=True)) >= 24
    except binascii.Error:
        return False


def _body(notice: Notice, recipient: Recipient) -> bytes:
    alert = notice.alert
    return msgspec.json.encode(
        {
            "type": f"parapet.alert.{alert.kind}",
            "timestamp": alert.created_at,
            "data": {
                "alert_id": alert.alert_id,
                "reference": alert.reference,
                "level": alert.level,
                "role": recipient.role,
                "categories": alert.categories,
                "aggravators": alert.aggravators,
                "count": notice.count,
                "link": notice.link,
                "subject": notice.subject,
                "text": notice.text,
            },
        }
    )
