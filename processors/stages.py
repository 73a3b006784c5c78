"""The stage table: every stage, what it reads and writes, and the agent it runs in. Both runtimes read this one table.

Stages in one agent share a process step, because a message costs more than what is in it. An agent's work is a
`Step`: batches in, records out, state rebuilt from the topics that are its truth. The runtimes own I/O and acks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pipeline.log.interface import Message, Outgoing
from pipeline.registers.types import Registers
from pipeline.settings import Settings
from pipeline.store.interface import Store
from pipeline.topics import (
    ACTIVITY,
    ALERTS,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    FINDINGS,
    INCIDENTS,
    RAW_TOPICS,
    SOURCES,
    Topic,
)
from processors.hearing import Hearing
from processors.rules.match import Rulebook


class Agent(StrEnum):
    """A group of stages that share one step, and so one consumer group."""

    SCREENING = "screening"
    CASEWORK = "casework"
    INDEXING = "indexing"
    NOTIFYING = "notifying"


@dataclass(frozen=True)
class Stage:
    """One row of the table."""

    name: str
    agent: Agent
    reads: tuple[Topic, ...]
    writes: tuple[Topic, ...]
    restores: tuple[Topic, ...]
    """Topics from which its state is rebuilt when a partition is assigned."""
    does: str


STAGES: tuple[Stage, ...] = (
    Stage(
        "reconcile",
        Agent.SCREENING,
        RAW_TOPICS,
        (EVENTS, DEAD_LETTERS),
        (EVENTS,),
        "decides create, edit, delete, share; mints the event id; drops duplicates",
    ),
    Stage("screen", Agent.SCREENING, (), (FINDINGS, DEAD_LETTERS), (EVENTS,), "all detectors in one pass"),
    Stage(
        "correlate",
        Agent.CASEWORK,
        (FINDINGS,),
        (),
        (INCIDENTS,),
        "what only history shows: a course of conduct, a pile-on",
    ),
    Stage(
        "record",
        Agent.CASEWORK,
        (ACTIVITY,),
        (ALERTS, INCIDENTS, DEAD_LETTERS),
        (INCIDENTS,),
        "opens or updates one incident; decides whether somebody must know now; the only writer of incidents",
    ),
    Stage(
        "index",
        Agent.INDEXING,
        (INCIDENTS, SOURCES, DEAD_LETTERS, DELIVERIES),
        (DEAD_LETTERS,),
        (),
        "versioned upserts into the store",
    ),
    Stage("notify", Agent.NOTIFYING, (ALERTS,), (DELIVERIES,), (DELIVERIES,), "delivers alerts, with back-off"),
)


@dataclass(frozen=True)
class Parts:
    """What steps are built from; the composition root fills it.

    registers returns the registers as they stand now, and rulebook the rules (both reload while a worker runs; without
    rulebook the rules that ship are used); clock returns the time, UTC.
    """

    registers: Callable[[], Registers]
    clock: Callable[[], datetime]
    settings: Settings
    store: Store | None = None
    rulebook: Callable[[], Rulebook] | None = None
    hearing: Hearing | None = None
    """The classifier at work; without it rules alone judge."""


class Step(Protocol):
    """An agent's work, the same on both runtimes. Implementations hold state by partition and do no log I/O."""

    def restore(self, message: Message) -> None:
        """Take one message of a restores topic into state; called in order, before any process on that partition."""

    def forget(self, partition: int) -> None:
        """Drop the state of a partition that was taken away."""

    def process(self, batch: Sequence[Message]) -> list[Outgoing]:
        """Return the records that a batch of one partition causes, in the order they must become durable.

        Never raises for bad input: that becomes a dead letter among the records. May raise StoreUnavailable (index),
        whereupon the runtime waits and gives the same batch again. Called again with the same messages after a crash,
        it leaves the same incidents.
        """


def stages_of(agent: Agent) -> tuple[Stage, ...]:
    """Return the rows of one agent, in flow order."""
    return tuple(stage for stage in STAGES if stage.agent is agent)


def reads_of(agent: Agent) -> tuple[Topic, ...]:
    """Return the topics an agent subscribes to."""
    return tuple(dict.fromkeys(topic for stage in stages_of(agent) for topic in stage.reads))


def restores_of(agent: Agent) -> tuple[Topic, ...]:
    """Return the topics an agent's state is rebuilt from."""
    return tuple(dict.fromkeys(topic for stage in stages_of(agent) for topic in stage.restores))
