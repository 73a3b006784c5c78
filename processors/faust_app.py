"""The services' runtime of the stage table: one Faust app for each agent, reading Kafka and acking what is durable.

Each agent is a consumer group of its own, so that a store that is down (indexing) or a flood of posts (screening) never
keeps casework from paging somebody. Faust reads, spreads partitions over the workers and commits; a `Desk` does the
work in a thread of its own. Rules: messages are read with `noack_take`, acked in order, and only after all they caused
is acknowledged; nothing escapes the body; a partition changes hands only when the batch in hand is done.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import faust

from pipeline.log.interface import Message
from pipeline.settings import Settings
from processors.desk import Desk, Interrupted
from processors.stages import Agent, reads_of

HANDOVER_SECONDS = 8.0
"""How long a rebalance waits for the batch in hand: less than the session timeout, after which it is lost anyway."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Appetite:
    """How much an agent takes at once: messages a batch, seconds it waits for more, messages buffered before it."""

    batch: int
    within: float
    buffer: int


APPETITES: Mapping[Agent, Appetite] = {
    Agent.SCREENING: Appetite(batch=20, within=0.02, buffer=64),
    Agent.CASEWORK: Appetite(batch=200, within=0.02, buffer=1024),
    Agent.INDEXING: Appetite(batch=500, within=0.1, buffer=1024),
}
"""Screening reads packs of up to 100 posts each; the others read single records."""


def build_app(settings: Settings, agent: Agent, folder: Path) -> faust.App:
    """Return an app without agents. Its group is named by the agent, as on the embedded log.

    The assignor is Faust's own, chosen by table_standby_replicas=1 though there are no tables: it gives all topics of
    one partition number to one worker, which state by partition needs. At 0 Faust spreads topics without regard to it.
    """
    return faust.App(
        settings.text("topic_prefix") + agent.value,
        broker=f"kafka://{settings.text('kafka')}",
        store="memory://",
        datadir=str(folder / agent.value),
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        processing_guarantee="at_least_once",
        stream_wait_empty=False,
        stream_buffer_maxsize=APPETITES[agent].buffer,
        broker_commit_interval=0.5,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.text("worker_name") or None,
        table_standby_replicas=1,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_rebalance_timeout=15.0,
        producer_linger=0.005,
        worker_redirect_stdouts=False,
    )


class Subscription:
    """One agent's app with its desk: takes batches from Faust, has them worked on, acks them.

    failed is set when the desk broke in a way that a restart must mend; whoever runs it then ends the process.
    """

    def __init__(self, app: faust.App, desk: Desk, prefix: str = "") -> None:
        self.app = app
        self.desk = desk
        self.failed = asyncio.Event()
        self._prefix = prefix
        self._topics = [prefix + topic.name for topic in reads_of(desk.agent)]
        self._appetite = APPETITES[desk.agent]
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=desk.agent.value)
        self._busy = asyncio.Lock()
        self._stop = threading.Event()
        self._closed = False
        self._doubt = False
        self._generation = 0
        self._preparing: asyncio.Task[None] | None = None
        self._subscribe()

    def _subscribe(self) -> None:
        source = self.app.topic(*self._topics, value_type=bytes, value_serializer="raw", key_serializer="raw")

        async def take(stream: Any) -> None:
            async for events in stream.noack_take(self._appetite.batch, within=self._appetite.within):
                await self.take(events)

        async def revoked(*_: object, **__: object) -> None:
            await self.pause()

        async def assigned(_app: object, places: Any, **_: object) -> None:
            await self.resume({(place.topic, place.partition) for place in places})

        self.app.agent(source, name=self.desk.agent.value)(take)
        self.app.on_partitions_revoked.connect(revoked)
        self.app.on_partitions_assigned.connect(assigned)

    async def take(self, events: Sequence[Any]) -> None:
        """Work on events by partition, acking each partition's when they are done. Never raises."""
        by_partition: dict[int, list[Any]] = {}
        for event in events:
            by_partition.setdefault(event.message.partition, []).append(event)
        for partition, group in by_partition.items():
            async with self._busy:
                fresh = [one for one in group if one.message.generation_id == self.app.consumer_generation_id]
                if fresh and await self._run(self.desk.work, partition, [self._message(one) for one in fresh]):
                    for event in fresh:
                        event.ack()

    async def _run(self, work: Callable[..., None], *arguments: object) -> bool:
        """Run in the desk's thread; return whether it was done. What was not is never acked, and so comes again."""
        stop = self._stop
        if stop.is_set():
            return False
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments, stop))
        except Interrupted:
            return False
        except Exception as error:  # noqa: BLE001 - what escapes a body of Faust's is lost
            _log.critical("%s: the desk failed (%s); ending without acking", self.desk.agent, type(error).__name__)
            stop.set()
            self.failed.set()
            return False
        return True

    def _message(self, event: Any) -> Message:
        raw = event.message
        return Message(
            topic=raw.topic.removeprefix(self._prefix),
            partition=raw.partition,
            offset=raw.offset,
            key=(raw.key or b"").decode(errors="replace"),
            value=raw.value,
            headers=dict(raw.headers or ()),
        )

    async def pause(self) -> None:
        """Finish the batch in hand, commit, so that the next owner goes on there, and begin no other."""
        self._stop.set()
        try:
            async with asyncio.timeout(HANDOVER_SECONDS), self._busy:
                await self.app.consumer.commit()
        except TimeoutError:
            self._doubt = True
            _log.error("%s: a batch outlasted a rebalance; its partitions start anew", self.desk.agent)
        except Exception as error:  # noqa: BLE001 - an offset not committed costs a redelivery, nothing else
            _log.warning("%s: offsets were not committed (%s)", self.desk.agent, type(error).__name__)

    async def resume(self, places: set[tuple[str, int]]) -> None:
        """Take over partitions. What was held and stays ours, with no other owner between, keeps its state."""
        if self._closed:
            return
        partitions = {partition for _, partition in places}
        if places != {(topic, partition) for topic in self._topics for partition in partitions}:
            _log.critical("%s: topics of one partition number are apart; ending", self.desk.agent)
            self.failed.set()
            return
        generation = int(self.app.consumer_generation_id)
        trusted = generation == self._generation + 1 and not self._doubt
        self._generation, self._doubt = generation, False
        self._stop = threading.Event()
        _log.info("%s: partitions %s", self.desk.agent, sorted(partitions))
        await self._run(self._hand_over, partitions if trusted else set())
        self._preparing = asyncio.create_task(self._prepare(sorted(partitions)))

    def _hand_over(self, kept: set[int], _stop: threading.Event) -> None:
        for partition in self.desk.held - kept:
            self.desk.forget(partition)

    async def _prepare(self, partitions: Sequence[int]) -> None:
        """Restore partitions before their first message comes, so that a first threat does not wait for it."""
        for partition in partitions:
            async with self._busy:
                await self._run(self.desk.restore, partition)

    async def close(self) -> None:
        """Finish the batch in hand, commit, and stop for good."""
        self._closed = True
        await self.pause()
        await self.app.stop()
        if self._preparing is not None:
            await self._preparing
        self._thread.shutdown(wait=False, cancel_futures=True)
