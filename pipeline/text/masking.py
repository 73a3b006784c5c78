"""Personal data masked: what every stored copy of a post shows that is not evidence (5.2.10, 7.4).

Evidence is the post as received, in the incident alone (docs/decisions/which-copies-are-evidence.md). Used for quotes
and reasons of findings, for the words that a store indexes, and for what a dead letter keeps that can never be taken.
"""

import re

from pipeline.text.uk_forms import Form, forms_in

_HOUSE = re.compile(r"\d+[a-z]?", re.IGNORECASE)
_NAMES = {"ni_number": "National Insurance number", "nhs_number": "NHS number", "birth": "date of birth"}


def masked(text: str, sign: str = "[{}]") -> str:
    """Return a text with its UK forms of personal data put as a sign: `ring [phone]`, `[house number] Mill Lane`.

    Of an address the number goes and the street stays, for a street alone is nobody's. sign has a place for the kind.
    """
    found = sorted(forms_in(text), key=lambda one: (one.start, -one.end))
    parts: list[str] = []
    at = 0
    for form in found:
        if form.start < at:
            continue
        parts += [text[at : form.start], _put(text, form, sign)]
        at = form.end
    return "".join((*parts, text[at:])) if parts else text


def _put(text: str, form: Form, sign: str) -> str:
    words = text[form.start : form.end]
    if form.kind == "address":
        return _HOUSE.sub(sign.format("house number"), words)
    return sign.format(_NAMES.get(form.kind, form.kind))
