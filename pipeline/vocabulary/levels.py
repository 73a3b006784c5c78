"""Levels, roles and routes: the council's own words for how serious a finding is and who is told.

Source: Social Media Guidance for Councillors as catalogued in the domain reference, sections 1.4 and 2.6.
"""

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """How serious a finding or an incident is; `info` makes no finding and has no member here."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 for low to 4 for critical, for comparison."""
        return _RANK[self]

    def raised(self, steps: int = 1) -> "Level":
        """Return the level `steps` higher (lower if negative), never beyond low or critical."""
        return _ORDER[max(0, min(len(_ORDER) - 1, self.rank - 1 + steps))]


_ORDER = (Level.LOW, Level.MODERATE, Level.HIGH, Level.CRITICAL)
_RANK = {level: index for index, level in enumerate(_ORDER, start=1)}

ALERTING = frozenset({Level.HIGH, Level.CRITICAL})
"""Levels at which somebody must know now."""


def highest(levels: Iterable[Level]) -> Level | None:
    """Return the most serious of `levels`, or None where there is none."""
    return max(levels, key=lambda level: level.rank, default=None)


class Role(StrEnum):
    """Who can be told; a finding names roles, the recipients register names people."""

    COMMUNICATIONS_TEAM = "communications_team"
    MONITORING_OFFICER = "monitoring_officer"
    SERVICE_HEAD = "service_head"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ICT_SECURITY = "ict_security"
    RETURNING_OFFICER = "returning_officer"
    COUNCILLOR = "councillor"


class Route(StrEnum):
    """Advice shown on screen; the software never tells the police."""

    POLICE_101 = "police_101"
    POLICE_999 = "police_999"
