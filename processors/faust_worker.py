"""Runs a worker of the services: the Faust apps of its agents in one process, until it is told to stop.

A second worker takes half of the partitions. Exit code 1 means that something broke and a restart is wanted: whatever
was not acked comes again.
"""

import asyncio
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import uvloop

from pipeline.settings import Settings
from processors.desk import Desk
from processors.faust_app import Subscription, build_app

LOOK_SECONDS = 0.25
STOP_SECONDS = 20.0

_log = logging.getLogger(__name__)


def run_desks(settings: Settings, desks: Sequence[Desk], ready: Callable[[], None] = lambda: None) -> int:
    """Work until SIGTERM or SIGINT; return the exit code. Topics must be there before this is called.

    Each desk is in an app and a consumer group of its own; `ready` is called once all apps have started.
    """
    with tempfile.TemporaryDirectory(prefix="parapet-worker-") as folder:
        code: int = uvloop.run(_serve(settings, desks, Path(folder), ready))
        return code


async def _serve(settings: Settings, desks: Sequence[Desk], folder: Path, ready: Callable[[], None]) -> int:
    over = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, over.set)
    prefix = settings.text("topic_prefix")
    subscriptions = [Subscription(build_app(settings, desk.agent, folder), desk, prefix) for desk in desks]
    for one in subscriptions:
        await one.app.start()
    ready()
    await _told_or_broken(over, subscriptions)
    broken = any(map(_broken, subscriptions))
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await asyncio.gather(*(one.close() for one in subscriptions))
    except TimeoutError:
        _log.critical("the worker did not stop in %s seconds; ending without acking", STOP_SECONDS)
        os._exit(1)
    return 1 if broken else 0


async def _told_or_broken(over: asyncio.Event, subscriptions: Sequence[Subscription]) -> None:
    while not any(map(_broken, subscriptions)):
        try:
            await asyncio.wait_for(over.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue
        return


def _broken(subscription: Subscription) -> bool:
    return subscription.failed.is_set() or subscription.app.crashed or subscription.app.should_stop
