"""How many incidents had a post in the last 60 minutes and today, by source and level: the live page's table. Reads the
store only.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.store.interface import Query, Store
from pipeline.vocabulary.incident import Incident, IncidentKind
from pipeline.vocabulary.levels import Level

MOST = 2000
"""Incidents of one day that are counted; the page says so where there are more."""
_PAGE = 200


@dataclass
class ActivityCounts:
    """Counts by source and level. more says that today has more incidents than were counted."""

    hour: Counter[tuple[str, Level]] = field(default_factory=Counter)
    today: Counter[tuple[str, Level]] = field(default_factory=Counter)
    more: bool = False

    def sources(self) -> list[str]:
        """Return the accounts counted today or in the last hour, sorted."""
        return sorted({account for account, _ in (*self.hour, *self.today)})

    def hour_total(self, level: Level) -> int:
        """Return the last 60 minutes' count of a level over all sources."""
        return sum(count for (_, one), count in self.hour.items() if one is level)

    def today_total(self, level: Level) -> int:
        """Return today's count of a level over all sources."""
        return sum(count for (_, one), count in self.today.items() if one is level)


def count_activity(store: Store, now: datetime, zone: ZoneInfo) -> ActivityCounts:
    """Return the counts at `now`; today begins at midnight in the council's zone, and the hour may reach before it."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    hour_ago = now - timedelta(hours=1)
    counts, seen, after = ActivityCounts(), 0, None
    while True:
        query = Query(posted_from=min(midnight, hour_ago), limit=_PAGE, after=after)
        page = store.search(query)
        for hit in page.hits:
            _count(counts, hit.incident, midnight, hour_ago)
        seen, after = seen + len(page.hits), page.next_cursor
        if after is None or seen >= MOST:
            counts.more = after is not None
            return counts


def _count(counts: ActivityCounts, incident: Incident, midnight: datetime, hour_ago: datetime) -> None:
    if incident.kind in {IncidentKind.TEST, IncidentKind.ADVICE}:
        return
    key = (incident.account, incident.level)
    if incident.last_posted_at >= hour_ago:
        counts.hour[key] += 1
    if incident.last_posted_at >= midnight:
        counts.today[key] += 1
