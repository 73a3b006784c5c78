"""The embedded runtime: every step of the stage table and the notifier, over one log, in threads of one process.

Runs the whole flow. One thread an agent, so that alerts do not wait for search, and the console's own loop stays free.
Ctrl-C and kill -9 lose nothing: a position is committed only after all that it caused is durable, a restart goes on
there, and every write is idempotent. Errors are logged without text and shown by `health()`; the agent begins again
from what is committed.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.log.interface import Log, LogUnavailable
from pipeline.log.sqlite import SqliteLog
from pipeline.patience import Backoff
from processors.desk import Desk, Interrupted, where
from processors.reader import Reader
from processors.stages import Agent, Parts
from processors.steps import build_step

POLL_SECONDS = 0.03
"""How soon a thread sees what another process or the console appended; what a thread appends wakes the others."""
SLOW_SECONDS = 5.0
"""A batch that takes longer waits for the log or the store; `health()` says so."""
TRIM_EVERY = timedelta(hours=1)
STEPPED = (Agent.SCREENING, Agent.CASEWORK, Agent.INDEXING)
"""Agents with a step, in the order of the flow."""

_log = logging.getLogger(__name__)


class Due(Protocol):
    """What `processors.notify.Notifier` does in both runtimes, and a fake in tests of this one."""

    def run_once(self) -> float:
        """Do what is due now; return the seconds until more is."""


@dataclass(frozen=True)
class Health:
    """How one part of the pipeline is: running, waiting, failing or stopped; since when, and why.

    problem is the kind and place of an error, or what is waited for: never any text of a post.
    """

    name: str
    state: str
    since: datetime
    problem: str | None = None


@dataclass
class _Loop:
    """One thread's work: turn returns the seconds to wait before the next, 0 for at once."""

    name: str
    turn: Callable[[], float]
    begin_again: Callable[[], None]
    health: Health
    wake: threading.Event = field(default_factory=threading.Event)
    busy_since: datetime | None = None
    turns: int = 0
    thread: threading.Thread | None = None


class Embedded:
    """The pipeline in this process. Not started, `drain` runs it in the caller's thread: one-shot imports, tests."""

    def __init__(self, log: Log, parts: Parts, notifier: Due | None = None, desks: Sequence[Desk] = ()) -> None:
        """Take the parts; log is the caller's to close. desks stand in for those of the stage table in tests."""
        self._log, self._clock, self._notifier = log, parts.clock, notifier
        self._stop = threading.Event()
        self._trim_at = parts.clock()
        at_work = desks or [Desk(agent, build_step(agent, parts), log, parts.clock) for agent in STEPPED]
        self._readers = [Reader(log, desk) for desk in at_work]
        self._loops = [self._loop(one.name, self._turn_of(one), one.begin_again) for one in self._readers]
        if notifier is not None:
            self._loops.append(self._loop(Agent.NOTIFYING.value, self._notify))
        self._loops.append(self._loop("trimming", self._trim))

    def start(self) -> None:
        """Start the threads; returns at once."""
        self._stop.clear()
        for loop in self._loops:
            loop.thread = threading.Thread(target=self._run, args=(loop,), name=f"parapet-{loop.name}", daemon=True)
            loop.thread.start()

    def stop(self) -> None:
        """Finish the batches in hand and end the threads; safe to call twice."""
        self._stop.set()
        self._wake_all()
        for loop in self._loops:
            if loop.thread is not None:
                loop.thread.join()
                loop.thread = None

    def health(self) -> tuple[Health, ...]:
        """Return how each part is, in the order of the flow."""
        now = self._clock()
        return tuple(_shown(loop, now) for loop in self._loops)

    def drain(self) -> None:
        """Return when everything in the log has been processed, notified and indexed, as far as it can be now.

        Started, it waits for the threads; else it works here. Where log or store are down it waits for them.
        """
        if any(loop.thread is not None for loop in self._loops):
            self._wait_for_threads()
            return
        self._work_here()
        if self._notifier is not None:
            self._notifier.run_once()
            self._work_here()

    def _work_here(self) -> None:
        """Go round in the order of the flow, until a round in which nothing was left for anybody."""
        while sum(reader.turn(self._stop) for reader in self._readers):
            continue

    def _wait_for_threads(self) -> None:
        """Twice, for what the notifier writes is indexed in turn."""
        for _ in range(2):
            self._until(self._caught_up)
            self._until_notified()

    def _caught_up(self) -> bool:
        try:
            return all(reader.caught_up() for reader in self._readers)
        except LogUnavailable:
            return False

    def _until_notified(self) -> None:
        """A turn of the notifier that began now has to end: the one at work may have looked too early."""
        if self._notifier is not None:
            notifying = self._loops[len(self._readers)]
            enough = notifying.turns + 2
            self._until(lambda: notifying.turns >= enough)

    def _until(self, done: Callable[[], bool]) -> None:
        while not done() and not self._stop.wait(POLL_SECONDS):
            continue

    def _turn_of(self, reader: Reader) -> Callable[[], float]:
        nothing_after: int | None = None

        def turn() -> float:
            nonlocal nothing_after
            appended = self._appended()
            if appended is not None and appended == nothing_after:
                return POLL_SECONDS
            if not reader.turn(self._stop):
                nothing_after = appended
                return POLL_SECONDS
            self._wake_all()
            return 0.0

        return turn

    def _appended(self) -> int | None:
        """Return what changes with each append; None where a log cannot tell, so that everything is looked at."""
        return self._log.appended() if isinstance(self._log, SqliteLog) else None

    def _notify(self) -> float:
        return POLL_SECONDS if self._notifier is None else min(POLL_SECONDS, self._notifier.run_once())

    def _trim(self) -> float:
        now = self._clock()
        if isinstance(self._log, SqliteLog) and now >= self._trim_at:
            _log.info("%d messages left the log by age or compaction", self._log.trim(now))
            self._trim_at = now + TRIM_EVERY
        return 60.0

    def _loop(self, name: str, turn: Callable[[], float], begin_again: Callable[[], None] = lambda: None) -> _Loop:
        return _Loop(name, turn, begin_again, Health(name, "stopped", self._clock()))

    def _wake_all(self) -> None:
        for loop in self._loops:
            loop.wake.set()

    def _run(self, loop: _Loop) -> None:
        backoff = Backoff()
        while not self._stop.is_set():
            loop.wake.clear()
            wait = self._guarded(loop, backoff)
            loop.turns += 1
            if wait > 0 and not self._stop.is_set():
                loop.wake.wait(wait)
        self._say(loop, "stopped", None)

    def _guarded(self, loop: _Loop, backoff: Backoff) -> float:
        """Do one turn; return the seconds to wait. Nothing may end a thread unseen."""
        loop.busy_since = self._clock()
        try:
            wait = loop.turn()
        except Interrupted:
            return 0.0
        except LogUnavailable as error:
            self._say(loop, "waiting", str(error))
            return backoff.next()
        except Exception as error:  # noqa: BLE001 - logged, shown by health(), and begun again
            self._say(loop, "failing", where(error))
            loop.begin_again()
            return backoff.next()
        finally:
            loop.busy_since = None
        backoff.reset()
        self._say(loop, "running", None)
        return wait

    def _say(self, loop: _Loop, state: str, problem: str | None) -> None:
        if (loop.health.state, loop.health.problem) != (state, problem):
            loop.health = Health(loop.name, state, self._clock(), problem)
            level = logging.INFO if problem is None else logging.ERROR
            _log.log(level, "%s: %s%s", loop.name, state, "" if problem is None else f": {problem}")


def _shown(loop: _Loop, now: datetime) -> Health:
    since = loop.busy_since
    if since is None or (now - since).total_seconds() < SLOW_SECONDS:
        return loop.health
    return Health(loop.name, "waiting", since, "one batch takes long: log or store cannot be reached, or is slow")
