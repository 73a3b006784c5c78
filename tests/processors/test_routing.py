"""Who is told: the table by category, direction and level."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from pipeline.registers.types import CalendarEntry
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import Level, Role, Route
from processors.routing import Decision, decide, load_routing
from processors.rules.examples import example_event, sample_registers

COMMUNICATIONS, OFFICER = Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER
NOW = datetime(2026, 11, 4, tzinfo=UTC)


def a_finding(category: Category, level: Level, target: str | None = "robin-fenwick") -> Finding:
    return Finding(
        paragraph="6.1",
        paragraphs=("6.1",),
        category=category,
        level=level,
        target=target,
        rule="test",
        rule_version=1,
        field=None,
        span=None,
        quote=None,
        reason="a test",
    )


def decided(*findings: Finding, out: bool = False) -> Decision:
    return decide(findings, example_event("[out] x" if out else "x"), sample_registers())


@pytest.mark.parametrize(
    ("category", "level", "told", "route"),
    [
        (Category.THREAT_DIRECT, Level.CRITICAL, {COMMUNICATIONS, OFFICER}, Route.POLICE_999),
        (Category.THREAT_VEILED, Level.HIGH, {COMMUNICATIONS, OFFICER}, Route.POLICE_101),
        (Category.ABUSE, Level.MODERATE, {COMMUNICATIONS}, None),
        (Category.ABUSE, Level.LOW, set(), None),
        (Category.HATE, Level.HIGH, {COMMUNICATIONS, OFFICER}, Route.POLICE_101),
        (Category.DOXXING, Level.CRITICAL, {COMMUNICATIONS, OFFICER}, None),
        (Category.IMPERSONATION, Level.HIGH, {COMMUNICATIONS, OFFICER, Role.ICT_SECURITY}, None),
        (Category.MISUSE_REPORT, Level.MODERATE, {OFFICER}, None),
    ],
)
def test_inbound(category: Category, level: Level, told: set[Role], route: Route | None) -> None:
    decision = decided(a_finding(category, level))
    assert told <= set(decision.notify)
    assert decision.route is route
    assert decision.alert is (level in {Level.HIGH, Level.CRITICAL})


def test_every_alert_tells_communications_and_the_monitoring_officer() -> None:
    for category in Category:
        for out in (False, True):
            assert {COMMUNICATIONS, OFFICER} <= set(decided(a_finding(category, Level.HIGH), out=out).notify)


def test_an_officers_service_head_is_told_from_moderate_up() -> None:
    told = decided(a_finding(Category.ABUSE, Level.MODERATE, "planners")).notify
    assert Role.SERVICE_HEAD in told
    assert Role.SERVICE_HEAD not in decided(a_finding(Category.ABUSE, Level.LOW, "planners")).notify


def test_shadow_findings_never_count() -> None:
    shadow = msgspec.structs.replace(a_finding(Category.THREAT_DIRECT, Level.CRITICAL), state=RuleState.SHADOW)
    assert decided(shadow) == Decision(None, alert=False, notify=(), route=None)


def test_the_most_serious_finding_decides() -> None:
    decision = decided(a_finding(Category.ABUSE, Level.LOW), a_finding(Category.THREAT_DIRECT, Level.CRITICAL))
    assert (decision.level, decision.route) == (Level.CRITICAL, Route.POLICE_999)


def test_every_category_has_a_row() -> None:
    rows = {category for row in load_routing().row for category in row.categories}
    assert set(Category) - rows == {Category.CHAIN_TEST}
    assert {row.direction for row in load_routing().row} <= {None, Direction.INBOUND, Direction.OUTBOUND}


@pytest.mark.parametrize(
    ("starts_at", "told"),
    [(NOW - timedelta(days=3), True), (NOW + timedelta(days=1), False), (NOW - timedelta(days=30), False)],
    ids=["within", "before", "after"],
)
def test_a_pre_election_period_tells_the_returning_officer_and_changes_no_level(
    starts_at: datetime, told: bool
) -> None:
    entry = CalendarEntry(
        id="pre",
        kind="pre_election_period",
        title="By-election",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=20),
    )
    registers = msgspec.structs.replace(sample_registers(), calendar=(entry,))
    claim, abuse = a_finding(Category.FALSE_STATEMENT, Level.LOW, None), a_finding(Category.ABUSE, Level.MODERATE)
    event, plain = example_event("x"), decided(claim, abuse)
    decision = decide((claim, abuse), event, registers)
    assert (Role.RETURNING_OFFICER in decision.notify) is told
    assert (decision.level, decision.alert, decision.route) == (plain.level, plain.alert, plain.route)
    assert Role.RETURNING_OFFICER not in decide((abuse,), event, registers).notify
    assert Role.RETURNING_OFFICER not in plain.notify
