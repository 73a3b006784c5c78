"""Lines of examples as `parapet screen` reads and writes them: the form of the shared examples, one JSON object a line.

Beside the flow. A line that cannot be read gives a line with an `error` that names field and cure; the rest goes on.
"""

from collections.abc import Iterable, Iterator

import msgspec

from pipeline.registers.types import Registers
from pipeline.sources.intake import fault_of, why_unreadable
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.finding import Finding, RuleState
from processors.assess import Assessment, assess
from processors.screener import Screener


class ExampleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line in: an event with earlier ones of its own, oldest first. What else the line holds is not read."""

    id: str
    event: Observation
    history: tuple[Observation, ...] = ()


class _Named(msgspec.Struct, frozen=True):
    id: str | None = None


_lines = msgspec.json.Decoder(ExampleLine)
_names = msgspec.json.Decoder(_Named)


def screened_lines(lines: Iterable[bytes], screener: Screener, registers: Registers) -> Iterator[dict[str, object]]:
    """Yield one object for each line that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _screened(number, line, screener, registers)


def _screened(number: int, line: bytes, screener: Screener, registers: Registers) -> dict[str, object]:
    try:
        example = _lines.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return {"id": _id_of(line), "error": f"line {number}: {why_unreadable(error).explanation}"}
    for one in (*example.history, example.event):
        fault = fault_of(one)
        if fault is not None:
            return {"id": example.id, "error": f"line {number}: {fault.explanation}"}
    return {"id": example.id, **as_output(assess(example.event, example.history, screener, registers))}


def _id_of(line: bytes) -> str | None:
    try:
        return _names.decode(line).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def as_output(assessed: Assessment) -> dict[str, object]:
    """Return an assessment as the fields of an output line; shadow findings are not among them."""
    decision = assessed.decision
    return {
        "findings": [_finding(one) for one in assessed.findings if one.state is RuleState.LIVE],
        "level": decision.level,
        "alert": decision.alert,
        "notify": list(decision.notify),
        "route": decision.route,
    }


def _finding(one: Finding) -> dict[str, object]:
    return {
        "paragraph": one.paragraph,
        "paragraphs": list(one.paragraphs),
        "category": one.category,
        "level": one.level,
        "target": one.target,
        "rule": one.rule,
        "field": one.field,
        "span": list(one.span) if one.span is not None else None,
        "quote": one.quote,
        "reason": one.reason,
        "topic_ref": one.topic_ref,
    }
