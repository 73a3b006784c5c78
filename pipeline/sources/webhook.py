"""The webhook receiver: signed observations from connectors outside, answered only after the log has them.

First in the flow. POST /webhook/<connector>: the raw body is read up to a limit, its signature checked, and only then
parsed: one observation or an array. 401 for a wrong signature or stale time; 413 too large; 422 with field and cure for
what is refused (what stood beside it in an array is taken); 503 while the log is down; 202 when all of it is durable.
The same delivery again changes nothing: event ids are made from what was seen. Nothing is redirected.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.dead_letters import Refusal
from pipeline.log.interface import Log, LogUnavailable, Outgoing
from pipeline.registers.types import Registers
from pipeline.sources.heard import Heard
from pipeline.sources.intake import UNREADABLE, Intake, Refused, why_unreadable
from pipeline.sources.packing import Packer
from pipeline.sources.signature import verified
from pipeline.topics import SOURCES
from pipeline.vocabulary.event import Ingest, Leg, Observation

CONNECTOR = "webhook"

_items = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True)
class WebhookParts:
    """What the receiver is built from. keys come from `signature.keys_of`; max_bytes is the largest body it takes; look
    is that of `Intake`.
    """

    log: Log
    registers: Callable[[], Registers]
    clock: Callable[[], datetime]
    keys: tuple[bytes, ...]
    max_bytes: int
    look: Callable[[Observation], Observation] | None = None


def build_webhook(parts: WebhookParts) -> Starlette:
    """Return the receiver as an ASGI app: POST /webhook/<connector> and GET /health."""
    receiver = _Receiver(parts)
    app = Starlette(
        routes=[
            Route("/webhook/{connector}", receiver.receive, methods=["POST"]),
            Route("/health", receiver.health, methods=["GET"]),
        ]
    )
    app.router.redirect_slashes = False
    return app


class _Receiver:
    def __init__(self, parts: WebhookParts) -> None:
        self._parts = parts
        self._intake = Intake(parts.registers, parts.clock, "ingest", parts.look)
        self._heard, self._lock = Heard(CONNECTOR, parts.clock), threading.Lock()

    async def receive(self, request: Request) -> Response:
        body = await _read(request, self._parts.max_bytes)
        if body is None:
            return _answer(413, f"the body is longer than {self._parts.max_bytes} bytes: send less in one")
        if not verified(self._parts.keys, request.headers, body, self._parts.clock()):
            return _answer(401, "signature or time is wrong: sign with the shared secret, and set your clock")
        try:
            items = [bytes(item) for item in _items.decode(body)] if body.lstrip()[:1] == b"[" else [body]
        except UNREADABLE as error:
            return _answer(422, why_unreadable(error).explanation)
        ingest = Ingest(
            connector=f"{CONNECTOR}:{request.path_params['connector']}"[:80],
            leg=Leg.LIVE,
            source=CONNECTOR,
            delivery_id=request.headers["webhook-id"][:200],
        )
        try:
            refused, taken = await run_in_threadpool(self._store, items, ingest)
        except LogUnavailable:
            return _answer(503, "the log is down: send the same again later", {"Retry-After": "5"})
        return _outcome(taken, refused)

    async def health(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self._parts.log.end, SOURCES.name, 0)
        except LogUnavailable:
            return _answer(503, "the log is down")
        return JSONResponse({"status": "ok"})

    def _store(self, items: list[bytes], ingest: Ingest) -> tuple[list[tuple[int, Refusal]], int]:
        """Make durable what is taken, and a dead letter for what is not; return refusals by index, and the count."""
        packer = Packer(lambda: 0.0)
        refused: list[tuple[int, Refusal]] = []
        letters: list[Outgoing] = []
        for index, item in enumerate(items):
            place = f"{ingest.delivery_id} {index}"
            seen = self._intake.take(item, msgspec.structs.replace(ingest, position=place))
            if isinstance(seen, Refused):
                refused.append((index, seen.refusal))
                letters.append(seen.letter)
            else:
                packer.add(seen)
                with self._lock:
                    self._heard.note(seen)
        with self._lock:
            statuses = self._heard.due()
        taken = packer.waiting
        self._parts.log.append([*packer.take(), *letters, *statuses])
        return refused, taken


async def _read(request: Request, limit: int) -> bytes | None:
    """Return the body, or None as soon as it is known to be longer than `limit` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def _outcome(taken: int, refused: list[tuple[int, Refusal]]) -> Response:
    said = [{"index": index, "reason": one.reason.value, "explanation": one.explanation} for index, one in refused]
    content = {"accepted": taken, "refused": said}
    if said:
        content["error"] = said[0]["explanation"]
    return JSONResponse(content, status_code=422 if said else 202)


def _answer(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": words}, status_code=status, headers=headers)
