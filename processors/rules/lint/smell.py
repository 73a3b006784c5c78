"""What lint says of a rulebook, and what it looks at. Read by every module of `processors.rules.lint`."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.registers.types import Registers
from processors.reading.tone import all_heard
from processors.rules.examples import sample_registers
from processors.rules.load import LEXICON_FILE, compiled
from processors.rules.model import Rule, RuleSet
from processors.rules.patterns import Pattern, compile_pattern, spell_out
from processors.screener import Listening, Screener

WRITTEN = ("patterns", "unless", "near", "needs")
"""Fields of a rule that hold patterns."""


@dataclass(frozen=True)
class Smell:
    """One thing that lint says: where, what, and the cure. A fault is surely wrong; the rest is to be looked at."""

    where: str
    words: str
    fault: bool = False
    rule: str | None = None

    def __str__(self) -> str:
        """Return it in a line."""
        return f"{self.where}: {self.words}"


@dataclass(frozen=True)
class Subject:
    """What is looked at: a rulebook, what it is compared with, ordinary talk, and the registers of this council."""

    rules: RuleSet
    base: RuleSet | None = None
    talk: tuple[str, ...] = ()
    registers: Registers | None = None

    @cached_property
    def _ready(self) -> dict[str, Pattern]:
        return {}

    @cached_property
    def screener(self) -> Screener:
        """Return what screens by all rules, those that are off as well, in the borough of the examples."""
        rulebook = compiled(self.rules.all_running())
        return Screener(sample_registers(), rulebook, tone=Listening(all_heard, None))

    def compiled(self, pattern: str) -> Pattern:
        """Return one pattern ready to match."""
        known = self._ready.get(pattern)
        if known is None:
            known = self._ready[pattern] = compile_pattern(spell_out(pattern, self.rules.lexicon.words))
        return known

    def smell(self, rule: Rule, field: str, words: str, *, fault: bool = False) -> Smell:
        """Return what is to be said of a rule's field."""
        return Smell(f"{self.rules.files[rule.id]}: rule {rule.id!r}: {field}", words, fault, rule.id)

    def word_smell(self, name: str, words: str) -> Smell:
        """Return what is to be said of a name of the lexicon."""
        return Smell(f"{LEXICON_FILE}: {name}", words)
