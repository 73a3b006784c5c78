"""Lines written here: contrast that no crowd labelled, such as a threat and the report of it in the same words.

Before both stages of training. Templates and words are TOML beside this file, in `phrases/`; a template belongs to a
kind, and a kind has labels. `{name}` stands for one of the words of that name, `[a|b]` for either. Under
`phrases/lines/` each line is a post of its own, written by hand; one in ten of them is kept for measuring. The same
seed gives the same lines.
"""

import re
import tomllib
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from pipeline.vocabulary.categories import HOSTILE, Category
from pipeline.vocabulary.event import Direction
from processors.models.classifier import FROM_BOTH, FROM_COUNCILLORS, FROM_THE_PUBLIC, HEARD, LABELS
from processors.models.training.rows import DEV, TRAIN, UNHEARD, Labels, Row, harmful, key_of
from processors.models.training.surface import varied

FOLDER = Path(__file__).with_name("phrases")
LETTERS = dict(zip("TSOHIA", LABELS, strict=True))
"""The letter by which a kind names each label it carries."""
WORDS = "words.toml"
LINES = "lines"
"""The folder of lines that are posts of their own."""
LAST_WRITTEN = ("fourth_calls", "fourth_calls_two", "fourth_councillors", "fourth_hate", "fourth_hate_two",
                "fourth_menace", "fourth_public", "fourth_rest")  # fmt: skip
LATER = ("third_calls", "third_councillors", "third_hate", "third_menace", "third_public", "third_short", *LAST_WRITTEN)
"""Files of posts that were written when the first models had been trained, the last of them when a fourth round had."""
KEPT = 10
"""One in so many of those is kept for measuring."""
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_DEPTH = 6


@dataclass(frozen=True)
class Kind:
    """One kind of line: its labels, which categories it is and is not, how much of the whole it gets, its templates."""

    name: str
    labels: Labels
    share: float
    templates: tuple[str, ...]
    file: str
    heard: Labels = UNHEARD
    voice: Direction = Direction.INBOUND

    @property
    def harmful(self) -> bool:
        """Say whether it carries any label but swearing alone."""
        return harmful(self.labels)


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
        return _kinds(path for path in self._folder.glob("*.toml") if path.name != WORDS)

    @cached_property
    def posts(self) -> tuple[Kind, ...]:
        """Return the kinds whose lines are posts of their own. ValueError where one is not as it should be."""
        return _kinds((self._folder / LINES).glob("*.toml"))

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
                yield Row(text, kind.labels, TRAIN, f"phrases/{kind.name}", kind.heard)

    def lines(self, seed: int, times: int = 1, without: Collection[str] = ()) -> list[Row]:
        """Return the posts of their own, each so many times with other names in it, and once as it is where it is kept
        for measuring. without names files whose kinds are left out.
        """
        random = Random(seed)  # noqa: S311 - training data, not a secret
        found = []
        for kind in self.posts:
            for line in kind.templates if kind.file not in without else ():
                kept = zlib.crc32(line.encode()) % KEPT == 0
                for _ in range(1 if kept else times):
                    text = self.filled(line, random)
                    text = text if kept else varied(text, self, random, kind.harmful)
                    found.append(Row(text, kind.labels, DEV if kept else TRAIN, f"phrases/{kind.name}", kind.heard))
        return found

    def ordinary(self, random: Random) -> str:
        """Return a sentence of ordinary talk, to stand beside another."""
        kind = next(one for one in self.kinds if one.name == "services")
        return self.filled(random.choice(kind.templates), random)


def _kinds(paths: Iterable[Path]) -> tuple[Kind, ...]:
    return tuple(
        _kind(table, path) for path in sorted(paths) for table in tomllib.loads(path.read_text("utf-8"))["kind"]
    )


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
    voice = Direction(str(table.get("voice", Direction.INBOUND)))
    hears = Category(str(table["hears"])) if "hears" in table else None
    heard = _heard(hears, voice) if hears is not None or not (letters + unknown).strip("O") else UNHEARD
    return Kind(name, labels, float(share), lines, path.stem, heard, voice)


def _heard(category: Category | None, voice: Direction) -> Labels:
    """Return which categories a line is and is not. Whether a threat, say, is abuse as well nobody asked; and what
    only the other side's posts can be is not said.
    """
    asked = {*FROM_BOTH, *(FROM_THE_PUBLIC if voice is Direction.INBOUND else FROM_COUNCILLORS)}
    if category is not None and category not in asked:
        raise ValueError(f"{category} is not heard in what is written {voice}")
    if category in HOSTILE or category is Category.HARASSMENT:
        asked -= {Category.ABUSE, Category.OFFENSIVE_LANGUAGE}
    return tuple(1.0 if one is category else 0.0 if one in asked else None for one in HEARD)
