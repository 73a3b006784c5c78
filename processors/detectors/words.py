"""Rules whose words say all: the level is the rule's own. Hate, fixation, conduct of councillors, tests of the
chain.
"""

from collections.abc import Iterator

from pipeline.vocabulary.finding import Finding
from processors.reading.case import Case


def detect(case: Case) -> Iterator[Finding]:
    """Yield findings of rules that need no more than their match."""
    for judged in case.judged("words"):
        level = judged.rule.level_for(case.reading.direction)
        yield case.finding(judged, level, f"{level} because: {judged.rule.reason}")
