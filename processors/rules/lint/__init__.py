"""Lint of a rulebook: faults and smells that a rule can have though it loads. LINTS lists all of them.

Beside the flow, for `parapet rules lint`. What keeps a rulebook from loading is told by `processors.rules.load`.
"""

from collections.abc import Callable, Iterable

from processors.rules.lint import entries, patterns
from processors.rules.lint.smell import Smell, Subject

LINTS: tuple[Callable[[Subject], Iterable[Smell]], ...] = (
    patterns.empty,
    patterns.never_folded,
    entries.versions,
    entries.found_by_others,
    entries.names_of_people,
    patterns.broad,
    patterns.finds_talk,
    patterns.unreachable,
    patterns.untried,
    entries.words_unused,
    entries.identities,
    entries.few_examples,
)
"""Every check, those that find faults first."""


def lint(subject: Subject) -> list[Smell]:
    """Return all that is to be said of a rulebook, faults first."""
    return sorted((one for check in LINTS for one in check(subject)), key=lambda one: not one.fault)
