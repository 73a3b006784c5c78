"""Casebook: the record stage's memory of one partition, rebuilt from `incidents.v1`, its only truth.

Incidents by id, and by concern and author, so that a new post finds the incident it belongs to. The conduct that
correlate reads is drawn from the same incidents: nothing is kept twice. Those not touched lately are held compressed.
"""

import zlib
from collections import OrderedDict
from datetime import UTC, tzinfo

from pipeline import codec
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.incident import Incident, IncidentKind, VerdictCode
from processors.correlate import Conduct

Key = tuple[str, str]
"""Concern, and the author's id (or the object, where the platform names no author)."""

_RECENT = 512


def key_of(concern: str, event: Event) -> Key:
    """Return the key under which an event's incidents are found. Posts without an author are gathered by object."""
    return (concern, event.author.id if event.author is not None else f"object:{event.object_id}")


def pile_key(concern: str) -> Key:
    """Return the key under which the pile-ons about a concern are found."""
    return (concern, f"kind:{IncidentKind.PILE_ON}")


def key_of_incident(incident: Incident) -> Key:
    """Return the key of an incident; a test of the chain stands alone and gathers nothing."""
    if incident.kind is IncidentKind.PILE_ON:
        return pile_key(incident.concern)
    if incident.kind is IncidentKind.TEST or not incident.evidence:
        return (incident.concern, f"incident:{incident.incident_id}")
    return key_of(incident.concern, incident.evidence[0].event)


class Casebook:
    """Incidents of one partition. `hold` takes the newest version; all reads see it at once. zone: the Council's."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.conduct = Conduct(zone)
        self._recent: OrderedDict[str, Incident] = OrderedDict()
        self._packed: dict[str, bytes] = {}
        self._keys: dict[Key, set[str]] = {}

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident by id."""
        incident = self._recent.get(incident_id)
        if incident is None and incident_id in self._packed:
            incident = codec.decode(Incident, zlib.decompress(self._packed.pop(incident_id)))
            self._remember(incident)
        return incident

    def under(self, key: Key) -> list[Incident]:
        """Return the incidents of a key in the order they were opened."""
        found = [one for one in map(self.get, tuple(self._keys.get(key, ()))) if one is not None]
        return sorted(found, key=lambda one: (one.opened_at, one.incident_id))

    def holder(self, concern: str, author_id: str, event_id: str) -> str | None:
        """Return the id of the incident that holds an author's event about a concern."""
        held = self.under((concern, author_id))
        return next((one.incident_id for one in held if event_id in one.event_times), None)

    def hold(self, incident: Incident) -> None:
        """Take a new incident, or a new version of one."""
        before = self.get(incident.incident_id)
        self._remember(incident)
        self._keys.setdefault(key_of_incident(incident), set()).add(incident.incident_id)
        self._note_conduct(before, incident)

    def drop(self, incident_id: str) -> None:
        """Forget an incident that was erased (a tombstone); unknown ones are no error."""
        incident = self.get(incident_id)
        if incident is None:
            return
        del self._recent[incident_id]
        self._keys[key_of_incident(incident)].discard(incident_id)
        self._forget_conduct(incident)

    def _remember(self, incident: Incident) -> None:
        self._recent[incident.incident_id] = incident
        self._recent.move_to_end(incident.incident_id)
        if len(self._recent) > _RECENT:
            identity, oldest = self._recent.popitem(last=False)
            self._packed[identity] = zlib.compress(codec.encode(oldest), 1)

    def _note_conduct(self, before: Incident | None, incident: Incident) -> None:
        """A person's verdict outranks the machine: no finding is no occasion, a lowered level caps it.

        A test of the chain may share its event with a real incident, so it neither notes nor forgets.
        """
        if incident.kind is IncidentKind.TEST:
            return
        if incident.verdict is not None and incident.verdict.code is VerdictCode.NOT_A_FINDING:
            self._forget_conduct(incident)
            return
        same = before is not None and (before.verdict, before.level) == (incident.verdict, incident.level)
        for piece in incident.evidence[len(before.evidence) if before is not None and same else 0 :]:
            self.conduct.note_event(incident.concern, piece.event, piece.findings, cap=incident.level)

    def _forget_conduct(self, incident: Incident) -> None:
        if incident.kind is IncidentKind.TEST:
            return
        for piece in incident.evidence:
            if piece.event.author is not None:
                self.conduct.forget(incident.concern, piece.event.author.id, (piece.event.event_id,))
