"""An incident as its page shows it: evidence with marks, findings with their paragraphs, who else, what was sent.

Passages, reasons, links and authors are filled in only where somebody asked for the words; templates show no others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboards.console.facts import facts_for
from dashboards.console.letters import suggested, templates
from dashboards.console.marking import Passage, passages
from dashboards.console.together import ShownPost, pile_ons_with, posts_of
from dashboards.console.wording import advice
from pipeline.guidance import Guidance, Paragraph
from pipeline.registers.types import Published, Registers
from pipeline.store.interface import Query, Store
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.assistance import Letter
from pipeline.vocabulary.event import Attachment, Author
from pipeline.vocabulary.finding import Finding, RuleState
from pipeline.vocabulary.incident import Evidence, Incident
from processors.capacity import Indicator, capacity_of
from processors.casework.assisting import captured, may_be_referred

OTHERS_SHOWN = 20
EVIDENCE_SHOWN = 50


@dataclass(frozen=True)
class ShownFinding:
    """One finding, numbered from 1 within its post, with the paragraph it rests on (None: not in this Guidance)."""

    number: int
    finding: Finding
    paragraph: Paragraph | None
    also: tuple[str, ...]
    counts: bool
    reason: str


@dataclass(frozen=True)
class ShownEvidence:
    """One post. author is None, and passages and screenshots are empty, where the words are hidden."""

    number: int
    evidence: Evidence
    findings: tuple[ShownFinding, ...]
    passages: tuple[Passage, ...]
    screenshots: tuple[Attachment, ...]
    author: Author | None


@dataclass(frozen=True)
class Case:
    """Everything the incident page shows. left_out counts older posts that are not on the page.

    capacity is of the newest post of a councillor's account; claims are published facts that may answer one to check.
    letters are those that suit it, with their titles; may_be_referred and can_be_removed say which forms it has.
    together are findings of all posts at once and posts those of a pile-on; pile_ons are those its posts are part of.
    """

    incident: Incident
    revealed: bool
    evidence: tuple[ShownEvidence, ...]
    left_out: int
    together: tuple[ShownFinding, ...]
    posts: tuple[ShownPost, ...]
    pile_ons: tuple[Incident, ...]
    others: tuple[Incident, ...]
    others_total: int
    deliveries: tuple[Delivery, ...]
    advice: str
    names: Mapping[str, str]
    capacity: Indicator | None
    claims: tuple[Published, ...]
    letters: tuple[tuple[Letter, str], ...]
    may_be_referred: bool
    can_be_removed: bool
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Sources:
    """What a case is drawn from; names maps usernames to people's names; presumed: see `capacity_of`.

    restricted: whether whoever asks sees restricted incidents.
    """

    store: Store
    registers: Registers
    guidance: Guidance
    names: Mapping[str, str]
    presumed: str = ""
    restricted: bool = False


def find_incident(store: Store, wanted: str) -> Incident | None:
    """Return an incident by reference, else by id."""
    if wanted.upper().startswith("SM-"):
        return store.by_reference(wanted)
    return store.get(wanted)


def make_case(sources: Sources, incident: Incident, revealed: bool) -> Case:
    """Return the case; the newest posts come first."""
    kept = incident.evidence[-EVIDENCE_SHOWN:]
    first = len(incident.evidence) - len(kept) + 1
    shown = [_evidence(number, one, sources.guidance, revealed) for number, one in enumerate(kept, start=first)]
    others, total = _others(sources, incident)
    tier = next((one.tier for one in sources.registers.councillors if one.id == incident.person), None)
    return Case(
        incident=incident,
        revealed=revealed,
        evidence=tuple(reversed(shown)),
        left_out=len(incident.evidence) - len(kept),
        together=_shown(incident.findings, sources.guidance, revealed=True),
        posts=posts_of(sources.store, incident),
        pile_ons=tuple(
            one for one in pile_ons_with(sources.store, incident) if sources.restricted or one.restriction is None
        ),
        others=others,
        others_total=total,
        deliveries=tuple(sources.store.deliveries(incident.incident_id)),
        advice=advice(incident, tier),
        names=sources.names,
        capacity=_capacity(incident, sources),
        claims=facts_for(incident, sources.registers),
        letters=tuple((one, templates()[one].title) for one in suggested(incident)),
        may_be_referred=may_be_referred(incident),
        can_be_removed=captured(incident) is not None,
        paragraphs=sources.guidance.paragraph,
    )


def _capacity(incident: Incident, sources: Sources) -> Indicator | None:
    if not incident.evidence:
        return None
    return capacity_of(incident.evidence[-1].event, sources.registers, sources.presumed)


def _evidence(number: int, evidence: Evidence, guidance: Guidance, revealed: bool) -> ShownEvidence:
    findings = _shown(evidence.findings, guidance, revealed)
    pictures = tuple(one for one in evidence.event.attachments if (one.url or "").startswith("evidence:"))
    return ShownEvidence(
        number=number,
        evidence=evidence,
        findings=findings,
        passages=passages(evidence.event, evidence.findings) if revealed else (),
        screenshots=pictures if revealed else (),
        author=evidence.event.author if revealed else None,
    )


def _shown(findings: Iterable[Finding], guidance: Guidance, revealed: bool) -> tuple[ShownFinding, ...]:
    return tuple(_finding(count, one, guidance, revealed) for count, one in enumerate(findings, start=1))


def _finding(number: int, finding: Finding, guidance: Guidance, revealed: bool) -> ShownFinding:
    return ShownFinding(
        number=number,
        finding=finding,
        paragraph=guidance.by_id.get(finding.paragraph),
        also=tuple(one for one in finding.paragraphs if one != finding.paragraph),
        counts=finding.state is RuleState.LIVE,
        reason=finding.reason if revealed else "",
    )


def _others(sources: Sources, incident: Incident) -> tuple[tuple[Incident, ...], int]:
    """Return other incidents of the same author about the same person, newest first, and how many there are."""
    if incident.author is None or incident.person is None:
        return (), 0
    query = Query(
        author_id=incident.author.id, person=incident.person, limit=OTHERS_SHOWN + 1, restricted=sources.restricted
    )
    page = sources.store.search(query)
    others = tuple(hit.incident for hit in page.hits if hit.incident.incident_id != incident.incident_id)
    return others[:OTHERS_SHOWN], max(len(others), page.total - 1)
