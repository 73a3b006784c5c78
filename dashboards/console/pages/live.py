"""The live page: open incidents critical first, what is heard from each source, what waits, the stream of changes."""

import json
import time
from asyncio import timeout
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from dashboards.console.activity_counts import count_activity
from dashboards.console.feed import Change, Listener
from dashboards.console.gate import visit_of
from dashboards.console.permissions import Permission, may_see, route_allows
from dashboards.console.source_lines import source_lines
from dashboards.console.visit import Form, Visit
from pipeline.store.interface import Order, Query
from pipeline.vocabulary.incident import Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level

OPEN_SHOWN = 50
IN_HAND_SHOWN = 25
HEARTBEAT_SECONDS = 10.0
RECONNECT_MS = 2000


def home(visit: Visit) -> Response:
    """Show the live page, or the account's own page to whoever has nothing to see there."""
    if not route_allows("live_parts", visit.held):
        return visit.page("account.html")
    context = _queues(visit) if route_allows("live_feed", visit.held) else {}
    return visit.page("live.html", **context, **_watch(visit))


def live_parts(visit: Visit) -> Response:
    """Return the part of the live page that is fetched again: counts, sources, dead letters, outbox."""
    return visit.page("live_parts.html", **_watch(visit))


def live_feed(visit: Visit) -> Response:
    """Return the stream of changes, as server-sent events; a HEAD gets no stream, since it would have no end."""
    if visit.request.method == "HEAD":
        return Response(media_type="text/event-stream")
    return StreamingResponse(_events(visit), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _queues(visit: Visit) -> dict[str, Any]:
    waiting = _in_state(visit, IncidentState.OPEN, OPEN_SHOWN)
    in_hand = _in_state(visit, IncidentState.ACKNOWLEDGED, IN_HAND_SHOWN)
    return {"waiting": waiting[0], "waiting_total": waiting[1], "in_hand": in_hand[0], "in_hand_total": in_hand[1]}


def _in_state(visit: Visit, state: IncidentState, limit: int) -> tuple[list[Incident], int]:
    query = Query(states=(state,), order=Order.LEVEL, limit=limit, restricted=visit.sees_restricted)
    page = visit.desk.parts.store.search(query)
    seen = [hit.incident for hit in page.hits if may_see(visit.held, hit.incident)]
    return seen, page.total if visit.may(Permission.SEE_INCIDENTS) else len(seen)


def _watch(visit: Visit) -> dict[str, Any]:
    parts, now = visit.desk.parts, visit.desk.parts.clock()
    context: dict[str, Any] = {"registers": parts.registers(), "levels": tuple(reversed(Level))}
    if visit.may(Permission.SEE_INCIDENTS):
        context["counts"] = count_activity(parts.store, now, visit.desk.zone)
    if visit.may(Permission.SEE_SERVICE):
        context |= _service(visit, now)
    return context


def _service(visit: Visit, now: datetime) -> dict[str, Any]:
    parts = visit.desk.parts
    return {
        "lines": source_lines(parts.registers(), parts.store.sources(), parts.settings, now),
        "dead_letters": parts.store.count_dead_letters(),
        "may_read_not_screened": visit.may(Permission.READ_NOT_SCREENED),
        "undelivered": visit.desk.outbox.undelivered(now),
        "mail_is_set": bool(parts.settings.text("smtp_host")),
        "feed_is_healthy": visit.desk.feed.healthy,
        "model_problem": parts.model(),
    }


async def _events(visit: Visit) -> AsyncIterator[str]:
    last_id = visit.request.headers.get("last-event-id", "")
    checked = time.monotonic()
    with visit.desk.feed.listening(last_id) as listener:
        yield f"retry: {RECONNECT_MS}\n\n"
        while True:
            change = await _next(listener)
            if time.monotonic() - checked >= HEARTBEAT_SECONDS:
                checked = time.monotonic()
                if not await run_in_threadpool(_still_allowed, visit):
                    yield "event: signed-out\ndata: {}\n\n"
                    return
            if isinstance(change, Change):
                if change.incident.restriction is not None and not visit.sees_restricted:
                    yield _gone(visit, change)
                elif may_see(visit.held, change.incident) and change.incident.kind is not IncidentKind.SUMMARY:
                    yield _event(visit, change)
            elif change is None:
                yield "event: reload\ndata: {}\n\n" if listener.lost else ": the console is stopping\n\n"
                return
            else:
                yield ": still here\n\n"


async def _next(listener: Listener) -> Change | bool | None:
    """Return the next change; None at the end; False when nothing came for a while."""
    try:
        async with timeout(HEARTBEAT_SECONDS):
            return await listener.queue.get()
    except TimeoutError:
        return False


def _still_allowed(visit: Visit) -> bool:
    again = visit_of(visit.desk, visit.request, visit.route, Form())
    return again.account is not None and again.held == visit.held


def _gone(visit: Visit, change: Change) -> str:
    """Return what takes an incident off a screen that may not show it any more."""
    incident = change.incident
    data = {"id": incident.incident_id, "version": incident.version, "list": "", "html": "", "say": ""}
    return f"id: {visit.desk.feed.id_of(change)}\nevent: incident\ndata: {json.dumps(data)}\n\n"


def _event(visit: Visit, change: Change) -> str:
    incident = change.incident
    data = {
        "id": incident.incident_id,
        "version": incident.version,
        "list": {IncidentState.OPEN: "waiting", IncidentState.ACKNOWLEDGED: "in-hand"}.get(incident.state, ""),
        "rank": incident.level.rank,
        "posted": incident.last_posted_at.timestamp(),
        "critical": incident.level is Level.CRITICAL,
        "html": visit.fragment("live_row.html", incident=incident, registers=visit.desk.parts.registers()),
        "say": visit.fragment("live_say.html", incident=incident, registers=visit.desk.parts.registers()).strip(),
    }
    return f"id: {visit.desk.feed.id_of(change)}\nevent: incident\ndata: {json.dumps(data)}\n\n"
