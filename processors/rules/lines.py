"""Files of posts for those who work on rules: labelled examples with their history, or plain observations, a line each.

Beside the flow, read by `parapet rules diff` and `rules report`. Plain observations stand alone, without a history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.sources.intake import fault_of, why_unreadable
from pipeline.vocabulary.event import Observation
from processors.example_lines import ExampleLine

_examples = msgspec.json.Decoder(ExampleLine)
_observations = msgspec.json.Decoder(Observation)


class LineError(ValueError):
    """A line that cannot be read; the message names file, line and cure."""


@dataclass(frozen=True)
class Line:
    """One post with its history, oldest first."""

    id: str
    seen: Observation
    history: tuple[Observation, ...] = ()


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the posts of a file, blank lines left out. Raises LineError."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _line(f"{path.name}, line {number}", line)


def _line(where: str, text: bytes) -> Line:
    try:
        read = _read(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LineError(f"{where}: {why_unreadable(error).explanation}") from error
    for one in (*read.history, read.seen):
        fault = fault_of(one)
        if fault is not None:
            raise LineError(f"{where}: {fault.explanation}")
    return read


def _read(text: bytes) -> Line:
    try:
        example = _examples.decode(text)
    except msgspec.ValidationError:
        seen = _observations.decode(text)
        return Line(seen.object_id, seen)
    return Line(example.id, example.event, example.history)
