"""What a rule is: one entry of a rulebook file, as data. Read by `processors.rules.load`, matched by `.match`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.event import Direction
from pipeline.vocabulary.finding import RuleState
from pipeline.vocabulary.levels import Level
from processors.models.classifier import HEARD, LABELS
from processors.rules.verbs import Verbs


class Aim(StrEnum):
    """Whom the words must be about before a rule finds anything.

    person: a registered councillor or officer, or their family; without one there is no finding. councillor: the
    same, but officers do not count. someone: a person where
    one can be told, else the finding stands without. group: the council or its people as a body. anyone: nobody is
    looked for. author: the councillor whose account it is.
    """

    PERSON = "person"
    COUNCILLOR = "councillor"
    SOMEONE = "someone"
    GROUP = "group"
    ANYONE = "anyone"
    AUTHOR = "author"


class Situation(StrEnum):
    """Rows of the level table for threats, in words people read."""

    DEATH = "threat to life"
    RAPE = "threat of rape"
    FIRE = "threat of fire"
    INJURY = "threat of serious injury"
    BEATING = "threat of a beating"
    VEILED = "veiled threat"
    WISH = "wish that harm comes"
    PROPERTY = "threat to property"
    HYPERBOLE = "violent figure of speech"
    NONE = ""


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a classifier must hear in the text beside a rule's words: a label's score, or that of a category that the
    built-in model hears (`processors.models.classifier.HEARD`), at least so high.
    """

    label: str
    least: Annotated[float, msgspec.Meta(gt=0, le=1)]

    def __post_init__(self) -> None:
        """Refuse a label that no classifier gives."""
        if self.label not in (*LABELS, *HEARD):
            raise ValueError(f"score: label is {self.label!r}: give one of {', '.join((*LABELS, *HEARD))}")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. patterns read the folded text with names put as tokens; `<name>` stands for a lexicon entry.

    detector names the reader that judges the match (processors.detectors). level holds for what the public writes,
    level_outbound for what a council or councillor account writes; paragraphs likewise. unless: patterns that clear the
    whole text, near: that clear the sentence. needs: one of them must stand in the text too. beside: of each list one
    must stand in the sentence or those next to it. score: what a classifier must hear as well. doubt: its words stand
    in much harmless talk, so where a classifier hears harm less surely than this, nobody is paged. aggravators: codes
    the words carry by themselves. quoted: whether the rule also reads quotations and reports. promised: what it finds
    is said to come, so that where it depends on something, the threat is a conditional one. hits and misses are the
    rule's own examples: texts, with a mark in brackets for where they stand (see `processors.rules.examples`).
    """

    id: str
    detector: str
    category: Category
    paragraphs: tuple[str, ...]
    level: Level
    patterns: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    reason: str
    owner: str
    effective_from: date
    version: int = 1
    state: RuleState = RuleState.LIVE
    directions: tuple[Direction, ...] = (Direction.INBOUND, Direction.OUTBOUND)
    aim: Aim = Aim.PERSON
    situation: Situation = Situation.NONE
    paragraphs_outbound: tuple[str, ...] = ()
    level_outbound: Level | None = None
    category_outbound: Category | None = None
    unless: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()
    score: Score | None = None
    doubt: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
    aggravators: tuple[str, ...] = ()
    quoted: bool = False
    promised: bool = False

    def reads(self, direction: Direction) -> bool:
        """Return whether the rule reads what is written in this direction."""
        return self.state is not RuleState.OFF and direction in self.directions

    def level_for(self, direction: Direction) -> Level:
        """Return the level the rule gives before anything raises or lowers it."""
        return self.level_outbound or self.level if direction is Direction.OUTBOUND else self.level

    def paragraphs_for(self, direction: Direction) -> tuple[str, ...]:
        """Return the paragraphs, the main one first."""
        return self.paragraphs_outbound or self.paragraphs if direction is Direction.OUTBOUND else self.paragraphs

    def category_for(self, direction: Direction) -> Category:
        """Return the category: the same words can be abuse from a resident and offensive language from a councillor."""
        return self.category_outbound or self.category if direction is Direction.OUTBOUND else self.category


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words and phrases by name. version is the lexicon's own. cues are what the reading of sentences looks for, verbs
    what is inflected, spellings what a plain word is also written as.
    """

    version: str
    words: Mapping[str, tuple[str, ...]] = {}
    cues: Mapping[str, tuple[str, ...]] = {}
    verbs: Mapping[str, Verbs] = {}
    spellings: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class RuleSet:
    """Rules as they are written, those that are off among them, with their lexicon; nothing is compiled.

    files: the file of each rule by its id. states: what is set for rules that are built in (`built_in.BUILT_IN`). own:
    ids of the council's own rules. tried: whether the others are known to compile, with this lexicon.
    """

    rules: tuple[Rule, ...]
    lexicon: Lexicon
    version: str
    files: Mapping[str, str]
    states: Mapping[str, RuleState] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    tried: bool = False

    def all_running(self) -> "RuleSet":
        """Return the same with every rule that is off as a shadow rule, so that it can be tried."""
        rules = (
            msgspec.structs.replace(one, state=RuleState.SHADOW) if one.state is RuleState.OFF else one
            for one in self.rules
        )
        states = {name: RuleState.SHADOW if one is RuleState.OFF else one for name, one in self.states.items()}
        return replace(self, rules=tuple(rules), states=states)

    def state_of(self, name: str) -> RuleState:
        """Return the state of a rule by its id, those that are built in among them; live for one nobody knows."""
        return next((one.state for one in self.rules if one.id == name), self.states.get(name, RuleState.LIVE))
