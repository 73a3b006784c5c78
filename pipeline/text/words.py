"""The words of a folded text, with figures read as numbers: `£4.2m`, `4.2 mill` and `four point two million` are one.

Used for the confidential topics, when their register is checked and when a post is screened. Offsets are those of the
folded text.
"""

import re
from collections.abc import Iterator

import msgspec

PERCENT, POUNDS = "%", "£"

_TOKEN = re.compile(r"[£$€]?\d+(?:[.,]\d+)*(?:%|[^\W\d_]+)?|[^\W_]+(?:'[^\W_]+)*|%")
_FIGURE = re.compile(r"([£$€]?)(\d+(?:[.,]\d+)*)(%|[^\W\d_]*)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*\s+|\s*\n\s*|;")
_SCALES = {
    "k": 1e3, "grand": 1e3, "thousand": 1e3, "hundred": 1e2,
    "m": 1e6, "mn": 1e6, "mil": 1e6, "mill": 1e6, "million": 1e6, "millions": 1e6,
    "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_UNITS = {"%": PERCENT, "pc": PERCENT, "percent": PERCENT, "quid": POUNDS, "pounds": POUNDS, "pound": POUNDS}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_SMALL = {word: float(number) for number, word in enumerate(_ONES.split())}
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10.0 * number for number, word in enumerate(_ROUND.split(), start=2)}
_COUNTING = frozenset({*_SMALL, *_TENS, "half", "quarter", "a"})
"""Words that a number can begin with."""
_DIGITS = _SMALL | {"nought": 0.0, "oh": 0.0}


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word or a figure; value and unit (£, % or nothing) are those of a figure. sentence counts from 0."""

    text: str
    start: int
    end: int
    sentence: int
    value: float | None = None
    unit: str = ""


def words_of(folded: str) -> list[Word]:
    """Return the words of a folded text in order, figures with their scale and unit as one."""
    return list(_figures(_plain(folded)))


def _plain(folded: str) -> list[Word]:
    ends = [found.end() for found in _SENTENCE_END.finditer(folded)]
    made: list[Word] = []
    sentence = 0
    for found in _TOKEN.finditer(folded):
        start, end = found.span()
        while sentence < len(ends) and ends[sentence] <= start:
            sentence += 1
        text = found.group()
        figure = None if text[0].isalpha() else _FIGURE.fullmatch(text)
        if figure is None:
            made.append(Word(text, start, end, sentence))
            continue
        made += _figure(figure, start, sentence)
    return made


def _figure(figure: re.Match[str], start: int, sentence: int) -> Iterator[Word]:
    """Yield a figure and what is written against it: `4.2m` is one number, `11posts` two words, `14a` no number."""
    sign, digits, behind = figure.groups()
    value = _number(digits)
    at, end = start + figure.end(2), start + figure.end()
    unit = POUNDS if sign == POUNDS else ""
    if value is None or (behind and behind not in _SCALES and behind not in _UNITS and len(behind) < 3):
        yield Word(figure.group(), start, end, sentence)
    elif behind in _SCALES:
        yield Word(figure.group(), start, end, sentence, round(value * _SCALES[behind], 6), unit)
    elif behind in _UNITS:
        yield Word(figure.group(), start, end, sentence, value, _UNITS[behind])
    else:
        yield Word(sign + digits, start, at, sentence, value, unit)
        if behind:
            yield Word(behind, at, end, sentence)


def _number(digits: str) -> float | None:
    if _THOUSANDS.fullmatch(digits):
        return float(digits.replace(",", ""))
    decimal = digits.replace(",", ".")
    return float(decimal) if decimal.count(".") <= 1 and len(decimal) < 20 else None


def _figures(plain: list[Word]) -> Iterator[Word]:
    """Join number words, scales and units to the figures they belong to."""
    at = 0
    while at < len(plain):
        if plain[at].value is None and plain[at].text not in _COUNTING:
            yield plain[at]
            at += 1
            continue
        value, after = _counted(plain, at)
        if value is None:
            yield plain[at]
            at += 1
            continue
        unit = plain[at].unit
        value, after = _scaled(plain, value, after)
        unit, after = _with_unit(plain, unit, after)
        first, last = plain[at], plain[after - 1]
        text = first.text if after == at + 1 else " ".join(one.text for one in plain[at:after])
        yield Word(text, first.start, last.end, first.sentence, round(value, 6), unit)
        at = after


def _counted(plain: list[Word], at: int) -> tuple[float | None, int]:
    """Return the number that begins at a word, in figures or in words, and where the words after it begin."""
    word = plain[at]
    if word.value is not None:
        return word.value, at + 1
    if word.text in {"half", "quarter"} and _texts(plain, at + 1, 2) in (["a", "million"], ["of", "a"]):
        of = at + (2 if plain[at + 1].text == "a" else 3)
        part = 0.5 if word.text == "half" else 0.25
        return (part, of) if _texts(plain, of, 1) == ["million"] else (None, at)
    if word.text == "a" and _texts(plain, at + 1, 1) in (["hundred"], ["thousand"], ["million"]):
        return 1.0, at + 1
    if word.text in _TENS:
        ones = _SMALL.get(plain[at + 1].text, 0.0) if at + 1 < len(plain) else 0.0
        return (_TENS[word.text] + ones, at + 2) if 0 < ones < 10 else (_TENS[word.text], at + 1)
    return (_SMALL[word.text], at + 1) if word.text in _SMALL else (None, at)


def _scaled(plain: list[Word], value: float, at: int) -> tuple[float, int]:
    """Return a number with what follows it counted in: `point two`, `hundred and fifty`, `million`."""
    if _texts(plain, at, 1) == ["point"] and at + 1 < len(plain) and plain[at + 1].text in _DIGITS:
        place, at = 0.1, at + 1
        while at < len(plain) and plain[at].text in _DIGITS:
            value, place, at = value + _DIGITS[plain[at].text] * place, place / 10, at + 1
    if _texts(plain, at, 3) == ["and", "a", "half"]:
        value, at = value + 0.5, at + 3
    while at < len(plain) and plain[at].text in _SCALES and plain[at].value is None:
        scale = _SCALES[plain[at].text]
        value, at = value * scale, at + 1
        rest = at + 1 if _texts(plain, at, 1) == ["and"] else at
        if scale > 10 and rest < len(plain) and plain[rest].value is None:
            more, after = _counted(plain, rest)
            if more is not None and more < scale and plain[rest].text in _SMALL | _TENS:
                more, after = _scaled(plain, more, after) if scale > 100 else (more, after)
                value, at = value + more, after
    return value, at


def _with_unit(plain: list[Word], unit: str, at: int) -> tuple[str, int]:
    if _texts(plain, at, 2) == ["per", "cent"]:
        return PERCENT, at + 2
    if at < len(plain) and plain[at].text in _UNITS:
        return _UNITS[plain[at].text], at + 1
    return unit, at


def _texts(plain: list[Word], at: int, count: int) -> list[str]:
    return [one.text for one in plain[at : at + count]]
