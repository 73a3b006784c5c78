"""A running screening step takes a changed rulebook with the next batch; a faulty one changes nothing."""

from pathlib import Path

import pytest

from pipeline.codec import decode, encode
from pipeline.log.interface import Message
from pipeline.topics import FINDINGS
from pipeline.vocabulary.event import Observation
from pipeline.vocabulary.finding import Detection
from processors.rules.examples import sample_registers
from processors.rules.watch import WatchedRulebook
from processors.screening import ScreeningStep
from processors.stages import Parts
from tests.builders import NOON, an_event, some_settings
from tests.processors.rules.writing import a_rule, own_rules

PAGE = "council-page"


class Town:
    """A step over the example borough, its own rules in a folder, and seconds that a test lets pass."""

    def __init__(self, home: Path) -> None:
        self.own = home / "rulebook"
        self.seconds = 0.0
        self._number = 0
        rulebook = WatchedRulebook(self.own, lambda: self.seconds)
        parts = Parts(sample_registers, lambda: NOON, some_settings(home), rulebook=rulebook.current)
        self.step = ScreeningStep(parts)

    def write(self, *rules: str) -> None:
        own_rules(self.own, *rules)
        self.seconds += 2

    def found(self, text: str) -> list[tuple[str, str]]:
        self._number += 1
        event = an_event(self._number, text=text, account=PAGE)
        seen = Observation(**{name: getattr(event, name) for name in Observation.__struct_fields__})
        pack = Message(topic="ingest.raw.facebook", partition=0, offset=self._number, key=PAGE, value=encode([seen]))
        records = [one for one in self.step.process([pack]) if one.topic == FINDINGS.name]
        detections = [decode(Detection, one.value or b"") for one in records]
        return [
            (one.rule, one.versions.rulebook if one.versions else "") for each in detections for one in each.findings
        ]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_a_rule_that_is_added_finds_in_the_next_batch_and_a_faulty_one_changes_nothing(town: Town) -> None:
    assert town.found("A blue heron") == []
    town.write(a_rule(id="own.heron"))
    ((rule, version),) = town.found("A blue heron")
    assert rule == "own.heron"
    town.write(a_rule(id="own.heron", hit="A grey heron"))
    assert town.found("A blue heron") == [(rule, version)]
    town.write()
    assert town.found("A blue heron") == []


def test_a_shipped_rule_is_set_to_off_while_it_runs(town: Town) -> None:
    assert [rule for rule, _ in town.found("Gonna lamp Fenwick")] == ["threat.beating"]
    town.write('[states]\n"threat.beating" = "off"\n')
    assert town.found("Gonna lamp Fenwick") == []
