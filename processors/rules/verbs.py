"""Verbs of a lexicon crossed with their objects: from `string up` to strings him up, wants stringing up, was strung up.

Read when the rulebook is loaded. `[verbs.NAME]` of a lexicon file has `object`, what the verbs act on, and `entries`:

- `kill` takes the object after it;
- `string up` takes it on either side of the second part;
- `put {<who>} in hospital` has an object of its own in braces; `kick/stamp {<your> head} in` stands for two verbs.

`<NAME.do>` and its fellows (FORMS) then stand for all of them in patterns.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from processors.rules.inflect import gerund, participle, past, third

PERSON = "<who>"
"""The object that a passive leaves out: 'he gets strung up', where others stand before: 'his head kicked in'."""

FORMS: Mapping[str, str] = {
    "do": "kill him; break his leg",
    "does": "kills him; breaks his leg",
    "did": "killed him; broke his leg",
    "doing": "killing him; breaking his leg",
    "done": "(was) killed; (gets) his leg broken",
    "needing": "(wants) killing; (needs) his leg breaking",
    "bare": "kill; break",
    "word": "kill, kills, killed, killing: any form of the verb alone",
}
"""What each form stands for."""
_VERB: Mapping[str, Callable[[str], str]] = {
    "do": str,
    "does": third,
    "did": past,
    "doing": gerund,
    "done": participle,
    "needing": gerund,
    "bare": str,
    "word": str,
}
_BRACES = re.compile(r"\{\d[\d,]*\}|[{}]")
"""Braces, and counts such as `{0,2}`, which are none."""


class Verbs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One list of verbs and what they act on where an entry says nothing else."""

    object: str
    entries: tuple[str, ...]


class _Shape(msgspec.Struct, frozen=True):
    """What stands around a verb: words before the object, the object, words after it; particle: whether they move.

    may_end: the words after it may be absent, as in `kick {<your> head}(?: in)?`.
    """

    before: str
    thing: str
    after: str
    particle: bool
    may_end: bool = False

    def kind(self) -> tuple[object, ...]:
        """Return what shapes share whose verbs and words are put together, so that their object is written once."""
        return self.thing, bool(self.before), bool(self.after), self.particle, self.may_end


def verb_forms(name: str, verbs: Verbs) -> dict[str, tuple[str, ...]]:
    """Return lexicon entries `name.form` for every form."""
    kinds: dict[tuple[object, ...], list[tuple[str, _Shape]]] = {}
    for entry in verbs.entries:
        for verb, shape in _read(entry, verbs.object):
            kinds.setdefault(shape.kind(), []).append((verb, shape))
    forms = {f"{name}.{form}": tuple(_spelled(form, kinds.values())) for form in FORMS if form != "word"}
    alone = dict.fromkeys(make(verb) for kind in kinds.values() for verb, _ in kind for make in _VERB.values())
    return {**forms, f"{name}.word": tuple(alone)}


def _read(entry: str, thing: str) -> Iterable[tuple[str, _Shape]]:
    """Yield each verb of an entry with what stands around it."""
    before, held, after = _parted(entry)
    for one in before.split("/") if held else [entry]:
        verb, _, rest = one.strip().partition(" ")
        yield verb, _own(rest, held, after) if held else _Shape("", thing, rest, particle=bool(rest))


def _own(before: str, held: str, after: str) -> _Shape:
    """Return the shape of an entry in braces."""
    if not (after.startswith("(?: ") and after.endswith(")?")):
        return _Shape(before, held, after, particle=False)
    return _Shape(before, held, "(?:" + after[4:-2].replace("| ", "|") + ")", particle=False, may_end=True)


def _parted(entry: str) -> tuple[str, str, str]:
    """Return what stands before, in and after an entry's braces; nothing in them where it has none."""
    depth, first = 0, -1
    for found in _BRACES.finditer(entry):
        sign = found.group()
        if sign == "{":
            first = found.start() if depth == 0 else first
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return entry[:first].strip(), entry[first + 1 : found.start()].strip(), entry[found.end() :].strip()
    return entry, "", ""


def _spelled(form: str, kinds: Iterable[list[tuple[str, _Shape]]]) -> Iterable[str]:
    for kind in kinds:
        first = kind[0][1]
        verb = _any(_VERB[form](verb) for verb, _ in kind)
        before, after = _any(shape.before for _, shape in kind), _any(shape.after for _, shape in kind)
        for parts in _orders(form, verb, _Shape(before, first.thing, "" if first.may_end else after, first.particle)):
            spelled = " ".join(part for part in parts if part)
            yield f"{spelled}(?: {after})?" if first.may_end else spelled


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of some words; none where all are empty."""
    different = [one for one in dict.fromkeys(words) if one]
    return "(?:" + "|".join(different) + ")" if different else ""


def _orders(form: str, verb: str, shape: _Shape) -> Iterable[tuple[str, ...]]:
    if form in {"done", "needing"}:
        moved = "" if shape.thing == PERSON else shape.thing
        return [(moved, verb, shape.before, shape.after)]
    if form == "bare":
        return [(verb, shape.before, shape.after)]
    order = (verb, shape.before, shape.thing, shape.after)
    return [order, (verb, shape.after, shape.thing)] if shape.particle else [order]
