"""Rulebooks of any size for the benchmark: the shipped rules, and beyond them copies of the same shape in other words.

A copy keeps everything of its rule but the words that are not among the common ones; those, and those of the lexicon
entries it names, are spelled otherwise. So it begins with the same `I will` and `you are` as its rule does, and costs
as much to look for.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from pipeline.text.common_words import common_words
from processors.rules.match import Rulebook
from processors.rules.model import Lexicon, Rule

_PIECE = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|<([a-z_]+(?:\.[a-z]+)?)>|([a-z]{4,})")
_OTHERS = ("bdfgklmnprstvz", "aeiou")


def rulebook_of(shipped: Rulebook, many: int) -> Rulebook:
    """Return a rulebook of so many rules, made of the shipped ones; fewer are spread evenly over them."""
    rules = shipped.rules
    if many <= len(rules):
        chosen = [rules[at * len(rules) // many] for at in range(many)]
        return Rulebook(chosen, shipped.lexicon, f"bench-{many}")
    words = dict(shipped.lexicon.words)
    made = list(rules)
    for number in range(len(rules), many):
        round_, at = divmod(number, len(rules))
        if at == 0:
            words |= _spelled_otherwise(shipped.lexicon.words, round_)
        made.append(_copy(rules[at], round_))
    lexicon = Lexicon(version=shipped.lexicon.version, words=words, cues=shipped.lexicon.cues)
    return Rulebook(made, lexicon, f"bench-{many}")


def _copy(rule: Rule, round_: int) -> Rule:
    return msgspec.structs.replace(
        rule,
        id=f"{rule.id}.copy-{round_}",
        patterns=_others(rule.patterns, round_),
        unless=_others(rule.unless, round_),
        near=_others(rule.near, round_),
        needs=_others(rule.needs, round_),
    )


def _spelled_otherwise(words: Mapping[str, tuple[str, ...]], round_: int) -> dict[str, tuple[str, ...]]:
    return {f"{'x' * round_}_{name}": _others(entries, round_) for name, entries in words.items()}


def _others(patterns: Iterable[str], round_: int) -> tuple[str, ...]:
    def other(found: re.Match[str]) -> str:
        name, word = found.groups()
        if name is not None:
            return f"<{'x' * round_}_{name}>"
        if word is None or word in common_words():
            return found.group()
        return "".join(_letter(letter, round_) for letter in word)

    return tuple(_PIECE.sub(other, one) for one in patterns)


def _letter(letter: str, round_: int) -> str:
    for group in _OTHERS:
        if letter in group:
            return group[(group.index(letter) + round_) % len(group)]
    return letter
