"""What is held about one person, as a copy for that person (7.3.5): their own words whole, of others nothing. Pure.

Names, handles, ids and addresses of everybody else are taken out, and telephone numbers and the like are masked; what
tells of confidential business is left out and counted. Councillors' names stay: they hold public office. A person reads
the copy before it goes out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from dashboards.console import wording
from dashboards.console.marking import field_text
from dashboards.console.permissions import holds_leak
from pipeline.text.analysis import folded_name
from pipeline.text.masking import masked
from pipeline.vocabulary.event import Author, Event
from pipeline.vocabulary.finding import Field
from pipeline.vocabulary.incident import Incident

NAME, HANDLE, LINK = "[name]", "[handle]", "[address]"
_LINKS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_HANDLES = re.compile(r"(?<![\w.])@[\w.-]+\w")
_SHORTEST = 3


class CopiedPost(msgspec.Struct, frozen=True):
    """One post as the person gets it. texts are pairs of what it is and the words."""

    posted_at: str
    platform: str
    written_by: str
    texts: tuple[tuple[str, str], ...]


class CopiedIncident(msgspec.Struct, frozen=True):
    """One incident as the person gets it, in words."""

    reference: str
    possibly: str
    level: str
    state: str
    decided: str
    statements: tuple[str, ...]
    notes: tuple[str, ...]
    posts: tuple[CopiedPost, ...]


@dataclass(frozen=True)
class Copy:
    """The copy, how many incidents it leaves out as confidential business, and how much was taken out of it."""

    incidents: tuple[CopiedIncident, ...]
    left_out: int
    redactions: int


def copy_for(subject: Sequence[str], incidents: Iterable[Incident]) -> Copy:
    """Return the copy for a person. subject holds every name, handle and id of theirs: these stay."""
    found = sorted(incidents, key=lambda one: (one.first_posted_at, one.incident_id))
    told = [one for one in found if not holds_leak(one)]
    scissors = _Scissors(subject, told)
    copied = tuple(_copied(one, scissors) for one in told)
    return Copy(copied, len(found) - len(told), scissors.cuts)


class _Scissors:
    """Takes out of a text whoever is not the subject, and counts."""

    def __init__(self, subject: Sequence[str], incidents: Iterable[Incident]) -> None:
        self._subject = {folded_name(one) for one in subject if one.strip()}
        others = {name for one in incidents for name in _names(one) if folded_name(name) not in self._subject}
        long = sorted((re.escape(one) for one in others if len(one) >= _SHORTEST), key=len, reverse=True)
        self._others = re.compile(rf"(?<!\w)(?:{'|'.join(long)})(?!\w)", re.IGNORECASE) if long else None
        self.cuts = 0

    def is_subject(self, author: Author | None) -> bool:
        names = (author.id, author.handle, author.display_name) if author is not None else ()
        return any(folded_name(one) in self._subject for one in names if one)

    def cut(self, text: str) -> str:
        left = self._taken(_LINKS, LINK, text)
        if self._others is not None:
            left = self._taken(self._others, NAME, left)
        left = self._taken(_HANDLES, HANDLE, left)
        cut = masked(left)
        self.cuts += cut != left
        return cut

    def _taken(self, pattern: re.Pattern[str], sign: str, text: str) -> str:
        def put(found: re.Match[str]) -> str:
            if folded_name(found.group().lstrip("@")) in self._subject:
                return found.group()
            self.cuts += 1
            return sign

        return pattern.sub(put, text)


def _copied(incident: Incident, scissors: _Scissors) -> CopiedIncident:
    verdict = incident.verdict
    decided = f"{wording.VERDICTS[verdict.code]}: {scissors.cut(verdict.reason)}" if verdict is not None else ""
    return CopiedIncident(
        reference=incident.reference,
        possibly=wording.names(incident),
        level=incident.level.value,
        state=wording.STATES[incident.state],
        decided=decided,
        statements=tuple(scissors.cut(f"{one.statement} {one.outcome}".strip()) for one in incident.disputes),
        notes=tuple(scissors.cut(one.text) for one in incident.notes),
        posts=tuple(_post(piece.event, scissors) for piece in incident.evidence),
    )


def _post(event: Event, scissors: _Scissors) -> CopiedPost:
    own = scissors.is_subject(event.author)
    texts = ((wording.FIELDS[one], field_text(event, one), own and one is not Field.SHARED) for one in Field)
    return CopiedPost(
        posted_at=event.happened_at.isoformat(timespec="minutes"),
        platform=wording.platform(event.platform),
        written_by="you" if own else "somebody else",
        texts=tuple((what, text if whole else scissors.cut(text)) for what, text, whole in texts if text),
    )


def _names(incident: Incident) -> Iterable[str]:
    authors = (incident.author, *(piece.event.author for piece in incident.evidence))
    quoted = (one for piece in incident.evidence for one in (piece.event.shared, piece.event.in_reply_to))
    for author in authors:
        if author is not None:
            yield from (one for one in (author.id, author.handle, author.display_name) if one)
    yield from (one.author_handle for one in quoted if one is not None and one.author_handle)
