"""What makes a threat worse: time, place, means, capability, surveillance, family (domain reference, 2.6).

Read from the sentence of the threat and those beside it. Each phrase counts once: words that were counted for one
aggravator are not read again for another; phrases that only share a word, 'at the mill on' and 'on Friday',
are two.
"""

from dataclasses import dataclass

from processors.reading.case import Case, Judged
from processors.rules.patterns import Pattern

_BESIDE = 160


@dataclass(frozen=True)
class Aggravator:
    """One aggravator with the original words it was read from."""

    code: str
    words: str


def aggravators_of(case: Case, judged: Judged) -> list[Aggravator]:
    """Return the aggravators of a threat, each phrase once."""
    marked, rule = judged.marked, judged.rule
    found = [Aggravator(code, judged.words()) for code in rule.aggravators]
    if judged.aimed.family:
        found.append(Aggravator("family", "family"))
    first = max(0, judged.sentence[0] - _BESIDE)
    last = min(len(marked.text), judged.sentence[1] + _BESIDE)
    taken: list[tuple[int, int]] = []
    for code, pattern in case.cues.aggravators.items():
        for start, end in _spans(pattern, marked.text, first, last):
            if not any((one <= start and end <= other) or (start <= one and other <= end) for one, other in taken):
                taken.append((start, end))
                found.append(Aggravator(code, marked.folded.words(start, end).strip()))
    return found


def _spans(pattern: Pattern, text: str, first: int, last: int) -> list[tuple[int, int]]:
    return [(found.start(), found.end()) for found in pattern.finditer(text, first, last)]
