"""Confidential topics for those who may know of them: how each stands, a document's fingerprint, a text tried out.

Terms are shown to nobody. What is uploaded or tried is read and forgotten; only salted hashes of a document stay.
"""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from dashboards.console.audit import AuditAction
from dashboards.console.permissions import Permission
from dashboards.console.visit import Visit, see_other
from pipeline.documents import DocumentRefused, text_of
from pipeline.registers.confidential import read_basis
from pipeline.registers.fingerprints import FingerprintError, NewDocument, add_document
from pipeline.registers.topic import ConfidentialTopic
from pipeline.text.fold import fold
from pipeline.text.words import words_of
from processors.reading.disclosure import Heard, told_of
from processors.reading.fingerprints import Fingerprints
from processors.reading.topics import Topics

REGISTERS = "registers"
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Met:
    """A topic that a tried text tells of, and why, with the words of that text."""

    ref: str
    why: str
    words: str


def topics(visit: Visit) -> Response:
    """Show the topics that the visitor may know of."""
    return _page(visit)


def topics_try(visit: Visit) -> Response:
    """Say which topics a text tells of, whenever it were posted. Nothing of it is stored."""
    text = visit.form.text("text")
    if not text or len(text) > LONGEST_TEXT:
        return _page(visit, errors={"text": f"Enter a text of {LONGEST_TEXT} characters or fewer"}, status=422)
    met = _met(visit, text)
    visit.record(AuditAction.TOPIC_TRIED, "topics", met=" ".join(sorted({one.ref for one in met})))
    return _page(visit, tried=text, met=met)


def topics_document(visit: Visit) -> Response:
    """Keep the fingerprint of a document; its text is read and forgotten."""
    known = {topic.ref: topic for topic in _shown(visit) if visit.reader.in_audience(topic.ref)}
    topic = known.get(visit.form.text("topic"))
    if topic is None or not visit.form.file:
        wrong = {"topic": "Select a topic of the list"} if topic is None else {"document": "Choose a file"}
        return _page(visit, errors=wrong, status=422)
    parts = visit.desk.parts
    try:
        new = NewDocument(topic.ref, text_of(visit.form.file), visit.username, parts.clock())
        made = add_document(parts.settings.home / REGISTERS, new)
    except (DocumentRefused, FingerprintError) as error:
        words = str(error)
        return _page(visit, errors={"document": words[:1].upper() + words[1:]}, status=422)
    visit.record(AuditAction.TOPIC_DOCUMENT, topic.ref, document=made.id)
    return see_other(f"/topics?added={made.id}")


def _met(visit: Visit, text: str) -> list[Met]:
    registers = visit.desk.parts.registers()
    folded = fold(text)
    ready, known = Topics(registers), {topic.ref for topic in _shown(visit) if visit.reader.in_audience(topic.ref)}
    hits = ready.hits(words_of(folded.text), folded.text)
    met = []
    for topic in ready.topics:
        told = told_of(ready, topic, Heard(folded, hits, topic.begins)) if topic.ref in known else None
        if told is not None:
            met.append(Met(topic.ref, "terms of the topic stand in it", folded.words(told.start, told.end)))
    for quoted in Fingerprints(registers).quotations(folded.text):
        if quoted.topic_ref in known:
            why = "it quotes a document of the topic"
            met.append(Met(quoted.topic_ref, why, folded.words(quoted.start, quoted.end)))
    return met


def _shown(visit: Visit) -> list[ConfidentialTopic]:
    return [topic for topic in visit.desk.parts.registers().topics if visit.reader.may_see_topic(topic)]


def _page(
    visit: Visit, errors: dict[str, str] | None = None, tried: str = "", met: list[Met] | None = None, status: int = 200
) -> Response:
    registers = visit.desk.parts.registers()
    ready = {topic.ref: topic for topic in Topics(registers).topics}
    bases = {topic.ref: read_basis(topic.basis) for topic in registers.topics}
    return visit.page(
        "topics.html",
        status=status,
        topics=_shown(visit),
        ready=ready,
        bases={ref: basis.label for ref, basis in bases.items() if basis is not None},
        documents=Counter(one.topic_ref for one in registers.fingerprints),
        may_manage=visit.may(Permission.MANAGE_TOPICS),
        addable=[topic.ref for topic in _shown(visit) if visit.reader.in_audience(topic.ref)],
        added=visit.request.query_params.get("added", ""),
        errors=errors or {},
        tried=tried,
        met=met,
    )
