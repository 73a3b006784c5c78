"""docs/guidance.md: for every paragraph of the Guidance what is detected or supported, by what, how well, and what is
missing.

Beside the flow, outside the distribution; `make docs` writes it. Rules and detectors come from the code
(processors.coverage), words from guidance_support.toml, figures from infra/figures, which `make figures` measures.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from infra.markdown import table
from pipeline.guidance import GUIDANCE_VERSION, PARAGRAPHS, Paragraph
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.finding import RuleState
from processors.coverage import Finder, by_category, by_paragraph, finders
from processors.evaluate import share
from processors.rules.load import read_rulebook

HERE = Path(__file__).parent
ROOT = HERE.parent
FIGURES = HERE / "figures"
DASH = "–"
FEW = 4
"""More rules of one family than this are named as one."""


class Support(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done for one paragraph, where it stands, and what is missing; empty where there is nothing to say."""

    id: str
    does: str
    where: tuple[str, ...] = ()
    missing: str = ""


class NoRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A category that no rule or detector can have, with the reason."""

    category: Category
    reason: str


class SupportFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """guidance_support.toml."""

    paragraph: tuple[Support, ...]
    no_rule: tuple[NoRule, ...] = ()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one labelled set, as `parapet evaluate --json` prints them."""

    labelled: str
    date: str
    lines: int
    disputed: int
    paragraph: Mapping[str, Mapping[str, int]]
    kind: Mapping[str, Mapping[str, int]]


@cache
def support() -> SupportFile:
    """Return the words. Raises msgspec.ValidationError naming the field."""
    return msgspec.convert(tomllib.loads((HERE / "guidance_support.toml").read_text(encoding="utf-8")), SupportFile)


def read_figures(name: str) -> Figures:
    """Return the measured figures of a set: second_set or examples."""
    return msgspec.convert(json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8")), Figures)


def parts() -> Sequence[str]:
    """Return the parts of the page, the heading apart."""
    second, examples = read_figures("second_set"), read_figures("examples")
    found = finders(read_rulebook())
    told = {one.id: one for one in support().paragraph}
    return (
        _INTRODUCTION,
        f"*Set 2* is the second labelled set (`tests/data/second_set`): {second.lines} lines counted, and "
        f"{second.disputed} disputed ones left out, measured {second.date}. *Set 1* is the shared "
        f"examples: {examples.lines} lines, measured {examples.date}; rules were written with set 1 in view, so its "
        "figures say little.",
        table(
            ("", "mode", "what is detected or supported", "by", "set 2: precision, recall", "set 1", "missing"),
            [_row(one, told[one.id], found, (second, examples)) for one in PARAGRAPHS.values()],
        ),
        "Rules in *italics* are in state shadow: recorded, tell nobody. All others are live. [All rules](rules.md).",
        "## By category",
        "Every category that a finding can have, and what finds it.",
        table(("category", "in words", "found by"), [_category(one, found) for one in Category]),
        "## False alarms by kind",
        _kinds(second),
    )


_INTRODUCTION = f"""\
For every paragraph of the Social Media Guidance for Councillors: what Parapet detects or supports, by what, in which
state, how well, and what is missing. **detect**: software raises a finding. **assist**: it prepares, a person judges.
**duty**: an obligation of the system or the Council. **info**: scope and wording. Version of the Guidance:
{GUIDANCE_VERSION}; its wording: [paragraphs](paragraphs.md). How serious a threat is: [levels](levels.md).

**Precision** is how many of the findings that rest on the paragraph the labels expect, **recall** how many of the
expected findings are found under that paragraph; {DASH} means that no line has it. `make figures` measures anew, and a
test fails when set 2 has moved."""


def _row(
    paragraph: Paragraph, told: Support, found: Sequence[Finder], figures: tuple[Figures, Figures]
) -> tuple[str, ...]:
    rules = _names(by_paragraph(found, paragraph.id))
    files = ", ".join(f"[{Path(one).name}]({_link(one)})" for one in told.where)
    return (
        f"**{paragraph.id}** {paragraph.title}",
        paragraph.mode,
        told.does or DASH,
        "; ".join(one for one in (rules, files) if one) or DASH,
        *(_measured(one.paragraph.get(paragraph.id)) for one in figures),
        told.missing,
    )


def _names(found: Sequence[Finder]) -> str:
    """Return finders by name; many of one family and state as one word with their number (docs/rules.md lists them)."""
    families = Counter((one.rule.partition(".")[0], one.state) for one in found)
    names: dict[str, None] = {}
    for one in found:
        family = (one.rule.partition(".")[0], one.state)
        many = families[family] > FEW
        names[_styled(f"{family[0]}.*", one.state) + f" ({families[family]} rules)" if many else _name(one)] = None
    return ", ".join(names)


def _name(finder: Finder) -> str:
    return _styled(finder.rule, finder.state)


def _styled(name: str, state: RuleState) -> str:
    return f"*{name}*" if state is RuleState.SHADOW else f"`{name}`"


def _link(file: str) -> str:
    return file.removeprefix("docs/") if file.startswith("docs/") else f"../{file}"


def _measured(counts: Mapping[str, int] | None) -> str:
    if counts is None:
        return DASH
    held = Counter(counts)
    return f"{_part(held['right'], held['given'])}, {_part(held['found'], held['wanted'])}"


def _part(found: int, of: int) -> str:
    part = share(found, of)
    return DASH if part is None else f"{part:.0%} of {of}"


def _category(category: Category, found: Sequence[Finder]) -> tuple[str, str, str]:
    by = _names(by_category(found, category))
    reason = next((one.reason for one in support().no_rule if one.category is category), "")
    return f"`{category}`", category.label, by or reason


def _kinds(figures: Figures) -> str:
    clean = sum(one["clean"] for one in figures.kind.values())
    false = {kind: one for kind, one in figures.kind.items() if one["found"]}
    found, alerts = (sum(one[name] for one in false.values()) for name in ("found", "alert"))
    head = (
        f"Set 2 holds {clean} lines that expect nothing, of {len(figures.kind)} kinds. {found} of them have a finding, "
        f"{alerts} an alert."
    )
    if not false:
        return head
    rows = [(f"`{kind}`", f"{one['found']} of {one['clean']}", str(one["alert"])) for kind, one in false.items()]
    return head + "\n\n" + table(("kind of line", "with a finding", "with an alert"), rows)
