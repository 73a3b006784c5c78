"""Runs agents of the stage table in this process, over Kafka: what each process of `parapet worker` does.

Between log and store. Its steps are the same as the embedded runtime's; only indexing opens its store late.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace

from dashboards.cli.bootstrap import make_parts, open_log, open_store
from pipeline.log.interface import Message, Outgoing
from pipeline.settings import Settings
from processors.desk import Desk
from processors.stages import Agent, Parts, Step
from processors.steps import build_step


def run_agents(settings: Settings, agents: Sequence[Agent], ready: Callable[[], None]) -> int:
    """Work until SIGTERM or SIGINT; `ready` is called once all have started. Return the exit code.

    Raises:
        RegisterError, LogUnavailable: nothing was started.
    """
    from processors.faust_worker import run_desks  # noqa: PLC0415 - needs the services extra

    parts = make_parts(settings, None)
    late = LateIndexing(parts)
    with closing(open_log(settings)) as log, closing(late):
        steps = {agent: late if agent is Agent.INDEXING else build_step(agent, parts) for agent in agents}
        return run_desks(settings, [Desk(agent, step, log, parts.clock) for agent, step in steps.items()], ready)


class LateIndexing:
    """The indexing step, which opens its store at the first batch: a worker starts, and pages, with the store down."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._step: Step | None = None

    def restore(self, message: Message) -> None:
        """Do nothing: indexing has no state."""

    def forget(self, partition: int) -> None:
        """Do nothing: indexing has no state."""

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """See `processors.indexing`. Raises StoreUnavailable, also while the store cannot be opened."""
        if self._step is None:
            self._parts = replace(self._parts, store=open_store(self._parts.settings))
            self._step = build_step(Agent.INDEXING, self._parts)
        return self._step.process(batch)

    def close(self) -> None:
        """Close the store, if it was opened."""
        if self._parts.store is not None:
            self._parts.store.close()
