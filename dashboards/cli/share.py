"""What each process of a worker does: some screen, one keeps cases and indexes.

Between two processes of the flow. Python works on one core a process, and screening is most of the work: so it has
processes of its own, and a flood of posts slows no alert.
"""

import logging
from collections.abc import Callable

from dashboards.cli.agents import run_agents
from pipeline.settings import Settings, load
from processors.stages import Agent

SCREENING, CASES = "screening", "cases"


def shares(screeners: int) -> list[str]:
    """Return the names of a worker's processes."""
    return [CASES, *(f"{SCREENING}-{number}" for number in range(1, screeners + 1))]


def run_share(share: str, ready: Callable[[], None]) -> int:
    """Run one process's agents until told to stop; return the exit code. Raises as `run_agents`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = _named(load(), share)
    agents = [Agent.CASEWORK, Agent.INDEXING] if share == CASES else [Agent.SCREENING]
    return run_agents(settings, agents, ready)


def _named(settings: Settings, share: str) -> Settings:
    """Return settings in which a named worker's process has a name of its own, as the group demands."""
    name = settings.text("worker_name")
    return Settings({**settings.values, "worker_name": f"{name}-{share}"}) if name else settings
