"""What characters outside ASCII are read as: compatibility forms, look-alikes, accents, zero-width signs, emoji.

Used by folding only. Look-alikes come from Unicode's confusables table (library confusable-homoglyphs), emoji names
from the library emoji.
"""

import unicodedata
from functools import cache

import emoji
from confusable_homoglyphs import confusables

_PLAIN = {
    "‘": "'", "’": "'", "ʼ": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
    "‐": "-", "‑": "-", "−": "-", "…": "...", "£": "£", "€": "€", "·": ".", "•": ".",
}  # fmt: skip
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cn", "Cs"})


def fold_run(run: str) -> tuple[tuple[int, str], ...]:
    """Return (length in code points, what it is read as) for each part of a run of characters outside ASCII."""
    parts: list[tuple[int, str]] = []
    at = 0
    for found in emoji.emoji_list(run) if _may_hold_emoji(run) else ():
        start, end = int(found["match_start"]), int(found["match_end"])
        parts += [(1, _letter(sign)) for sign in run[at:start]]
        parts.append((end - start, _emoji_name(run[start:end])))
        at = end
    parts += [(1, _letter(sign)) for sign in run[at:]]
    return tuple(parts)


def _may_hold_emoji(run: str) -> bool:
    return any(sign >= "\u2190" for sign in run)


def _emoji_name(sign: str) -> str:
    known = emoji.EMOJI_DATA.get(sign)
    return f" {known['en'].lower()} " if known is not None else " "


@cache
def _lookalikes() -> dict[str, str]:
    """Return look-alikes of one ASCII letter or digit, by character outside ASCII."""
    table: dict[str, str] = {}
    for sign, rows in confusables.confusables_data.items():
        if len(sign) != 1 or sign.isascii():
            continue
        plain = next((row["c"] for row in rows if row["c"].isascii() and row["c"].isalnum()), None)
        if plain is not None and len(plain) == 1 and unicodedata.category(sign)[0] in "LNS":
            table[sign] = plain
    return table


def _letter(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    if unicodedata.category(sign) in _DROPPED:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part) != "Mn")
    if not plain.isascii():
        plain = "".join(_lookalikes().get(part, part) for part in plain)
    return plain.lower()
