"""Hashtags that are several words written as one: `#KillTheBill` is read as `kill the bill`.

Used by folding, before capitals go, since they alone say where a word begins. A tag without them stays as it is.
"""

import re

from pipeline.text.disguises import Edit

_TAG = re.compile(r"(?<![\w#&])#([A-Za-z][A-Za-z0-9]{3,80})(?![\w])")
_WORD = re.compile(r"(?<=[a-z0-9])(?<!#[a-z])[A-Z]|(?<=[A-Z]{2})[A-Z](?=[a-z]{2})|(?<=#[AI])[A-Z](?=[a-z])")
"""The capital with which a further word begins; iPhone and MPs are one."""


def tag_edits(text: str) -> list[Edit]:
    """Return the places where the words of hashtags are parted: the sign goes, and a space stands before each word."""
    edits: list[Edit] = []
    for tag in _TAG.finditer(text):
        words = [(one.start(), one.end(), f" {one.group()}") for one in _WORD.finditer(text, *tag.span())]
        if words:
            edits += [(tag.start(), tag.start() + 1, ""), *words]
    return edits
