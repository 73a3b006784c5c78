"""A casework step over a log in memory: put detections and activities, read back incidents, alerts and dead letters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import codec
from pipeline.log.interface import Message, Outgoing
from pipeline.registers.types import Registers
from pipeline.topics import ACTIVITY, ALERTS, DEAD_LETTERS, FINDINGS, INCIDENTS
from pipeline.vocabulary.activity import Activity, ActivityKind
from pipeline.vocabulary.alert import Alert
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.finding import Detection, Finding
from pipeline.vocabulary.incident import Incident, VerdictCode
from pipeline.vocabulary.levels import Level
from pipeline.vocabulary.operations import DeadLetter
from processors.casework import CaseworkStep
from processors.stages import Parts
from tests.builders import NOON, a_detection, a_finding, some_registers, some_settings

PLAIN = Path("unused-home")
Work = Detection | Activity


def a_step(registers: Registers | None = None, now: datetime = NOON) -> CaseworkStep:
    """Return a step with nothing in it."""
    held = registers or some_registers()
    return CaseworkStep(Parts(registers=lambda: held, clock=lambda: now, settings=some_settings(PLAIN)))


def messages(work: Sequence[Work], partition: int = 0) -> list[Message]:
    """Return work as messages of one partition; offsets count over both topics."""
    return [
        Message(
            topic=ACTIVITY.name if isinstance(one, Activity) else FINDINGS.name,
            partition=partition,
            offset=offset,
            key=one.concern,
            value=codec.encode(one),
        )
        for offset, one in enumerate(work)
    ]


def as_restored(records: Sequence[Outgoing]) -> list[Message]:
    """Return the incidents among what was appended, as restore is given them."""
    kept = [one for one in records if one.topic == INCIDENTS.name]
    return [
        Message(topic=one.topic, partition=0, offset=offset, key=one.key, value=one.value)
        for offset, one in enumerate(kept)
    ]


class Desk:
    """One partition. `put` gives a batch and keeps what comes out."""

    def __init__(self, registers: Registers | None = None) -> None:
        self.step = a_step(registers)
        self.records: list[Outgoing] = []

    def put(self, *work: Work) -> list[Outgoing]:
        out = self.step.process(messages(work))
        self.records += out
        return out

    def see(self, event: Event, *findings: Finding) -> Incident:
        """Put one detection and return the newest incident it changed."""
        out = self.put(a_detection(event, *findings))
        return incidents_of(out)[-1]

    @property
    def incidents(self) -> dict[str, Incident]:
        return final_incidents(self.records)

    @property
    def alerts(self) -> list[Alert]:
        return alerts_of(self.records)

    @property
    def letters(self) -> list[DeadLetter]:
        return [codec.decode(DeadLetter, one.value or b"") for one in self.records if one.topic == DEAD_LETTERS.name]

    def restart(self) -> None:
        """Forget everything and restore from what was written."""
        self.step.forget(0)
        for message in as_restored(self.records):
            self.step.restore(message)


def incidents_of(records: Sequence[Outgoing]) -> list[Incident]:
    """Return the incidents among records, in order."""
    return [codec.decode(Incident, one.value) for one in records if one.topic == INCIDENTS.name and one.value]


def final_incidents(records: Sequence[Outgoing]) -> dict[str, Incident]:
    """Return the last version of each incident by id."""
    return {one.incident_id: one for one in incidents_of(records)}


def alerts_of(records: Sequence[Outgoing]) -> list[Alert]:
    """Return the alerts among records, in order."""
    return [codec.decode(Alert, one.value or b"") for one in records if one.topic == ALERTS.name]


def an_activity(
    incident: Incident, kind: ActivityKind, number: int = 1, by: str = "sam", **changes: object
) -> Activity:
    """Return an act on the version that stands."""
    plain: dict[str, object] = {
        "activity_id": f"act-{number}",
        "incident_id": incident.incident_id,
        "concern": incident.concern,
        "kind": kind,
        "by": by,
        "at": NOON + timedelta(hours=1, minutes=number),
        "seen_version": incident.version,
    }
    return Activity(**(plain | changes))  # type: ignore[arg-type]


def a_verdict(incident: Incident, code: VerdictCode, level: Level | None = None, **changes: object) -> Activity:
    """Return a verdict with a reason."""
    plain: dict[str, object] = {"verdict": code, "level": level, "text": "looked at it"}
    return an_activity(incident, ActivityKind.VERDICT, **(plain | changes))  # type: ignore[arg-type]


def at_level(level: Level) -> Finding:
    """Return abuse at a level."""
    return a_finding(level=level)
