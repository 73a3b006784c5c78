"""Pieces of Markdown for the pages made from the code: a page with its heading and mark, and a table.

Beside the flow, outside the distribution.
"""

from collections.abc import Sequence

MADE = "<!-- Made from the code by `make docs`. Do not edit. -->"


def page(title: str, *parts: str) -> str:
    """Return a page: heading, the mark that it is made, and its parts."""
    return "\n\n".join((f"# {title}", MADE, *parts)) + "\n"


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
