"""What the log says of rules: shadow findings and hidden ones apart from those that count, and their effect."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.codec import encode
from pipeline.log.interface import Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.topics import FINDINGS
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.levels import Level, Role
from processors.rules.examples import example_event, sample_registers
from processors.rules.lines import Line
from processors.rules.load import read_rules
from processors.rules.measure import FEWEST, Measured, measured, remarks
from processors.rules.seen import FEWEST as FEWEST_FINDINGS
from processors.rules.seen import Seen
from tests.builders import a_detection, a_finding, an_event, some_registers
from tests.processors.rules.writing import a_rule, own_rules

THREAT = a_finding(Category.THREAT_DIRECT, Level.HIGH, state=RuleState.SHADOW)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with closing(SqliteLog(tmp_path / "log.db", 2)) as opened:
        yield opened


def put(log: SqliteLog, number: int, *findings: Finding) -> None:
    detection = a_detection(an_event(number), *findings)
    log.append([Outgoing(topic=FINDINGS.name, key=detection.concern, value=encode(detection), partition=number % 2)])


def test_what_counts_shadow_and_hidden_are_told_apart(log: SqliteLog) -> None:
    put(log, 1, a_finding(), THREAT)
    put(log, 2, a_finding(state=RuleState.SHADOW, suppressed_by="SUP-1"))
    log.append([Outgoing(topic=FINDINGS.name, key="k", value=b"no json", partition=0)])
    seen = Seen(log)
    seen.read(some_registers())
    assert {name: one.findings for name, one in seen.live.items()} == {"abuse-rule": 1}
    assert {name: one.would_page for name, one in seen.shadow.items()} == {"threat_direct-rule": 1}
    assert {name: one.would_page for name, one in seen.hidden.items()} == {"SUP-1": 0}
    assert {one.finding.rule for one in seen.newest} == {"threat_direct-rule", "abuse-rule"}
    told = next(one for one in seen.newest if one.would_page)
    assert set(told.would_tell) >= {Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER}


def test_reading_again_takes_only_what_has_come_since(log: SqliteLog) -> None:
    seen = Seen(log)
    for number in (1, 2, 3):
        put(log, number, THREAT)
        seen.read(some_registers())
        assert seen.shadow["threat_direct-rule"].findings == number


def test_a_rule_is_too_common_by_its_share_of_many_findings(log: SqliteLog) -> None:
    seen = Seen(log)
    for number in range(FEWEST_FINDINGS):
        put(log, number, a_finding())
    seen.read(some_registers())
    assert seen.common(31)
    assert not seen.common(30)
    assert not Seen(log).common(100)


def test_each_rule_is_measured_over_the_posts(tmp_path: Path) -> None:
    rules = read_rules(own=own_rules(tmp_path, a_rule(id="own.heron")))
    lines = [Line(text, example_event(text)) for text in ("A blue heron", "A grey heron", "Two blue herons")]
    ticks = iter(range(100_000))
    of = {one.rule: one for one in measured(rules, lines, sample_registers(), lambda: float(next(ticks)))}
    assert (of["own.heron"].matches, of["own.heron"].findings) == (1, 1)
    assert of["own.heron"].microseconds == pytest.approx(1e6 / 3)
    assert of["abuse.mild"].findings == 0


def test_slow_common_and_silent_rules_are_named() -> None:
    usual = [Measured(f"usual.{number}", 10.0, 1, 1) for number in range(9)]
    odd = [Measured("slow", 900.0, 1, 1), Measured("common", 10.0, 90, 50), Measured("silent", 10.0, 0, 0)]
    said = remarks([*usual, *odd], 1000)
    assert said == {
        "slow": ["slow: 90 times the median"],
        "common": ["too common: 5.0% of posts"],
        "silent": ["silent"],
    }
    assert set(remarks([*usual, *odd], FEWEST - 1)) == {"slow"}
