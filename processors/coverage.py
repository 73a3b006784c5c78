"""What finds what: every rule of the rulebook, and every detector that works without one, by paragraph and category.

Beside the flow. `docs/guidance.md` is made from it, and tests hold it against the detectors' own code and against what
they find on the labelled sets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import RuleState
from processors.detectors.tone import MENACES, paragraphs_of
from processors.models.classifier import HEARD, HEARD_WITH_MORE
from processors.rules.match import Rulebook


@dataclass(frozen=True)
class Finder:
    """One rule or detector: the name its findings carry, and the categories and paragraphs they can have."""

    rule: str
    categories: tuple[Category, ...]
    paragraphs: tuple[str, ...]
    state: RuleState = RuleState.LIVE


DETECTED: tuple[Finder, ...] = (
    Finder("leak.topic", (Category.CONFIDENTIAL_LEAK,), ("5.2.11",)),
    Finder("leak.marking", (Category.CONFIDENTIAL_LEAK,), ("5.2.11",)),
    Finder("leak.document", (Category.CONFIDENTIAL_LEAK,), ("5.2.11",)),
    Finder("personal-data", (Category.PERSONAL_DATA,), ("5.2.10", "7.4")),
    Finder("personal-data.collects", (Category.PERSONAL_DATA,), ("7.1", "7.3.1")),
    Finder("personal-data.picture", (Category.PERSONAL_DATA,), ("7.4", "5.2.10")),
    Finder("account.taken_over", (Category.LOGIN_SHARING,), ("6.2",)),
    Finder("impersonation.name", (Category.IMPERSONATION,), ("6.2", "5.2.11")),
    Finder("harassment.contacts", (Category.HARASSMENT,), ("6.1",)),
    Finder("course-of-conduct", (Category.HARASSMENT,), ("6.1",)),
    Finder("repeated-scorn", (Category.BULLYING,), ("5.2.3", "5.2.2")),
    Finder("pile-on", (Category.HARASSMENT,), ("6.1",)),
    Finder("media.enquiry", (Category.MEDIA_ENQUIRY,), ("3.2",)),
    Finder("voice.council", (Category.SPEAKING_FOR_COUNCIL,), ("5.2.9", "3.2")),
    Finder("profile.capacity_unclear", (Category.CAPACITY_UNCLEAR,), ("2.4", "2.2")),
    Finder("profile.disclaimer_missing", (Category.DISCLAIMER_MISSING,), ("5.1", "2.4")),
    Finder("profile.contact_details", (Category.CONTACT_DETAILS,), ("4.3",)),
    Finder("profile.branding", (Category.BRANDING,), ("5.1", "5.2.11")),
    Finder("takedown.refused", (Category.TAKEDOWN_REFUSED,), ("8.2",)),
    Finder("sharing.amplification", (Category.AMPLIFICATION,), ("5.2.1",)),
    Finder("tone.identity_attack", (Category.HATE,), ("6.1",)),
    Finder("tone.threat", MENACES, ("6.1",)),
    Finder("tone.toxicity", (Category.ABUSE,), ("6.1",)),
    *(
        Finder(f"tone.{one}", (one,), tuple({paragraphs_of(one, outbound=out)[0]: None for out in (False, True)}))
        for one in HEARD
        if one not in HEARD_WITH_MORE
    ),
)
"""What finds without a rule of the rulebook: registers, forms with a check, counts, profiles, what is shared."""


def finders(rulebook: Rulebook) -> tuple[Finder, ...]:
    """Return every finder: the rules that run, in the rulebook's order, then the detectors."""
    return (*_rules(rulebook), *DETECTED)


def by_paragraph(all_finders: Sequence[Finder], paragraph: str) -> tuple[Finder, ...]:
    """Return the finders whose findings can rest on a paragraph."""
    return tuple(one for one in all_finders if paragraph in one.paragraphs)


def by_category(all_finders: Sequence[Finder], category: Category) -> tuple[Finder, ...]:
    """Return the finders whose findings can have a category."""
    return tuple(one for one in all_finders if category in one.categories)


def _rules(rulebook: Rulebook) -> Iterator[Finder]:
    """Yield the rules. The detector makes a direct threat of what its author says they will do themselves, and a
    conditional one of a direct threat that depends on something.
    """
    for rule in rulebook.rules:
        categories = dict.fromkeys(rule.category_for(direction) for direction in rule.directions)
        if rule.detector == "threats":
            categories |= dict.fromkeys((Category.THREAT_DIRECT, Category.THREAT_CONDITIONAL))
        paragraphs = dict.fromkeys(one for direction in rule.directions for one in rule.paragraphs_for(direction))
        yield Finder(rule.id, tuple(categories), tuple(paragraphs), rule.state)
