"""The benchmark's mail server, a process of its own: notes the moment each message is complete, and its Message-ID.

At the end of the flow. `python -m bench.mailbox FILE` prints its port, then writes a line a message, `seconds id`, in
the machine's monotonic seconds, which all processes share.
"""

import asyncio
import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^@>]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One message as it arrived: monotonic seconds and the part of its Message-ID before the @."""

    at: float
    message_id: str


class _Noting:
    def __init__(self, out: TextIO) -> None:
        self._out = out

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Note a message; the name is aiosmtpd's."""
        at = time.monotonic()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        found = _MESSAGE_ID.search(content)
        self._out.write(f"{at!r} {found[1].decode() if found else '?'}\n")
        self._out.flush()
        return "250 noted"


async def _serve(path: Path) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    with path.open("w", encoding="utf-8") as out:
        handler = _Noting(out)
        server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await over.wait()
        server.close()


@dataclass(frozen=True)
class Mailbox:
    """A running mail server: its port, and what it noted so far."""

    port: int
    path: Path

    def mails(self) -> list[Mail]:
        """Return the messages so far, in order of arrival."""
        rows = [line.split() for line in self.path.read_text(encoding="utf-8").splitlines()]
        return [Mail(float(row[0]), row[1]) for row in rows if len(row) == 2]


@contextlib.contextmanager
def mailbox(path: Path) -> Iterator[Mailbox]:
    """Run the mail server in a process of its own."""
    command = [sys.executable, "-m", "bench.mailbox", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError("the benchmark's mail server did not start: see above")
            yield Mailbox(int(line), path)
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
