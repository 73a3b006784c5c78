"""Which step does an agent's work: the one list both runtimes build from.

Between the stage table and the runtimes. Notifying has no step: `processors.notify` works straight on the log.
"""

from processors.casework import CaseworkStep
from processors.indexing import IndexingStep
from processors.screening import ScreeningStep
from processors.stages import Agent, Parts, Step


def build_step(agent: Agent, parts: Parts) -> Step:
    """Return a new step with no state. Raises ValueError for an agent without one."""
    match agent:
        case Agent.SCREENING:
            return ScreeningStep(parts)
        case Agent.CASEWORK:
            return CaseworkStep(parts)
        case Agent.INDEXING:
            return IndexingStep(parts)
        case Agent.NOTIFYING:
            raise ValueError("notifying has no step: run processors.notify.Notifier over the log")
