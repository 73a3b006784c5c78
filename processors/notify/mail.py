"""E-mail: one of the two senders. Plain text over SMTP, Message-ID made from the alert's id.

At the end of notify. One connection is kept between messages; a server that has closed it is asked again at once.
"""

import contextlib
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from pipeline.registers.types import Recipient
from pipeline.settings import Settings
from processors.notify.outcome import SENT, Answer, Outcome, without_addresses
from processors.notify.wording import Notice

TIMEOUT_S = 10.0
NO_SERVER = "no mail server set: PARAPET_SMTP_HOST"


class MailSender:
    """Sends notices by e-mail. `close` when done; it may be used again afterwards."""

    def __init__(self, settings: Settings, timeout_s: float = TIMEOUT_S) -> None:
        self._host = settings.text("smtp_host").strip()
        self._port = settings.number("smtp_port")
        self._starttls = settings.flag("smtp_starttls")
        self._user = settings.text("smtp_user")
        self._password = settings.text("smtp_password")
        self._from = settings.text("mail_from")
        self._timeout = timeout_s
        self._server: smtplib.SMTP | None = None

    def send(self, notice: Notice, recipient: Recipient, at: datetime) -> Outcome:
        """Send one notice; at is the message's date. Never raises: every failure is an outcome."""
        if not self._host:
            return Outcome(Answer.RETRY, NO_SERVER, down=True)
        try:
            message = self._message(notice, recipient, at)
        except ValueError:
            return Outcome(Answer.REFUSED, "the recipient's address or PARAPET_MAIL_FROM cannot stand in a header")
        kept = self._server is not None
        outcome = self._try(message, recipient)
        if kept and outcome.down:
            outcome = self._try(message, recipient)
        return outcome

    def check(self) -> Outcome:
        """Connect, greet and sign in without sending anything."""
        if not self._host:
            return Outcome(Answer.RETRY, NO_SERVER, down=True)
        try:
            self._connected().noop()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return _failure(error)
        return SENT

    def close(self) -> None:
        """Leave the server politely; safe to call twice."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _try(self, message: EmailMessage, recipient: Recipient) -> Outcome:
        try:
            self._connected().send_message(message, self._from, [recipient.address])
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return _failure(error)
        return SENT

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            server = smtplib.SMTP(timeout=self._timeout)
            try:
                self._greet(server)
            except BaseException:
                server.close()
                raise
            self._server = server
        return self._server

    def _greet(self, server: smtplib.SMTP) -> None:
        code, reply = server.connect(self._host, self._port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        if self._starttls:
            server.starttls(context=ssl.create_default_context())
        if self._user:
            server.login(self._user, self._password)

    def _message(self, notice: Notice, recipient: Recipient, at: datetime) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = notice.subject
        message["From"] = self._from
        message["To"] = recipient.address
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{notice.message_id}@{self._from.rpartition('@')[2] or 'parapet'}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(notice.text)
        return message


def _failure(error: Exception) -> Outcome:
    """Say what a failure means: the server's no to this recipient or message, or a server that cannot be used now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return _refusal(code, reply)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error):
        return Outcome(Answer.REFUSED, "the mail server takes no address with such letters")
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome(Answer.RETRY, _words(error.smtp_code, error.smtp_error), down=True)
    if isinstance(error, smtplib.SMTPException):
        return Outcome(Answer.RETRY, without_addresses(f"mail server: {error}"), down=True)
    return Outcome(Answer.RETRY, f"mail server cannot be reached ({type(error).__name__})", down=True)


def _refusal(code: int, reply: bytes | str) -> Outcome:
    words = _words(code, reply)
    if code == 421:
        return Outcome(Answer.RETRY, words, down=True)
    return Outcome(Answer.REFUSED if 500 <= code < 600 else Answer.RETRY, words)


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return without_addresses(f"{code} {text}")
