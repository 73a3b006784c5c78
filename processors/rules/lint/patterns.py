"""Lint of patterns: what matches everything, nothing, or too much, and alternatives that nothing reaches."""

from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from pipeline.text.fold import fold
from processors.rules.examples import example_event
from processors.rules.lint.smell import WRITTEN, Smell, Subject
from processors.rules.lint.strings import literals_of, strings_of
from processors.rules.patterns import Pattern, spell_out, with_words

SHARE = 0.03
"""A pattern that stands in so many of the lines of ordinary talk is too broad."""
LEAST = 3
"""Fewer lines than these are chance."""


class _Whole(Protocol):
    """What is used here of a compiled pattern besides."""

    def fullmatch(self, text: str) -> object | None:
        """Return a match of the whole text."""


def empty(subject: Subject) -> Iterator[Smell]:
    """Patterns that match the empty string: a rule would find every text, or nothing at all where they clear it."""
    for rule in subject.rules.rules:
        for field in WRITTEN:
            for number, pattern in enumerate(getattr(rule, field), start=1):
                if any(one.start() == one.end() for one in subject.compiled(pattern).finditer(" any words. ")):
                    words = "matches the empty string, and so every text: take out what makes all of it optional"
                    yield subject.smell(rule, f"{field}[{number}]", words, fault=True)


def never_folded(subject: Subject) -> Iterator[Smell]:
    """Letters that folded text never holds: capitals, accents, look-alikes."""
    for rule in subject.rules.rules:
        for field in WRITTEN:
            for number, pattern in enumerate(getattr(rule, field), start=1):
                bare = spell_out(pattern, dict.fromkeys(subject.rules.lexicon.words, ("x",)))
                wrong = "".join(sorted(one for one in literals_of(bare) if _foldable(one)))
                if wrong:
                    words = f"{wrong!r} never stands in folded text: write it as it is read, in plain lower case"
                    yield subject.smell(rule, f"{field}[{number}]", words, fault=True)


def unreachable(subject: Subject) -> Iterator[Smell]:
    """Patterns, and entries of the lexicon, all of whose words another one before them matches already."""
    words = subject.rules.lexicon.words
    for rule in subject.rules.rules:
        for number, other in _covered(subject, rule.patterns, open_ended=True):
            said = f"patterns[{other}] matches all that it can: take one of them out"
            yield subject.smell(rule, f"patterns[{number}]", said)
    for name, entries in words.items():
        for number, other in _covered(subject, entries, open_ended=False):
            yield subject.word_smell(f"[words] {name}, entry {number}", f"entry {other} matches all that it can")


def untried(subject: Subject) -> Iterator[Smell]:
    """Patterns that none of the rule's own hits needs: nobody has seen them work."""
    for rule in subject.rules.rules:
        texts = [text for hit in rule.hits for text in _marked(subject, hit)]
        idle = [
            str(number)
            for number, pattern in enumerate(rule.patterns, start=1)
            if not any(subject.compiled(pattern).search(text) for text in texts)
        ]
        if idle:
            yield subject.smell(rule, f"patterns[{', '.join(idle)}]", "found in none of its hits: add a hit for each")


def broad(subject: Subject) -> Iterator[Smell]:
    """Patterns that stand in much of ordinary talk."""
    texts = [fold(one).text for one in subject.talk]
    enough = max(LEAST, SHARE * len(texts))
    for rule in subject.rules.rules:
        for number, pattern in enumerate(rule.patterns, start=1):
            count = _count(subject.compiled(pattern), texts)
            if texts and count >= enough and not rule.needs:
                words = f"too broad: stands in {count} of {len(texts)} lines of ordinary talk: write more of it"
                yield subject.smell(rule, f"patterns[{number}]", words)


def finds_talk(subject: Subject) -> Iterator[Smell]:
    """Rules that find something in ordinary talk, on a council page or on a councillor's."""
    events = [example_event(place + one) for one in subject.talk for place in ("", "[page] ")]
    found: dict[str, int] = {}
    for event in events:
        for rule in {finding.rule for finding in subject.screener.every(event)}:
            found[rule] = found.get(rule, 0) + 1
    for one in subject.rules.rules:
        count = found.get(one.id, 0)
        if count:
            words = f"finds {count} of {len(events)} lines of ordinary talk: are they false alarms? Add them as misses"
            yield subject.smell(one, "patterns", words)


def _covered(subject: Subject, patterns: Sequence[str], *, open_ended: bool) -> Iterator[tuple[int, int]]:
    """Yield the numbers of patterns that another one covers, and of that one; counted from 1.

    open_ended: whether to try patterns with more strings than can be told as the wider ones too, which takes longer.
    """
    words = subject.rules.lexicon.words
    known = {number: strings_of(with_words(one, words)) for number, one in enumerate(patterns, start=1)}
    makers: dict[str, set[int]] = {}
    for number, strings in known.items():
        for text in strings or ():
            makers.setdefault(text, set()).add(number)
    many = [number for number, strings in known.items() if open_ended and strings is None]
    wide = [(number, cast(_Whole, subject.compiled(patterns[number - 1]))) for number in many]
    taken: set[int] = set()
    for number, strings in known.items():
        if not strings:
            continue
        others = set.intersection(*(makers[text] for text in strings)) - {number} - taken
        if open_ended and not others:
            others = {other for other, whole in wide if all(whole.fullmatch(text) is not None for text in strings)}
        if others:
            taken.add(number)
            yield number, min(others)


def _foldable(letter: str) -> bool:
    return letter.isalpha() and fold(letter).text != letter


def _marked(subject: Subject, example: str) -> list[str]:
    reading = subject.screener.case(example_event(example)).reading
    return [reading.marked(field).text for field in reading.fields()]


def _count(pattern: Pattern, texts: Sequence[str]) -> int:
    return sum(pattern.search(text) is not None for text in texts)
