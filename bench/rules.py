"""What screening one event costs by the number of rules, and a long text by its length: no classifier, one thread.

Processor time, and the least of some rounds over events of their own, because other work on the machine can only add.
Beside it the same texts with every rule tried one after another, which is what the rulebook's gate spares.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bench.events import mix_of, observations
from bench.figures import MICROSECONDS, RATIO, Figure, Scale
from bench.rulebooks import rulebook_of
from bench.screening import as_events
from dashboards.demo import FEED, REGISTERS
from pipeline.codec import decode
from pipeline.registers.load import load_registers
from pipeline.registers.types import Registers
from pipeline.text.fold import fold
from pipeline.vocabulary.event import Event, Observation
from processors.rules.examples import example_event
from processors.rules.load import load_rulebook
from processors.rules.match import Rulebook
from processors.rules.patterns import Pattern, compile_pattern, spell_out
from processors.screener import Screener

SIZES = (75, 150, 300, 600)
ROUNDS = 5
KILOBYTE = 1024
LONG = (4 * KILOBYTE, 64 * KILOBYTE, 1024 * KILOBYTE)


def measure(scale: Scale) -> list[Figure]:
    """Return microseconds an event by number of rules, how they grow, and microseconds a kilobyte by length."""
    shipped, registers = load_rulebook(), load_registers(REGISTERS)
    count = scale.of(3_000, 300)
    seen = as_events(observations(mix_of(registers), count * (ROUNDS + 1), datetime.now(UTC)))
    rounds = [seen[at : at + count] for at in range(0, len(seen), count)]
    rulebooks = {many: rulebook_of(shipped, many) for many in SIZES}
    costs = {many: _an_event(Screener(registers, one), rounds) for many, one in rulebooks.items()}
    what = f"of {ROUNDS} rounds of {count:,} new events the quickest, {len(shipped.rules)} rules of ours and copies"
    figures = [Figure(f"screening_microseconds_at_{many}_rules", costs[many], MICROSECONDS, what) for many in SIZES]
    growth = costs[SIZES[-1]] / costs[SIZES[0]]
    figures.append(Figure("screening_cost_600_to_75_rules", growth, RATIO, "8 would be linear; same run"))
    first = _first_time(registers, rulebook_of(shipped, 300), rounds[0])
    words = f"the first {count:,} events after a start, patterns compiled as they are called up"
    figures.append(Figure("screening_microseconds_first_events_at_300_rules", first, MICROSECONDS, words))
    day = as_events([decode(Observation, line) for line in FEED.read_bytes().splitlines()])
    lived = _an_event(Screener(registers, rulebooks[300]), [day] * ROUNDS)
    words = f"the example borough's day, {len(day)} events of the length that people write"
    figures.append(Figure("screening_microseconds_of_a_day_at_300_rules", lived, MICROSECONDS, words))
    texts = [fold(one.text or "").text for one in rounds[1][: scale.of(200, 20)]]
    figures.append(_one_by_one(rulebooks[300], texts))
    return [*figures, *_long(Screener(registers, rulebooks[300]), scale)]


def _an_event(screener: Screener, rounds: Sequence[Sequence[Event]]) -> float:
    _screen(screener, rounds[0])
    return min(_microseconds(lambda events=one: _screen(screener, events)) / len(one) for one in rounds[1:])  # type: ignore[misc]


def _first_time(registers: Registers, rulebook: Rulebook, events: Sequence[Event]) -> float:
    screener = Screener(registers, rulebook)
    return _microseconds(lambda: _screen(screener, events)) / len(events)


def _screen(screener: Screener, events: Sequence[Event]) -> None:
    for event in events:
        screener.screen(event)


def _one_by_one(rulebook: Rulebook, texts: Sequence[str]) -> Figure:
    """Return what the rules' patterns alone cost where each rule is tried on each text."""
    patterns = [_whole(rule.patterns, rulebook) for rule in rulebook.rules]
    rulebook_cost = _least(lambda: [rulebook.scan(text) for text in texts]) / len(texts)
    one_by_one = _least(lambda: [one.search(text) for text in texts for one in patterns]) / len(texts)
    words = f"{len(texts)} texts, every one of 300 rules tried; the rulebook took {rulebook_cost:.0f} for the same"
    details = {"rulebook_microseconds": rulebook_cost}
    return Figure("every_rule_tried_microseconds", one_by_one, MICROSECONDS, words, details)


def _whole(patterns: Sequence[str], rulebook: Rulebook) -> Pattern:
    return compile_pattern("|".join(f"(?:{spell_out(one, rulebook.lexicon.words)})" for one in patterns))


def _long(screener: Screener, scale: Scale) -> list[Figure]:
    """Return microseconds a kilobyte of a text of ordinary sentences."""
    registers = load_registers(REGISTERS)
    told = observations(mix_of(registers, seed=9), scale.of(12_000, 1_000), datetime.now(UTC))
    text = ". ".join(one.text or "" for one in told)
    figures = []
    for size in LONG:
        if size > len(text):
            continue
        event = example_event(text[:size])
        cost = _least(lambda event=event: screener.screen(event), 3) / (size / KILOBYTE)  # type: ignore[misc]
        words = f"a text of {size // KILOBYTE} KB in windows, 300 rules, the quickest of 3"
        figures.append(Figure(f"microseconds_a_kilobyte_at_{size // KILOBYTE}_kb", cost, MICROSECONDS, words))
    return figures


def _least(work: Callable[[], object], times: int = ROUNDS) -> float:
    return min(_microseconds(work) for _ in range(times))


def _microseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e6
