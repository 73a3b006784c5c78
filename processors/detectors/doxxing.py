"""Where a person can be found (6.1): high; with a call to gather, critical. The published addresses are no
disclosure.
"""

from collections.abc import Iterator

from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.reading.case import Case
from processors.reading.phrases import key_of


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible disclosures of where a councillor or officer can be found."""
    for judged in case.judged("doxxing"):
        if any(known in key_of(judged.words().lower()) for known in case.context.published_keys):
            continue
        if case.cues.gather.search(judged.marked.text) is not None:
            yield case.finding(judged, Level.CRITICAL, f"critical because: {judged.rule.reason}, a call to gather")
        else:
            level = judged.rule.level_for(case.reading.direction)
            yield case.finding(judged, level, f"{level} because: {judged.rule.reason}")
