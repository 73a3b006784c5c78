"""Who is told: category by direction by level, read from routing.toml, gives roles, route and whether somebody must
know now. In a pre-election period (calendar register, by the time of the post) more are told; no level changes.

Used by the record stage, the screen command and the console. Shadow findings never count. Source: domain reference,
1.4.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from pipeline.registers.elections import pre_election
from pipeline.registers.types import Registers
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction, Event
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import ALERTING, Level, Role, Route, highest

SHIPPED = Path(__file__).with_name("routing.toml")


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row: whom a category in a direction tells at each level, and the route shown on screen."""

    categories: tuple[Category, ...]
    direction: Direction | None = None
    notify: Mapping[Level, tuple[Role, ...]] = {}
    route: Mapping[Level, Route] = {}


class Routing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table. always: roles that every alert tells. pre_election: rows that add to it in a pre-election period."""

    always: tuple[Role, ...]
    row: tuple[Row, ...]
    pre_election: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What findings lead to. level is None without findings; notify is in the roles' own order."""

    level: Level | None
    alert: bool
    notify: tuple[Role, ...]
    route: Route | None


def load_routing(path: Path = SHIPPED) -> Routing:
    """Return the table in a file.

    Raises:
        ValueError: naming the file and the field.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Routing)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {error}: correct that field") from error


def decide(findings: Iterable[Finding], event: Event, registers: Registers) -> Decision:
    """Return who is told about an event's findings, and how urgently."""
    live = [one for one in findings if one.state is RuleState.LIVE]
    table = _shipped()
    rows = table.row + (table.pre_election if pre_election(registers, event.happened_at) is not None else ())
    roles: set[Role] = set()
    routes: set[Route] = set()
    for finding in live:
        for row in _rows(rows, finding, event.direction or Direction.INBOUND):
            roles.update(row.notify.get(finding.level, ()))
            if finding.level in row.route:
                routes.add(row.route[finding.level])
        if _has_service_head(finding, registers) and finding.level is not Level.LOW:
            roles.add(Role.SERVICE_HEAD)
    level = highest(one.level for one in live)
    alert = level in ALERTING
    if alert:
        roles.update(table.always)
    route = Route.POLICE_999 if Route.POLICE_999 in routes else next(iter(routes), None)
    return Decision(level, alert, tuple(role for role in Role if role in roles), route)


@cache
def _shipped() -> Routing:
    return load_routing()


def _rows(rows: Iterable[Row], finding: Finding, direction: Direction) -> Iterable[Row]:
    return (row for row in rows if finding.category in row.categories and row.direction in {None, direction})


def _has_service_head(finding: Finding, registers: Registers) -> bool:
    """Return whether it is about an officer, or about a topic that a service owns: their head is told."""
    return finding.topic_ref is not None or any(one.id == finding.target for one in registers.officers)
