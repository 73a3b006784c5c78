"""UK forms of personal data, each with its check: used by the personal-data detector and by masking.

Phone numbers, postcodes, addresses, dates of birth, e-mail, National Insurance and NHS numbers, bank details, vehicles.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import re2


@dataclass(frozen=True)
class Form:
    """One form found: its kind and where it stands in the original text, in code points, end exclusive."""

    kind: str
    start: int
    end: int


_STREET = (
    r"(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|terrace|crescent|row|way|gardens|grove|hill|court|mews|walk|"
    r"rise|view|place|parade|square|green|wharf|yard|villas)"
)
_BIRTH = (
    r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?|birthday(?: is)?)\W{0,3}(?:is )?(?:the )?"
    r"\d{1,2}(?:st|nd|rd|th)?[\s/.\-](?:\d{1,2}|[a-z]{3,9})[\s/.\-]\d{2,4}\b"
)
_NI_BY_LABEL = r"\b(?:ni|nino|national insurance)(?: number| no\.?)?\W{1,3}[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b"


def _nhs(words: str) -> bool:
    """NHS numbers: ten digits, the last a modulus-11 check of the others."""
    digits = [int(letter) for letter in words if letter.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (0 if check == 11 else check) == digits[9]


def _phone(words: str) -> bool:
    digits = re.sub(r"\D", "", words)
    return (len(digits) in {10, 11} and digits.startswith("0")) or (digits.startswith("44") and len(digits) in {12, 13})


def _always(words: str) -> bool:
    return bool(words)


_FORMS: tuple[tuple[str, Any, Callable[[str], bool]], ...] = tuple(
    (kind, re2.compile(f"(?i){pattern}"), check)
    for kind, pattern, check in (
        ("phone", r"(?:\+44\s?|\b0)\d(?:[\s\-]?\d){8,10}\b", _phone),
        ("email", r"\b[a-z0-9._%+\-]+@[a-z0-9.\-]+\.[a-z]{2,}\b", _always),
        ("postcode", r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2}\b", _always),
        (
            "address",
            rf"\b(?:flat \d+[a-z]?,? |number |no\.? ?)?\d{{1,4}}[a-z]?,? (?:on )?(?:[a-z'’]+ ){{1,3}}{_STREET}\b",
            _always,
        ),
        ("birth", _BIRTH, _always),
        ("ni_number", _NI_BY_LABEL, _always),
        ("ni_number", r"\b[a-ceghj-prstw-z][a-ceghj-nprstw-z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b", _always),
        ("nhs_number", r"\b\d{3}[\s\-]?\d{3}[\s\-]?\d{4}\b", _nhs),
        ("bank", r"\b\d{2}-\d{2}-\d{2}\b[^.\n]{0,40}\b\d{8}\b", _always),
        ("registration", r"\b[a-z]{2}\d{2}\s?[a-z]{3}\b", _always),
    )
)


_SIGN_OF_ONE = re.compile(r"[\d@]")
"""No form does without a figure or an @."""


def forms_in(text: str) -> Iterator[Form]:
    """Yield the UK forms in an original text that pass their checks."""
    if not _SIGN_OF_ONE.search(text):
        return
    for kind, pattern, check in _FORMS:
        for found in pattern.finditer(text):
            if check(found.group() or ""):
                yield Form(kind, found.start(), found.end())
