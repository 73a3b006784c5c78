"""American spellings read as British ones, so that a search finds both. Used by the analysis of texts and queries only.

Endings where a rule is safe enough for search (two words that become one only widen a search), and a table of word
beginnings where it is not.
"""

import re

_ENDINGS = (
    (re.compile(r"(?<=[a-z]{3})iz(e|ed|es|er|ers|ing|ation|ations)$"), r"is\1"),
    (re.compile(r"(?<=[a-z]{2})lyz(e|ed|es|er|ers|ing)$"), r"lys\1"),
)
_BEGINNINGS = {
    "behavior": "behaviour",
    "candor": "candour",
    "catalog": "catalogue",
    "center": "centre",
    "color": "colour",
    "councilor": "cllr",
    "councillor": "cllr",
    "counselor": "counsellor",
    "defense": "defence",
    "dialog": "dialogue",
    "endeavor": "endeavour",
    "favor": "favour",
    "gray": "grey",
    "harbor": "harbour",
    "honor": "honour",
    "humor": "humour",
    "jewelry": "jewellery",
    "labor": "labour",
    "license": "licence",
    "neighbor": "neighbour",
    "offense": "offence",
    "parlor": "parlour",
    "pretense": "pretence",
    "program": "programme",
    "rumor": "rumour",
    "savior": "saviour",
    "theater": "theatre",
    "tumor": "tumour",
    "vigor": "vigour",
}
_LENGTHS = sorted({len(beginning) for beginning in _BEGINNINGS}, reverse=True)


def british(word: str) -> str:
    """Return a folded word in British spelling; one that needs no change comes back as it is."""
    for length in _LENGTHS:
        beginning = _BEGINNINGS.get(word[:length])
        if beginning is not None and not word.startswith(beginning):
            return beginning + word[length:]
    for pattern, replacement in _ENDINGS:
        word = pattern.sub(replacement, word)
    return word
