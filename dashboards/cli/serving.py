"""Listen for the console and serve it until Ctrl-C or SIGTERM. Used by `parapet run` and `parapet console`."""

import errno
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dashboards.console.parts import ConsoleParts
from dashboards.console.serve import check_listen, make_server
from pipeline.settings import PREFIX, SettingError, Settings

BACKLOG = 128


@contextmanager
def listening(settings: Settings, part: str = "console") -> Iterator[socket.socket]:
    """Listen where the settings say, so that a taken port is known before anything starts. part: console or webhook.

    Raises:
        SettingError: the port is taken or the address is not this machine's; names the setting.
    """
    host, port = settings.text(f"{part}_host"), settings.number(f"{part}_port")
    name = f"{PREFIX}{part.upper()}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(BACKLOG)
        except OverflowError:
            raise SettingError(f"{name}_PORT is {port}: give a number from 1 to 65535") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingError(f"{host}:{port} is taken: set {name}_PORT to a free port") from None
            raise SettingError(f"cannot listen on {host}:{port} ({error.strerror}): correct {name}_HOST") from None
        yield opened


def serve_console(parts: ConsoleParts, at: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; returns after either. Raises SettingError."""
    check_listen(parts.settings)
    server = make_server(parts)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # uvicorn raises the signal that ended it again: SIGTERM must not end us before everything is closed.
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        server.run(sockets=[at])
    except (KeyboardInterrupt, _Stopped):
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


class _Stopped(Exception):
    """SIGTERM came."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stopped


def address_of(settings: Settings) -> str:
    """Return the address to open in a browser on this machine."""
    secured = bool(settings.text("tls_certificate"))
    return f"{'https' if secured else 'http'}://{settings.text('console_host')}:{settings.number('console_port')}"
