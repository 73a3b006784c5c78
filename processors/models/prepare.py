"""A text as the built-in model reads it: folded as for rules and search, emoji as words, spaces as one space.

Before both stages, in training as in screening. Folding undoes look-alike letters, leet, masks and spaced-out words,
so that neither stage has to learn them.
"""

import re

from pipeline.text.fold import fold

MOST = 6000
"""Code points that are read: what is longer is judged by its beginning and its end."""
_EMOJI = re.compile(r":([a-z0-9_\-’'.&!]+):")
_LINKS = re.compile(r"https?://\S+|www\.\S+")
_SPACES = re.compile(r"\s+")


def prepared(text: str) -> str:
    """Return a text made ready; empty where nothing is left of it."""
    if len(text) > MOST:
        text = f"{text[: MOST // 2]} {text[-MOST // 2 :]}"
    folded = fold(text).text
    if "://" in folded or "www." in folded:
        folded = _LINKS.sub(" link ", folded)
    if ":" in folded:
        folded = _EMOJI.sub(lambda found: f" {found.group(1).replace('_', ' ')} ", folded)
    return _SPACES.sub(" ", folded).strip()
