"""Lines written by templates: contrast that no crowd labelled, such as a threat and the report of it in the same words.

Before both stages of training. Templates and words are TOML beside this file, in `phrases/`; a template belongs to a
kind, and a kind has labels. `{name}` stands for one of the words of that name, `[a|b]` for either. The same seed gives
the same lines.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from processors.models.classifier import LABELS
from processors.models.training.rows import TRAIN, Labels, Row, key_of
from processors.models.training.surface import varied

FOLDER = Path(__file__).with_name("phrases")
LETTERS = dict(zip("TSOHIA", LABELS, strict=True))
"""The letter by which a kind names each label it carries."""
WORDS = "words.toml"
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_DEPTH = 6


@dataclass(frozen=True)
class Kind:
    """One kind of line: its labels, how much of the whole it gets, its templates."""

    name: str
    labels: Labels
    share: float
    templates: tuple[str, ...]
    file: str

    @property
    def harmful(self) -> bool:
        """Say whether it carries any label but swearing alone."""
        return any(value for name, value in zip(LABELS, self.labels, strict=True) if name != "obscene")


class Phrases:
    """All templates and words of a folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Return the words by the name of their slot."""
        table = tomllib.loads((self._folder / WORDS).read_text(encoding="utf-8"))
        return {name: tuple(one.strip() for one in text.split("|")) for name, text in table.items()}

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds, in the order of the files' names. ValueError where one is not as it should be."""
        files = sorted(path for path in self._folder.glob("*.toml") if path.name != WORDS)
        return tuple(_kind(table, path) for path in files for table in tomllib.loads(path.read_text("utf-8"))["kind"])

    def filled(self, template: str, random: Random) -> str:
        """Return a template with words in its slots. KeyError for a slot without words."""
        text = template
        for _ in range(_DEPTH):
            text = _CHOICE.sub(lambda found: random.choice(found.group(1).split("|")), text)
            if "{" not in text:
                break
            text = _SLOT.sub(lambda found: random.choice(self.words[found.group(1)]), text)
        return text

    def rows(self, wanted: int, seed: int, without: Collection[str] = ()) -> list[Row]:
        """Return about so many different lines, shared among the kinds, in a fixed order for a seed.

        without names files whose kinds are left out.
        """
        random = Random(seed)  # noqa: S311 - training data, not a secret
        kinds = [kind for kind in self.kinds if kind.file not in without]
        total = sum(kind.share for kind in kinds)
        seen: set[str] = set()
        return [row for kind in kinds for row in self._rows_of(kind, int(wanted * kind.share / total), random, seen)]

    def _rows_of(self, kind: Kind, wanted: int, random: Random, seen: set[str]) -> Iterator[Row]:
        made = tries = 0
        while made < wanted and tries < wanted * 4:
            template = kind.templates[tries % len(kind.templates)]
            tries += 1
            text = varied(self.filled(template, random), self, random, kind.harmful)
            key = key_of(text)
            if key and key not in seen:
                seen.add(key)
                made += 1
                yield Row(text, kind.labels, TRAIN, f"phrases/{kind.name}")

    def ordinary(self, random: Random) -> str:
        """Return a sentence of ordinary talk, to stand beside another."""
        kind = next(one for one in self.kinds if one.name == "services")
        return self.filled(random.choice(kind.templates), random)


def _kind(table: Mapping[str, object], path: Path) -> Kind:
    name, letters = str(table["name"]), str(table["labels"])
    unknown = str(table.get("unknown", ""))
    strange = set(letters + unknown) - set(LETTERS)
    if strange:
        raise ValueError(f"{path.name}, kind {name}: labels are letters of {''.join(LETTERS)}, not {sorted(strange)}")
    labels = tuple(None if letter in unknown else float(letter in letters) for letter in LETTERS)
    lines = tuple(line.strip() for line in str(table["lines"]).splitlines() if line.strip())
    share = table.get("share", 1.0)
    if not lines or not isinstance(share, float | int):
        raise ValueError(f"{path.name}, kind {name}: give lines, and share as a number")
    return Kind(name, labels, float(share), lines, path.stem)
