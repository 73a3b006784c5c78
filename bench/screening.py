"""How many events a second one core screens: the detectors alone, no classifier, no log, no store, one thread."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.events import is_hostile, mix_of, observations
from bench.figures import A_SECOND, Figure, Scale
from dashboards.demo import REGISTERS
from pipeline.ids import content_hash, event_id
from pipeline.registers.load import load_registers
from pipeline.vocabulary.event import Event, Observation
from processors.contacts import Contacts
from processors.rules.load import load_rulebook
from processors.screener import Screener

ROUNDS = 5


def measure(scale: Scale) -> list[Figure]:
    """Return the median of some rounds, each over events that the screener has not seen, with the same contacts."""
    registers = load_registers(REGISTERS)
    screener = Screener(registers, load_rulebook())
    count = scale.of(20_000, 2_000)
    seen = observations(mix_of(registers), count * (ROUNDS + 1), datetime.now(UTC))
    batches = [as_events(seen[at : at + count]) for at in range(0, len(seen), count)]
    contacts = Contacts(registers)
    _screen(screener, contacts, batches[0])
    rates, found = [], 0
    for batch in batches[1:]:
        began = time.process_time()
        found += _screen(screener, contacts, batch)
        rates.append(count / (time.process_time() - began))
    hostile = sum(map(is_hostile, range(count, count * (ROUNDS + 1))))
    return [
        Figure(
            "screening_events_per_second",
            sorted(rates)[ROUNDS // 2],
            A_SECOND,
            f"{ROUNDS} rounds of {count:,} new events in one thread, median by processor time; "
            f"{found:,} of {count * ROUNDS:,} events had a finding, {hostile:,} were hostile",
            {"slowest_round": min(rates), "fastest_round": max(rates), "events": count * ROUNDS, "with_finding": found},
        )
    ]


def _screen(screener: Screener, contacts: Contacts, events: Sequence[Event]) -> int:
    found = 0
    for event in events:
        found += bool(screener.screen(event, contacts))
        contacts.note(event)
    return found


def as_events(seen: Sequence[Observation]) -> list[Event]:
    """Return the events that observations make, nothing known before."""
    made = []
    for one in seen:
        content = content_hash(one)
        fields = {name: getattr(one, name) for name in one.__struct_fields__}
        made.append(Event(**fields, event_id=event_id(one, content, None), content_hash=content))
    return made
