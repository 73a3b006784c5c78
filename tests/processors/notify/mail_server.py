"""A real SMTP server on a free port, in a thread of its own, that can refuse and drop: for tests of the mail sender."""

from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Keeps what it takes; `refuse` maps an address to a reply. Use as a context; `port` is known inside."""

    def __init__(self, refuse: dict[str, str] | None = None, data_reply: str = "250 taken", port: int = 0) -> None:
        self.messages: list[Message] = []
        self.sessions: set[int] = set()
        self.data_reply = data_reply
        self._refuse = refuse or {}
        self._controller = _FreePort(self, hostname="127.0.0.1", port=port)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._refuse:
            return self._refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.sessions.add(id(session))
        if self.data_reply.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content or b"", policy=default))
        return self.data_reply


class _FreePort(Controller):  # type: ignore[misc]
    def _trigger_server(self) -> Any:
        self.port = self.server.sockets[0].getsockname()[1]
        return super()._trigger_server()
