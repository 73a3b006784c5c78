"""The live feed: a thread that follows incidents.v1 on the log and hands each change to the browsers that listen.

It also keeps the outbox, from alerts.v1 and alert.deliveries.v1. It reads only; when the log is away it says so and
tries again. A browser that connects anew gets what changed while it was away.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from dashboards.console.outbox import Outbox
from pipeline.codec import decode
from pipeline.log.interface import Log, LogUnavailable, Message
from pipeline.topics import ALERTS, DELIVERIES, INCIDENTS, Topic
from pipeline.vocabulary.alert import Alert, Delivery
from pipeline.vocabulary.incident import Incident

POLL_SECONDS = 0.2
RETRY_SECONDS = 2.0
REPLAY_SECONDS = 90.0
_KEPT = 500
_BATCH = 200
_QUEUE = 300

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """A new version of an incident, numbered in the order it was seen; at is monotonic."""

    number: int
    incident: Incident
    at: float


@dataclass(eq=False)
class Listener:
    """One browser's queue. None ends it; `lost` says that it could not keep up and must load the page again."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Change | None] = field(default_factory=asyncio.Queue)
    lost: bool = False

    def put(self, change: Change | None) -> None:
        """Hand over a change, from any thread."""
        with contextlib.suppress(RuntimeError):  # its loop has ended: nobody listens any more
            self.loop.call_soon_threadsafe(self._take, change)

    def _take(self, change: Change | None) -> None:
        if change is not None and self.queue.qsize() >= _QUEUE:
            self.lost = True
            change = None
        self.queue.put_nowait(change)


class Feed:
    """Follows the log in a thread of its own, from `start` to `close`."""

    def __init__(self, log: Log, outbox: Outbox) -> None:
        self.healthy = True
        self.boot = f"{time.time_ns():x}"
        self._log = log
        self._outbox = outbox
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._recent: deque[Change] = deque(maxlen=_KEPT)
        self._number = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="console-feed", daemon=True)

    def start(self) -> None:
        """Begin to follow the log."""
        self._thread.start()

    def close(self) -> None:
        """Stop following, and end every listener; safe to call twice."""
        self._closing.set()
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.put(None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    @contextlib.contextmanager
    def listening(self, last_id: str = "") -> Iterator[Listener]:
        """Give the calling event loop a listener that first gets what changed after `last_id`, or of late."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            for change in self._missed(last_id):
                listener.queue.put_nowait(change)
            if self._closing.is_set():
                listener.queue.put_nowait(None)
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def id_of(self, change: Change) -> str:
        """Return what a browser says to go on after this change."""
        return f"{self.boot}-{change.number}"

    def _missed(self, last_id: str) -> list[Change]:
        boot, _, number = last_id.partition("-")
        if boot == self.boot and number.isdigit():
            return [change for change in self._recent if change.number > int(number)]
        since = time.monotonic() - REPLAY_SECONDS
        return [change for change in self._recent if change.at >= since]

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                followed = (
                    _Followed(self._log, INCIDENTS, self._take_incident, from_start=False),
                    _Followed(self._log, ALERTS, self._take_alert, from_start=True),
                    _Followed(self._log, DELIVERIES, self._take_delivery, from_start=True),
                )
                self._follow(followed)
            except LogUnavailable:
                self.healthy = False
                self._closing.wait(RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001 - nothing may end the feed unseen: said, and begun again
                _log.error("live feed: %s, begun again", type(error).__name__)
                self.healthy = False
                self._closing.wait(RETRY_SECONDS)

    def _follow(self, followed: tuple["_Followed", ...]) -> None:
        while not self._closing.is_set():
            try:
                taken = sum(one.poll() for one in followed)
            except LogUnavailable:
                self.healthy = False
                self._closing.wait(RETRY_SECONDS)
                continue
            self.healthy = True
            if not taken:
                self._closing.wait(POLL_SECONDS)

    def _take_incident(self, message: Message) -> None:
        if message.value is None:
            return
        incident = decode(Incident, message.value)
        with self._lock:
            self._number += 1
            change = Change(self._number, incident, time.monotonic())
            self._recent.append(change)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.put(change)

    def _take_alert(self, message: Message) -> None:
        if message.value is not None:
            self._outbox.take_alert(decode(Alert, message.value))

    def _take_delivery(self, message: Message) -> None:
        if message.value is not None:
            self._outbox.take_delivery(decode(Delivery, message.value))


class _Followed:
    """A topic and how far it was read, by partition."""

    def __init__(self, log: Log, topic: Topic, take: Callable[[Message], None], from_start: bool) -> None:
        self._log, self._topic, self._take = log, topic, take
        place = log.start if from_start else log.end
        self._offsets = {number: place(topic.name, number) for number in range(log.partitions(topic.name))}

    def poll(self) -> int:
        """Take what is new; return how many messages. One that cannot be read is passed over: index dead-letters it."""
        count = 0
        for partition, offset in self._offsets.items():
            for message in self._log.read(self._topic.name, partition, offset, _BATCH):
                with contextlib.suppress(msgspec.MsgspecError):
                    self._take(message)
                self._offsets[partition] = message.offset + 1
                count += 1
        return count
