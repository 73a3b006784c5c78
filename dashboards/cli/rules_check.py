"""The checks of `parapet check` that look at rules and suppressions.

Beside the flow, for whoever changes a rule or a register.
"""

from collections.abc import Iterator
from contextlib import closing

from dashboards.cli.answers import Answered
from dashboards.cli.bootstrap import open_log
from dashboards.cli.places import registers_folder, rulebook_folder, utc_now
from pipeline.log.interface import LogUnavailable
from pipeline.registers.load import RegisterError, load_registers
from pipeline.registers.suppressions import Suppression
from pipeline.settings import Settings
from pipeline.vocabulary.finding import RuleState
from processors.correlate import OF_MANY
from processors.rules.built_in import BUILT_IN
from processors.rules.examples import failures
from processors.rules.load import RulebookError, compiled, read_rules
from processors.rules.seen import FEWEST, Seen


def check_rules(settings: Settings) -> Answered:
    """The rulebook can be read, the council's own rules with it, and every rule does what its own examples say."""
    try:
        rules = read_rules(own=rulebook_folder(settings))
        rulebook = compiled(rules)
    except RulebookError as error:
        return Answered("", tuple(error.problems))
    faults = tuple(f"{rules.files[one.rule]}: {one}" for one in failures(rulebook))
    own = f", {len(rules.own)} of them the council's own" if rules.own else ""
    words = f"{len(rulebook.rules)} rules{own}, version {rulebook.version}, every hit and miss as written"
    return Answered(words, faults)


def check_rule_use(settings: Settings) -> Answered:
    """What the log says of the rules: too common ones, silent ones, and what was kept back."""
    try:
        registers = load_registers(registers_folder(settings))
        rules = read_rules(own=rulebook_folder(settings))
    except (RegisterError, RulebookError):
        return Answered("not looked at: registers or rules have faults")
    try:
        with closing(open_log(settings)) as log:
            seen = Seen(log)
            seen.read(registers)
    except LogUnavailable:
        return Answered("not looked at: the log cannot be read")
    uses = {**seen.shadow, **seen.live}
    total = sum(one.findings for one in uses.values())
    notes = [
        f"{name} is too common: {one.findings} of {total} findings: `parapet rules report`"
        for name, one in uses.items()
        if seen.common(one.findings)
    ]
    silent = [one.id for one in rules.rules if one.id not in uses and one.state is not RuleState.OFF]
    if total >= FEWEST and silent:
        notes.append(f"{len(silent)} rules found nothing in the last 14 days: `parapet rules report` names them")
    kept = sum(one.findings for one in seen.hidden.values())
    words = f"{total} findings in the log, {kept} hidden by suppressions; `parapet rules report` says more"
    return Answered(words, notes=tuple(notes))


def check_suppressions(settings: Settings) -> Answered:
    """Suppressions name rules that there are; those that have expired are told."""
    try:
        held = load_registers(registers_folder(settings)).suppressions
        known = {*read_rules(own=rulebook_folder(settings)).files, *BUILT_IN}
    except (RegisterError, RulebookError):
        return Answered("not looked at: registers or rules have faults")
    faults = tuple(_unknown(held, known))
    expired = [one for one in held if one.expires_at <= utc_now()]
    notes = tuple(
        f"suppressions.json: {one.ref!r} expired on {one.expires_at:%-d %B %Y} and does nothing: "
        f"take it out, or have {one.owner} give it another date"
        for one in expired
    )
    return Answered(f"{len(held) - len(expired)} in force, {len(expired)} expired", faults, notes)


def _unknown(held: tuple[Suppression, ...], known: set[str]) -> Iterator[str]:
    for one in held:
        where = f"suppressions.json: {one.ref!r}: rules"
        for rule in one.rules:
            if rule in OF_MANY:
                yield f"{where}: {rule} counts what others found: name those rules, or the account"
            elif rule not in known:
                yield f"{where}: {rule!r} is no rule: `parapet rules list` names them all"
