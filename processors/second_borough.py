"""A second invented borough: the same examples with names, wards, places and streets exchanged, letter for letter
elsewhere.

Used by the evaluation to show that nothing of one borough stands in rules or code. The exchange is worked out from the
registers and the texts, in a fixed order, so it is the same each time.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FIRST = ("Wilma", "Ruben", "Ottilie", "Casper", "Ingrid", "Barnaby", "Nerys", "Fergus", "Odette", "Lionel", "Petra",
          "Hamish", "Greta", "Silas", "Mabel", "Ivor", "Thora", "Jarvis", "Edwina", "Ludo")  # fmt: skip
_LAST = ("Brindlow", "Quennell", "Hathersedge", "Ormsgill", "Venables", "Dunstaple", "Crowhurst", "Millward", "Penrose",
         "Tranter", "Ashgrove", "Lockyer", "Bellhouse", "Rickaby", "Sowden", "Farnaby", "Yarwood", "Stanier", "Holroyd",
         "Wetherall", "Gadsby", "Ibbotson", "Jephcott", "Kettleby")  # fmt: skip
_PLACES = (
    "Wyremouth", "Saltergate", "Tannery", "Harbour", "Oakenclough", "Bramhope", "Fiddler", "Quayside",
    "Larkfield", "Millrace", "Stonebeck", "Cobden", "Ferry", "Hawthorn", "Pinfold", "Rushmere", "Beacon",
    "Coppice", "Wherry", "Drovers", "Limekiln", "Sorrel", "Teasel", "Vicars", "Windle", "Yewtree", "Anchor",
    "Bobbin", "Clarence", "Dyers", "Elder", "Falcon", "Gorse", "Hazel", "Juniper", "Kestrel", "Linden",
    "Mallard", "Nettle", "Orchard", "Plover", "Quarry", "Rowan", "Shuttle", "Thistle", "Ursuline", "Viaduct",
    "Weaver",
)  # fmt: skip
_KEPT = frozenset((
    "the", "of", "and", "council", "borough", "road", "street", "lane", "row", "terrace", "hill", "close", "avenue",
    "drive", "centre", "center", "library", "general", "inn", "depot", "leisure", "gate", "green", "meadow",
    "house", "hall", "civic", "cock", "mr", "mrs", "cllr", "mayor", "north", "south", "east", "west", "upper",
    "lower", "high",
))  # fmt: skip
_STREET = re.compile(
    r"\b([A-Z][a-z]+)(?:'s)? (?:Street|Road|Lane|Row|Terrace|Hill|Close|Avenue|Drive|Crescent|Gardens|Grove|Way)\b"
)
_CAPITAL = re.compile(r"[A-Z][a-z]+")


class Exchange:
    """Words of one borough and what stands for each in the second."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {word.lower(): new for word, new in words.items()}
        ordered = sorted(words, key=lambda word: (-len(word), word))
        anywhere = [re.escape(word) for word in ordered if len(word) >= 6]
        alone = [rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in ordered if len(word) < 6]
        joined = [rf"(?<=[a-z_.])(?-i:{re.escape(word)})(?![a-z])" for word in ordered if len(word) < 6]
        spaced = [r" ".join(word) for word in ordered if len(word) >= 4]
        self._pattern = re.compile("|".join([*spaced, *anywhere, *alone, *joined]) or r"(?!)", re.IGNORECASE)

    def text(self, text: str) -> str:
        """Return a text with the words exchanged, in the case they were written in."""
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        written = found.group()
        spaced = len(written) > 2 and written[1::2].isspace()
        new = self._words[(written[::2] if spaced else written).lower()]
        if written.isupper() and len(written) > 1:
            new = new.upper()
        elif written[0].islower():
            new = new.lower()
        return " ".join(new) if spaced else new

    def within(self, value: Any) -> Any:
        """Return a JSON value with all its strings exchanged, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.within(one) for one in value]
        if isinstance(value, dict):
            return {self.text(key): self.within(one) for key, one in value.items()}
        return value


def second_borough(folder: Path, examples: Iterable[bytes], target: Path) -> list[bytes]:
    """Write the exchanged registers into `target` and return the exchanged example lines."""
    lines = [line for line in examples if line.strip()]
    registers = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    exchange = Exchange(_words(registers, lines))
    for name, content in registers.items():
        text = json.dumps(exchange.within(content), ensure_ascii=False)
        (target / name).write_text(text, encoding="utf-8")
    return [json.dumps(exchange.within(json.loads(line)), ensure_ascii=False).encode() for line in lines]


def _words(registers: Mapping[str, Any], lines: Iterable[bytes]) -> dict[str, str]:
    council = registers["council.json"]
    people = registers.get("councillors.json", {}).get("councillors", [])
    first = dict.fromkeys(one["name"].split()[0] for one in people)
    last = dict.fromkeys(part for one in people for part in re.split(r"[ \-]", one["name"])[1:])
    names = [council["short_name"], *council.get("wards", []), *council.get("places", [])]
    places = dict.fromkeys(word for name in names for word in _CAPITAL.findall(name))
    texts = " ".join(line.decode() for line in lines)
    places |= dict.fromkeys(_STREET.findall(texts))
    exchanged: dict[str, str] = {}
    for olds, news in ((first, _FIRST), (last, _LAST), (places, _PLACES)):
        fresh = (new for new in news if new not in exchanged and new not in {*first, *last, *places})
        for old in olds:
            if old not in exchanged and old.lower() not in _KEPT:
                exchanged[old] = next(fresh, f"{old[::-1].capitalize()}by")
    return exchanged
