"""The most common words of English, as people write them to a council, and in what share of posts each stands.

Read by the rulebook (which words tell most about a pattern) and by the check of a text's language.
"""

from functools import cache
from pathlib import Path


@cache
def common_words() -> dict[str, float]:
    """Return the share of posts that hold each, very roughly, by folded word; the most common first."""
    words = dict.fromkeys(Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").split())
    return {word: 5.0 / (rank + 10) for rank, word in enumerate(words)}
