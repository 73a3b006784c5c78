"""What of a confidential topic stands in a text: the matter with a secret of it near by, two particulars together, or
a term that is enough alone.

Used by the leak detector, which judges how it is said. Pure; words far apart, or sentences apart, tell nothing. The
matter may also be what the thread is about, or what is answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.text.fold import Folded
from processors.reading.terms import Place
from processors.reading.topics import Hits, Topic, Topics

ENOUGH = 2
"""The weight from which a topic is told of without anything else that points to it."""
NEAR = 220
"""Matter and secret stand at most so many characters apart, in one sentence or in two that follow each other."""
CLOSE = 40
"""The same with a short sentence between them."""


@dataclass(frozen=True)
class Told:
    """How much of a topic a text tells, and where.

    named: with a figure, or something written as a name. strong: with a secret that is more than one plain word.
    """

    weight: int
    start: int
    end: int
    named: bool
    strong: bool = False


@dataclass(frozen=True)
class Heard:
    """A text posted at `when`: its terms of all topics, and those of the thread it stands in."""

    folded: Folded
    hits: Hits
    when: datetime
    around: Hits = field(default_factory=dict)


def told_of(topics: Topics, topic: Topic, heard: Heard) -> Told | None:
    """Return what a text tells of a topic, or None."""
    live = _live(topic, heard)
    if not live:
        return None
    alone = next((place for number in topic.strong for place in live.get(number, ())), None)
    if alone is not None:
        return Told(ENOUGH, alone.start, alone.end, named=True, strong=True)
    matters = [*_places(live, topic.subject), *_places(live, topic.particulars["addresses"])]
    found = [one for matter in sorted(matters, key=lambda place: place.start)
             for one in _beside(topics, topic, live, heard.folded, matter)]  # fmt: skip
    found += _particulars_alone(topic, live)
    found += _secrets_alone(topics, topic, live, heard.folded)
    if not found and any(number in heard.around for number in topic.subject):
        found += _in_thread(topics, topic, live, heard.folded)
    return max(found, key=lambda one: (one.weight, one.strong), default=None)


def _live(topic: Topic, heard: Heard) -> Hits:
    """Return the places of a topic's terms, without those in a sentence that public words make harmless."""
    hits = heard.hits
    quiet = {place.sentence for number, since in topic.phrases if since is None or since <= heard.when
             for place in hits.get(number, ())}  # fmt: skip
    live: Hits = {}
    for number in _terms(topic):
        places = [place for place in hits.get(number, ()) if place.sentence not in quiet]
        if number in topic.capitals:
            places = [place for place in places if heard.folded.words(place.start, place.end)[:1].isupper()]
        if places:
            live[number] = places
    return live


def _beside(topics: Topics, topic: Topic, live: Hits, folded: Folded, matter: Place) -> Iterator[Told]:
    """Yield what stands beside one mention of the matter: a secret of every group, or one particular."""
    for numbers in topic.particulars.values():
        for place in _near(_places(live, numbers), matter):
            if not _overlap(place, matter):
                yield _told(2 * ENOUGH, (matter, place), named=True, strong=True)
    if not topic.secrets:
        return
    spans: list[Place] = [matter]
    weight, named, strong = int(_figure_in(folded, matter)), False, False
    for group in topic.secrets:
        places = {number: list(_near(live.get(number, ()), matter)) for number in group}
        hit = [(number, place) for number, ones in places.items() for place in ones if not _overlap(place, matter)]
        if not hit:
            return
        spans += [place for _, place in hit]
        weight += _weight(topics, hit)
        named = named or any(_is_name(folded, place) for number, place in hit if topics.terms[number].weight)
        strong = strong or any(topics.terms[number].weight >= ENOUGH for number, _ in hit)
    yield _told(weight, spans, named=named, strong=strong)


def _weight(topics: Topics, hit: Sequence[tuple[int, Place]]) -> int:
    """Return how much terms tell: each place counts, or the weightiest; what talk only turns on, one in all."""
    weights = [(topics.terms[number].weight, place) for number, place in hit]
    return max(1, len({place.start for weight, place in weights if weight}), *(weight for weight, _ in weights))


def _in_thread(topics: Topics, topic: Topic, live: Hits, folded: Folded) -> Iterator[Told]:
    """Yield a secret of every group in a text that says it of the matter of its thread."""
    if not topic.secrets:
        return
    hit = [(number, place) for group in topic.secrets for number in group for place in live.get(number, ())]
    if not all(any(number in group for number, _ in hit) for group in topic.secrets):
        return
    weight = _weight(topics, hit)
    strong = any(topics.terms[number].weight >= ENOUGH for number, _ in hit)
    named = any(_is_name(folded, place) for _, place in hit)
    yield _told(weight, [place for _, place in hit], named=named, strong=strong)


def _particulars_alone(topic: Topic, live: Hits) -> Iterator[Told]:
    """Yield two particulars of different kinds that stand together, though the matter is not named."""
    kinds = [(kind, place) for kind, numbers in topic.particulars.items() for place in _places(live, numbers)]
    for at, (kind, place) in enumerate(kinds):
        for other, beside in kinds[at + 1 :]:
            if kind != other and not _overlap(place, beside) and list(_near([beside], place)):
                yield _told(2 * ENOUGH, (place, beside), named=True, strong=True)


def _secrets_alone(topics: Topics, topic: Topic, live: Hits, folded: Folded) -> Iterator[Told]:
    """Yield a name among the secrets with another of them beside it, though the matter is not named."""
    numbers = {number for group in topic.secrets for number in group}
    held = [(number, place) for number in numbers for place in live.get(number, ())
            if topics.terms[number].weight >= ENOUGH and number not in topic.capitals]  # fmt: skip
    for number, place in held:
        if not _is_name(folded, place) or topics.terms[number].words[0].value is not None:
            continue
        for other, beside in held:
            if other != number and not _overlap(place, beside) and list(_near([beside], place)):
                yield _told(2 * ENOUGH, (place, beside), named=True, strong=True)


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
        between = abs(place.sentence - matter.sentence)
        if (apart <= NEAR and between <= 1) or (apart <= CLOSE and between <= 2):
            yield place


def _overlap(one: Place, other: Place) -> bool:
    return one.start < other.end and other.start < one.end


def _told(weight: int, places: Iterable[Place], *, named: bool, strong: bool) -> Told:
    held = list(places)
    return Told(weight, min(place.start for place in held), max(place.end for place in held), named, strong)


def _figure_in(folded: Folded, place: Place) -> bool:
    """Return whether the matter itself is as exact as a house with its number."""
    return any(letter.isdigit() for letter in folded.words(place.start, place.end))


def _is_name(folded: Folded, place: Place) -> bool:
    """Return whether the words carry a figure, or are written as a name in the middle of a sentence."""
    words = folded.words(place.start, place.end).strip(" .,!?:;'\"()")
    parts = words.split()
    return any(letter.isdigit() for letter in words) or (len(parts) > 1 and all(part[:1].isupper() for part in parts))
