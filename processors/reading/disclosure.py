"""What of a confidential topic stands in a text: the matter with a secret of it near by, two particulars together, or
a term that is enough alone.

Used by the leak detector, which judges how it is said. Pure; words far apart, or sentences apart, tell nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.text.fold import Folded
from processors.reading.terms import Place
from processors.reading.topics import Hits, Topic, Topics

ENOUGH = 2
"""The weight from which a topic is told of without anything else that points to it."""
NEAR = 220
"""Matter and secret stand at most so many characters apart, in one sentence or in two that follow each other."""


@dataclass(frozen=True)
class Told:
    """How much of a topic a text tells, and where; named: with a figure, or something written as a name."""

    weight: int
    start: int
    end: int
    named: bool


def told_of(topics: Topics, topic: Topic, hits: Hits, folded: Folded, when: datetime) -> Told | None:
    """Return what a text posted at `when` tells of a topic, or None. hits are those of the text in all topics."""
    quiet = {place.sentence for number, since in topic.phrases if since is None or since <= when
             for place in hits.get(number, ())}  # fmt: skip
    live: Hits = {}
    for number in _terms(topic):
        places = [place for place in hits.get(number, ()) if place.sentence not in quiet]
        if places:
            live[number] = places
    if not live:
        return None
    alone = next((place for number in topic.strong for place in live.get(number, ())), None)
    if alone is not None:
        return Told(ENOUGH, alone.start, alone.end, named=True)
    matters = [*_places(live, topic.subject), *_places(live, topic.particulars["addresses"])]
    found = [one for matter in sorted(matters, key=lambda place: place.start)
             for one in _beside(topics, topic, live, folded, matter)]  # fmt: skip
    found += _particulars_alone(topic, live)
    return max(found, key=lambda one: one.weight, default=None)


def _beside(topics: Topics, topic: Topic, live: Hits, folded: Folded, matter: Place) -> Iterator[Told]:
    """Yield what stands beside one mention of the matter: a secret of every group, or one particular."""
    for numbers in topic.particulars.values():
        for place in _near(_places(live, numbers), matter):
            if not _overlap(place, matter):
                yield _told(2 * ENOUGH, (matter, place), named=True)
    if not topic.secrets:
        return
    spans, weight, named = [matter], 0, False
    for group in topic.secrets:
        places = {number: list(_near(live.get(number, ()), matter)) for number in group}
        hit = [(number, place) for number, ones in places.items() for place in ones if not _overlap(place, matter)]
        if not hit:
            return
        spans += [place for _, place in hit]
        weight += max(len({place.start for _, place in hit}), *(topics.terms[number].weight for number, _ in hit))
        named = named or any(_is_name(folded, place) for _, place in hit)
    yield _told(weight, spans, named=named)


def _particulars_alone(topic: Topic, live: Hits) -> Iterator[Told]:
    """Yield two particulars of different kinds that stand together, though the matter is not named."""
    kinds = [(kind, place) for kind, numbers in topic.particulars.items() for place in _places(live, numbers)]
    for at, (kind, place) in enumerate(kinds):
        for other, beside in kinds[at + 1 :]:
            if kind != other and not _overlap(place, beside) and list(_near([beside], place)):
                yield _told(2 * ENOUGH, (place, beside), named=True)


def _terms(topic: Topic) -> Iterator[int]:
    yield from topic.subject
    yield from topic.strong
    for group in (*topic.secrets, *topic.particulars.values()):
        yield from group


def _places(live: Mapping[int, Sequence[Place]], numbers: Iterable[int]) -> list[Place]:
    return [place for number in numbers for place in live.get(number, ())]


def _near(places: Iterable[Place], matter: Place) -> Iterator[Place]:
    for place in places:
        apart = max(place.start - matter.end, matter.start - place.end)
        if apart <= NEAR and abs(place.sentence - matter.sentence) <= 1:
            yield place


def _overlap(one: Place, other: Place) -> bool:
    return one.start < other.end and other.start < one.end


def _told(weight: int, places: Iterable[Place], *, named: bool) -> Told:
    held = list(places)
    return Told(weight, min(place.start for place in held), max(place.end for place in held), named)


def _is_name(folded: Folded, place: Place) -> bool:
    """Return whether the words carry a figure, or are written as a name in the middle of a sentence."""
    words = folded.words(place.start, place.end).strip(" .,!?:;'\"()")
    parts = words.split()
    return any(letter.isdigit() for letter in words) or (len(parts) > 1 and all(part[:1].isupper() for part in parts))
