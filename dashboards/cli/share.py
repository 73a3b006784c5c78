"""What each process of a worker does: some screen, one keeps cases and indexes.

Between two processes of the flow. Python works on one core a process, and screening is most of the work: so it has
processes of its own, which give way to the one that alerts. A flood of posts slows no alert.
"""

import logging
import os
from collections.abc import Callable

from dashboards.cli.agents import run_agents
from pipeline.settings import Settings, load
from processors.stages import Agent

SCREENING, CASES = "screening", "cases"
GIVES_WAY = 5
"""How much nicer than others a screening process is to the rest of the machine (Unix)."""


def shares(screeners: int) -> list[str]:
    """Return the names of a worker's processes."""
    return [CASES, *(f"{SCREENING}-{number}" for number in range(1, screeners + 1))]


def run_share(share: str, ready: Callable[[], None]) -> int:
    """Run one process's agents until told to stop; return the exit code. Raises as `run_agents`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = _named(load(), share)
    if share == CASES:
        return run_agents(settings, [Agent.CASEWORK, Agent.INDEXING], ready)
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    return run_agents(settings, [Agent.SCREENING], ready)


def _named(settings: Settings, share: str) -> Settings:
    """Return settings in which a named worker's process has a name of its own, as the group demands."""
    name = settings.text("worker_name")
    return Settings({**settings.values, "worker_name": f"{name}-{share}"}) if name else settings
