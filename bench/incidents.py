"""Made-up incidents in any number, the same for the same seed: for the search benchmark and the tests of stores.

Words follow a long-tailed distribution as in real posts: few are everywhere, most are rare.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from pipeline import ids
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Action, Author, Direction, Event
from pipeline.vocabulary.finding import Field, Finding
from pipeline.vocabulary.incident import Evidence, Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level, Role

WORDS = (
    "the you to a and of is in this that it on for we are not be was have they with at all our your just what no so "
    "council road cllr bins vote out up about get who can do will people time if me her his one know money park "
    "kill meeting planning parking tax library budget speech resign disgrace coward liar house street tonight "
    "watch burn school lorry flood pothole neighbour colour organise travelling defence councillor traffic"
)
"""Most frequent first."""

PLATFORMS = ("facebook", "x", "youtube", "instagram", "nextdoor")
CATEGORIES = (Category.ABUSE, Category.THREAT_VEILED, Category.DOXXING, Category.HARASSMENT, Category.THREAT_DIRECT)
PARAGRAPHS = ("6.1", "6.2", "5.2.3", "4.1", "8.2")
LEVELS = (Level.LOW, Level.MODERATE, Level.MODERATE, Level.HIGH, Level.CRITICAL)
LAST = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


class Maker:
    """Makes incidents one after another from one seed; rare is how many invented words follow the real ones."""

    def __init__(self, seed: int, rare: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # made-up texts, no secret
        self.words = [*WORDS.split(), *(_invented(number) for number in range(rare))]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def text(self, least: int, most: int) -> str:
        """Return some words in a row."""
        return " ".join(self.chance.choices(self.words, cum_weights=self._weights, k=self.chance.randint(least, most)))

    def incident(self, index: int) -> Incident:
        """Return the incident of a number: one author, one account, one to three posts."""
        chance = self.chance
        posted = LAST - timedelta(seconds=chance.randrange(3 * 365 * 86_400), microseconds=chance.randrange(3) * 250)
        person = f"cllr-{chance.randrange(40)}" if chance.random() < 0.9 else None
        events = self._events(index, posted)
        concern = ids.concern_of(person, None, events[0].account)
        identity = ids.incident_id(concern, None, events[0].event_id)
        finding = self._finding(person)
        waited = timedelta(seconds=chance.randrange(60, 90_000))
        return Incident(
            incident_id=identity,
            reference=ids.reference(identity, posted),
            version=1 + index % 4,
            kind=IncidentKind.AUTHOR,
            state=chance.choices(tuple(IncidentState), weights=(1, 3, 96))[0],
            concern=concern,
            person=person,
            topic_ref=None,
            account=events[0].account,
            platform=events[0].platform,
            direction="inbound",
            author=events[0].author,
            level=finding.level,
            machine_level=finding.level,
            categories=(finding.category,),
            paragraphs=finding.paragraphs,
            notify=(Role.COMMUNICATIONS_TEAM, Role.MONITORING_OFFICER),
            route=None,
            first_posted_at=posted,
            last_posted_at=posted,
            opened_at=posted + timedelta(minutes=1),
            updated_at=posted + timedelta(minutes=1) + waited,
            evidence=tuple(Evidence(event=event, findings=(finding,)) for event in events),
            event_times={event.event_id: posted for event in events},
            acknowledged_at=posted + waited if chance.random() < 0.9 else None,
        )

    def _events(self, index: int, posted: datetime) -> list[Event]:
        chance = self.chance
        platform, account = chance.choice(PLATFORMS), f"acc-{chance.randrange(12)}"
        number = chance.randrange(20_000)
        author = Author(id=f"{platform}:{number}", handle=f"resident_{number}", display_name=f"Resident {number}")
        return [
            Event(
                platform=platform,
                object_id=f"{platform}:comment:{index}-{part}",
                object_type="comment",
                action=Action.CREATE,
                account=account,
                direction=Direction.INBOUND,
                text=self.text(4, 60),
                thread_title=self.text(3, 8),
                author=author,
                permalink=f"https://{platform}.example/{account}/{index}/{part}",
                posted_at=posted,
                observed_at=posted + timedelta(seconds=20),
                event_id=ids.digest("made", index, part),
                content_hash=ids.digest("content", index, part),
            )
            for part in range(chance.choice((1, 1, 2, 3)))
        ]

    def _finding(self, person: str | None) -> Finding:
        paragraph = self.chance.choice(PARAGRAPHS)
        return Finding(
            paragraph=paragraph,
            paragraphs=(paragraph,),
            category=self.chance.choice(CATEGORIES),
            level=self.chance.choice(LEVELS),
            target=person,
            rule="made-up",
            rule_version=1,
            field=Field.TEXT,
            span=(0, 3),
            quote=None,
            reason="made up",
        )


def incidents(number: int, seed: int = 3, rare: int = 20_000) -> Iterator[Incident]:
    """Yield so many incidents over three years, about 40 people, in no order of time."""
    maker = Maker(seed, rare)
    for index in range(number):
        yield maker.incident(index)


def _invented(number: int) -> str:
    """Return a word of syllables, another for each number."""
    syllables = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "tu")
    return "".join(syllables[int(digit)] for digit in f"{number:05d}")
