"""Around every request: which hosts the console answers to, how large a body may be, and the headers of every answer.

Plain ASGI, before and after the gate. No inline script or style is ever allowed.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.console.evidence_files import LARGEST
from pipeline.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_BODY = LARGEST + 512 * 1024

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    # same-origin, not no-referrer: with the latter browsers send `Origin: null` and our own forms would be refused
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def known_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names people reach the console by; any other is refused, so that no foreign name leads here."""
    public = urlsplit(settings.text("public_url")).hostname
    own = settings.text("console_host")
    return LOOPBACK | {host for host in (public, own) if host}


def only_tls(settings: Settings) -> bool:
    """Say whether browsers may be told to use TLS alone; never for loopback, which other programs share."""
    public = urlsplit(settings.text("public_url"))
    return public.scheme == "https" and public.hostname not in LOOPBACK


class Protection:
    """The ASGI wrapper. only_tls adds the header that keeps browsers on TLS."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], only_tls: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = HEADERS | ({"strict-transport-security": "max-age=31536000"} if only_tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = self._refusal(scope["path"], headers)
        await (answer or self._app)(scope, _limited(receive), self._with_headers(scope["path"], send))

    def _refusal(self, path: str, headers: Headers) -> PlainTextResponse | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        if path != "/health" and host not in self._hosts:
            return PlainTextResponse("This address is not the console's: set PARAPET_PUBLIC_URL to it.", 400)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > LARGEST_BODY:
            return PlainTextResponse("Too large: a screenshot must be smaller than 5MB.", 413)
        return None

    def _with_headers(self, path: str, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not path.startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        return sent


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise HTTPException(413)
        return message

    return received
