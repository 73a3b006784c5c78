"""A quotation of an exempt document (5.2.11): two sentences of a paper whose fingerprint is kept, as they stand or
lightly edited, posted while its topic is confidential.

High: whoever has the words has the paper. The finding has the topic's reference and the place, and no quote.
"""

from collections.abc import Iterator

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import Finding
from pipeline.vocabulary.levels import Level
from processors.detectors.leaks import told_at
from processors.reading.case import Case, Fact

RULE = "leak.document"


def detect(case: Case) -> Iterator[Finding]:
    """Yield possible quotations, one a topic and field."""
    fingerprints = case.context.fingerprints
    if not fingerprints or case.reading.by_council:
        return
    topics = {topic.ref: topic for topic in case.context.topics.topics}
    times = told_at(case.reading.event)
    for field in case.reading.fields():
        folded = case.reading.folded(field)
        for quoted in fingerprints.quotations(folded.text):
            topic = topics.get(quoted.topic_ref)
            if topic is None or not any(topic.confidential_at(time) for time in times):
                continue
            many = f"{quoted.sentences} sentences" if quoted.sentences > 1 else "a long sentence"
            yield Fact(
                rule=RULE,
                category=Category.CONFIDENTIAL_LEAK,
                level=Level.HIGH,
                paragraphs=("5.2.11",),
                reason=f"high because: {many} of a document of topic {topic.ref} ({topic.basis.label}) stand in it",
                topic_ref=topic.ref,
                field=field,
                span=folded.span(quoted.start, quoted.end),
            ).finding()
