"""What a post tells of a confidential topic is quoted by no other finding of the same post either.

Between the detectors and `findings.v1`: the words stand in the evidence alone, shown to the topic's audience only.
"""

from collections.abc import Iterable, Sequence

import msgspec

from pipeline.text.fold import fold
from pipeline.text.words import words_of
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding
from processors.reading.topics import Topics

MARKING = ""
"""Stands in `told_of` for a document that is marked confidential and belongs to no registered topic."""


def told_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the references of the topics that an event's findings say it tells of, in order, MARKING among them."""
    leaks = (one for one in findings if one.category is Category.CONFIDENTIAL_LEAK)
    return tuple(sorted({one.topic_ref or MARKING for one in leaks}))


def kept_back(findings: Sequence[Finding], topics: Topics) -> list[Finding]:
    """Return the findings of one event; beside a leak, none of them quotes the post, in its reason neither."""
    if not told_of(findings):
        return list(findings)
    return [_kept_back(one, topics) for one in findings]


def _kept_back(finding: Finding, topics: Topics) -> Finding:
    reason = fold(finding.reason).text
    quoted = finding.category is not Category.CONFIDENTIAL_LEAK and topics.hits(words_of(reason), reason)
    if quoted:
        said = f"{finding.level} because: rule {finding.rule} met words that are kept back with the topic"
        return msgspec.structs.replace(finding, quote=None, reason=said)
    return msgspec.structs.replace(finding, quote=None)
