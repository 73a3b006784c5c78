"""What rules kept back: findings of shadow rules and what suppressions hide, with what they would have done. No words.

Read from the findings that the log holds, each time the page is asked for.
"""

from starlette.responses import Response

from dashboards.console.visit import Visit
from processors.rules.seen import Seen

SHOWN = 50


def rules(visit: Visit) -> Response:
    """Show what did not count, by rule and by suppression, and the newest of it."""
    registers = visit.desk.parts.registers()
    seen = Seen(visit.desk.parts.log)
    seen.read(registers)
    return visit.page(
        "rules.html",
        tables=(("Shadow rule", sorted(seen.shadow.items())), ("Suppression", sorted(seen.hidden.items()))),
        suppressions={one.ref: one for one in registers.suppressions},
        newest=list(seen.newest)[::-1][:SHOWN],
        registers=registers,
    )
