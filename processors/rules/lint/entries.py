"""Lint of what stands beside the patterns: ids, versions, owners, dates, examples, names of the lexicon."""

import re
from collections.abc import Iterator

from pipeline.vocabulary.finding import RuleState
from pipeline.vocabulary.levels import Role
from processors.rules.compare import rule_changes
from processors.rules.examples import example_event, failures
from processors.rules.lint.smell import WRITTEN, Smell, Subject
from processors.rules.load import compiled, read_rules

FEW = 2
_ID = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+")
_NAME = re.compile(r"<([a-z_]+)>")
OWNERS = tuple(Role)


def versions(subject: Subject) -> Iterator[Smell]:
    """Rules that differ from the base under the same version, or are gone from it."""
    if subject.base is None:
        return
    by_id = {one.id: one for one in subject.rules.rules}
    for change in rule_changes(subject.base, subject.rules):
        if change.unraised:
            words = f"is {change.after} as in the base, but {', '.join(change.fields)} changed: raise it by one"
            yield subject.smell(by_id[change.rule], "version", words, fault=True)
        elif change.what == "removed":
            words = "is in the base and gone here: set its state to off, so that old findings can be explained"
            yield Smell(f"rule {change.rule!r}", words, rule=change.rule)


def identities(subject: Subject) -> Iterator[Smell]:
    """Ids that are not written as the others, owners that are no role, dates that nothing waits for."""
    for rule in subject.rules.rules:
        if not _ID.fullmatch(rule.id):
            yield subject.smell(rule, "id", "write it as kind.what, in lower case, such as abuse.numpty")
        if rule.owner not in OWNERS:
            yield subject.smell(rule, "owner", f"{rule.owner!r} is no role: write one of {', '.join(OWNERS)}")


def few_examples(subject: Subject) -> Iterator[Smell]:
    """Rules that are tried on one hit or one miss."""
    for rule in subject.rules.rules:
        for field in ("hits", "misses"):
            if len(getattr(rule, field)) < FEW:
                yield subject.smell(rule, field, f"only {len(getattr(rule, field))}: write at least {FEW}")


def found_by_others(subject: Subject) -> Iterator[Smell]:
    """Hits that the rule does not find, and others do; rules all of whose hits others find as seriously."""
    rules = {one.id: one for one in subject.rules.rules}
    wrong = [one for one in failures(compiled(subject.rules.all_running())) if one.field == "hits"]
    for one in wrong:
        if one.others:
            words = f"only {', '.join(one.others)} finds it: correct the patterns, or give it to that rule"
            yield subject.smell(rules[one.rule], f"hits[{one.number}]", words, fault=True)
    failing = {one.rule for one in wrong}
    for rule in subject.rules.rules:
        if rule.id in failing or rule.state is RuleState.OFF:
            continue
        others = [_as_serious(subject, rule.id, hit) for hit in rule.hits]
        if all(others):
            names = ", ".join(sorted({name for found in others for name in found}))
            yield subject.smell(rule, "hits", f"all are found as seriously by {names}: it adds nothing to those")


def _as_serious(subject: Subject, rule: str, hit: str) -> set[str]:
    """Return the other rules that find a hit as seriously, in the same category, if the rule finds it at all."""
    event = example_event(hit)
    alone = subject.screener.alone(event, rule)
    if not alone:
        return set()
    worst = max(alone, key=lambda one: one.level.rank)
    candidates = {match.rule.id for _, match in subject.screener.case(event).matches} - {rule}
    found = [one for name in candidates for one in subject.screener.alone(event, name)]
    return {one.rule for one in found if one.category is worst.category and one.level.rank >= worst.level.rank}


def words_unused(subject: Subject) -> Iterator[Smell]:
    """Names of the lexicon that no pattern asks for, and own cues that nothing reads."""
    lexicon = subject.rules.lexicon
    written = [one for rule in subject.rules.rules for field in WRITTEN for one in getattr(rule, field)]
    written += [one for entries in (*lexicon.words.values(), *lexicon.cues.values()) for one in entries]
    asked = {name for one in written for name in _NAME.findall(one)}
    for name in lexicon.words:
        if name not in asked:
            yield subject.word_smell(f"[words] {name}", "no pattern asks for it: take it out, or write <name> in one")
    read = read_rules().lexicon.cues
    for name in lexicon.cues:
        if name not in read and not name.startswith("scope_"):
            yield subject.word_smell(f"[cues] {name}", "nothing reads a cue of this name: see docs/rule-authors")


def names_of_people(subject: Subject) -> Iterator[Smell]:
    """Own patterns that hold a councillor's name: the reader has put a token in its place before they are matched."""
    if subject.registers is None:
        return
    names = {part.lower() for one in subject.registers.councillors for part in one.name.split() if len(part) > 3}
    for rule in subject.rules.rules:
        for number, pattern in enumerate(rule.patterns, start=1):
            held = sorted(names & set(re.findall(r"[a-z]+", pattern))) if rule.id in subject.rules.own else []
            if held:
                words = f"holds the name of a councillor ({', '.join(held)}), which never matches: write xqp"
                yield subject.smell(rule, f"patterns[{number}]", words, fault=True)
