"""The rulebook that reloads while a worker runs: the council's own rules count once all of them hold together.

Beside the flow: `current` is what `Parts.rulebook` calls. At a change the whole is read and tried before it counts: the
examples of the council's own rules, and every example where the council adds words (`processors.rules.tried`). With any
fault the last good rulebook goes on. At a start there is no last good one: then the council's own rules that fail
their examples are left out, and where the files cannot be used at all, the rules that ship go on alone, because a
worker that does not screen finds no threat. The log and `parapet check` name each fault.
"""

from collections.abc import Callable
from pathlib import Path

from pipeline.watch import Source, Watched
from processors.rules.examples import failures
from processors.rules.load import SHIPPED, RulebookError, compiled, load_rulebook, read_rules, toml_files
from processors.rules.match import Rulebook
from processors.rules.tried import Tried

TRIED_FILE = "rulebook.tried"


class WatchedRulebook:
    """The rules that ship with a council's own folder on top. Read when it is first asked for. Any thread may ask."""

    def __init__(self, own: Path, monotonic: Callable[[], float]) -> None:
        """Take the folder, which may be absent; monotonic gives seconds that never go back."""
        self._own, self._monotonic = own, monotonic
        self._watched: Watched[Rulebook] | None = None

    def current(self) -> Rulebook:
        """Return the rulebook as it stands now, or as it last held together."""
        return self._ready().current()

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the council's own rules as they stand, each with its cure."""
        return self._ready().problems()

    def _ready(self) -> Watched[Rulebook]:
        if self._watched is None:
            own, tried = self._own, Tried(self._own.with_name(TRIED_FILE))
            source = Source("rulebook", lambda: whole_rulebook(own, tried), lambda: toml_files(own), tells=True)
            self._watched = Watched(source, self._monotonic, lambda: first_rulebook(own))
        return self._watched


def whole_rulebook(own: Path, tried: Tried) -> Rulebook:
    """Return the rulebook in which every example that a start runs (`Tried`) comes out as it is written.

    Raises:
        RulebookError: with every fault; examples are named by their number, not by their words.
    """
    rules = read_rules(SHIPPED, own)
    rulebook = compiled(rules)
    wrong = tried.failures(rules, rulebook)
    if wrong:
        raise RulebookError([f"{rules.files[one.rule]}: {one.place()}" for one in wrong])
    return rulebook


def first_rulebook(own: Path) -> Rulebook:
    """Return the best there is to begin with: without own rules that fail, or the rules that ship alone."""
    try:
        rules = read_rules(SHIPPED, own)
        rulebook = compiled(rules)
    except RulebookError:
        return load_rulebook()
    failing = {one.rule for one in failures(rulebook)}
    return rulebook.without(failing) if failing <= rules.own else load_rulebook()
