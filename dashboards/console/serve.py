"""Run the console with uvicorn: over loopback or TLS only, and with streams that end when it stops.

Used by `parapet run` and `parapet console`.
"""

import ipaddress
from pathlib import Path
from socket import socket

import uvicorn

from dashboards.console.app import build_app
from dashboards.console.feed import Feed
from dashboards.console.parts import ConsoleParts
from pipeline.settings import PREFIX, SettingError, Settings

GRACE_SECONDS = 5


class ConsoleServer(uvicorn.Server):
    """A server that ends the live streams first: uvicorn waits for every open answer before it stops."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the streams, then stop as uvicorn does."""
        self._feed.close()
        await super().shutdown(sockets)


def check_listen(settings: Settings) -> None:
    """Raise SettingError unless the console listens on loopback, or over TLS with both files there."""
    host = settings.text("console_host")
    files = {name: settings.text(name) for name in ("tls_certificate", "tls_key")}
    given = {name: path for name, path in files.items() if path}
    if len(given) == 1:
        missing = next(name for name in files if name not in given)
        raise SettingError(f"{PREFIX}{missing.upper()} is empty: TLS needs certificate and key")
    for name, path in given.items():
        if not Path(path).is_file():
            raise SettingError(f"{PREFIX}{name.upper()} is {path!r}: there is no such file")
    if not given and not _is_loopback(host):
        raise SettingError(
            f"{PREFIX}CONSOLE_HOST is {host!r}: without TLS the console listens on 127.0.0.1 only; "
            f"set {PREFIX}TLS_CERTIFICATE and {PREFIX}TLS_KEY"
        )


def make_server(parts: ConsoleParts) -> ConsoleServer:
    """Return the server; `await server.serve()` runs it. Raises as `check_listen` and `build_app`."""
    check_listen(parts.settings)
    app = build_app(parts)
    config = uvicorn.Config(
        app,
        host=parts.settings.text("console_host"),
        port=parts.settings.number("console_port"),
        ssl_certfile=parts.settings.text("tls_certificate") or None,
        ssl_keyfile=parts.settings.text("tls_key") or None,
        access_log=False,  # addresses of pages name incidents; the audit log is the record of who looked
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return ConsoleServer(config, app.state.desk.feed)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
