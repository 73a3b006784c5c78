"""The register of suppressions: findings that an officer judged to be none are hidden, for a while and for a reason.

Read with the other registers; applied by `processors.suppressing`.
"""

from collections.abc import Container, Iterable
from datetime import datetime

import msgspec

from pipeline.vocabulary.categories import Category


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """What hides findings that an officer judged to be none, until it expires; never a critical one about a person.

    Each list that is given must name the finding: accounts (ids), rules (ids), categories, phrases (words that the
    finding's own words hold or overlap). everything: yes only where all lists are meant to be empty.
    """

    ref: str
    owner: str
    reason: str
    expires_at: datetime
    accounts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    phrases: tuple[str, ...] = ()
    everything: bool = False


def suppression_faults(held: Iterable[Suppression], accounts: Container[str]) -> list[str]:
    """Return what is wrong with suppressions, with field and cure; accounts are the ids that there are."""
    problems: list[str] = []
    for one in held:
        where = f"suppressions.json: {one.ref!r}"
        named = (*one.accounts, *one.rules, *one.categories, *one.phrases)
        problems += [
            f"{where}: {field} is empty: say {what}"
            for field, what in (("owner", "who answers for it"), ("reason", "why it hides what it hides"))
            if not getattr(one, field).strip()
        ]
        if one.expires_at.tzinfo is None:
            problems.append(f"{where}: expires_at has no zone: write an offset, such as +00:00")
        if not named and not one.everything:
            problems.append(f"{where}: it names no account, rule, category or phrase: name one, or say everything")
        if named and one.everything:
            problems.append(f"{where}: everything is said, and something is named as well: take one of them out")
        if any(not any(letter.isalnum() for letter in phrase) for phrase in one.phrases):
            problems.append(f"{where}: phrases holds one without a letter: write the words that are meant")
        problems += [
            f"{where}: accounts: {name!r} is not in accounts.json" for name in one.accounts if name not in accounts
        ]
    return problems
