"""What characters outside ASCII are read as: compatibility forms, look-alikes, accents, zero-width signs, emoji.

Used by folding only. Look-alikes come from Unicode's confusables table (library confusable-homoglyphs), emoji names
from the library emoji.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import emoji
from confusable_homoglyphs import confusables

_PLAIN = {
    "‘": "'", "’": "'", "ʼ": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
    "‐": "-", "‑": "-", "−": "-", "…": "...", "£": "£", "€": "€", "·": ".", "•": ".", "⁄": "/", "™": "", "®": "",
    "©": "", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "к": "k", "К": "k", "κ": "k", "в": "b", "т": "t",
    "н": "h", "м": "m",
}  # fmt: skip
"""What neither NFKC nor Unicode's tables give as we read it."""
_DROPPED = frozenset({"Cc", "Cf", "Mn", "Me", "Cn", "Cs"})
_NAMED = re.compile(
    r"(?:LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?|(?:NEGATIVE |CROSSED NEGATIVE )?(?:CIRCLED|SQUARED) "
    r"LATIN CAPITAL LETTER |REGIONAL INDICATOR SYMBOL LETTER )([A-Z]|KRA)(?: WITH .*)?"
)
"""Letters of the Latin alphabet by their names in Unicode: small capitals, with a stroke or a hook, in a square."""
_SAME = 3
"""So many of one emoji in a row are read; more say no more, and would make a long text seventeen times as long."""
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_SQUARED = re.compile("[\U0001f150-\U0001f189]+")


def fold_run(run: str, mixed: bool = False) -> tuple[tuple[int, str], ...]:
    """Return (length in code points, what it is read as) for each part of a run of characters outside ASCII.

    mixed says that an ASCII letter or digit stands beside it. A run of another script that stands alone keeps its
    letters, unless all of them look like Latin ones.
    """
    parts: list[tuple[int, str]] = []
    foreign = not mixed and _is_foreign(run)
    at = same = 0
    last = ""
    for start, end, name in _pictures(run) if _may_hold_emoji(run) else ():
        parts += [(1, _letter(sign, foreign)) for sign in run[at:start]]
        same = same + 1 if name == last and start == at else 1
        parts.append((end - start, name if same <= _SAME else ""))
        at, last = end, name
    parts += [(1, _letter(sign, foreign)) for sign in run[at:]]
    return tuple(parts)


def _pictures(run: str) -> Iterator[tuple[int, int, str]]:
    """Yield emoji with their names; letters in squares and letters of flags that are none are no emoji."""
    letters = [one.span() for one in _SQUARED.finditer(run) if one.end() - one.start() > 1]
    letters += [one.span() for one in _FLAGS.finditer(run) if not _are_flags(one.group())]
    for found in emoji.emoji_list(run):
        start, end = int(found["match_start"]), int(found["match_end"])
        if not any(first <= start < last for first, last in letters):
            yield start, end, _emoji_name(run[start:end])


def _are_flags(run: str) -> bool:
    return len(run) % 2 == 0 and all(run[at : at + 2] in emoji.EMOJI_DATA for at in range(0, len(run), 2))


def _is_foreign(run: str) -> bool:
    letters = [sign for sign in run if sign.isalpha() and sign < "\u1d00" and not _is_latin(sign)]
    return any(sign not in _lookalikes() for sign in letters)


@cache
def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN ")


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


@cache
def _letter(sign: str, foreign: bool) -> str:
    if foreign and not _is_latin(sign) and unicodedata.category(sign) in {"Lo", "Ll", "Lu", "Mn", "Mc"}:
        return sign.lower() if len(sign.lower()) == 1 else sign
    if sign in _PLAIN:
        return _PLAIN[sign]
    if unicodedata.category(sign) in _DROPPED:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part) != "Mn")
    if not plain.isascii():
        plain = "".join(_lookalike(part) for part in plain)
    return plain.lower()


def _lookalike(sign: str) -> str:
    if sign in _PLAIN or sign in _lookalikes():
        return _PLAIN.get(sign) or _lookalikes().get(sign, "")
    named = _NAMED.fullmatch(unicodedata.name(sign, ""))
    return sign if named is None else named.group(1)[0].lower()
