"""English verb forms made by code from the base form, so that a lexicon lists a verb once.

Read when the rulebook is loaded: `<harm.did>` in a pattern is every past form of the verbs of that name. A form is a
piece of pattern: variants stand as alternatives, and an -ing also loses its g, as people write it.
"""

import re

_IRREGULAR: dict[str, tuple[str, str]] = {
    "beat": ("beat", "beaten|beat"), "bite": ("bit", "bitten|bit"), "bleed": ("bled", "bled"),
    "blow": ("blew", "blown"), "break": ("broke", "broken|broke|bust"), "bring": ("brought", "brought"),
    "burn": ("burn(?:ed|t)", "burn(?:ed|t)"), "burst": ("burst", "burst"), "bust": ("bust(?:ed)?", "bust(?:ed)?"),
    "buy": ("bought", "bought"), "catch": ("caught", "caught"), "choose": ("chose", "chosen"),
    "come": ("came", "come"), "cost": ("cost", "cost"), "cut": ("cut", "cut"), "dig": ("dug", "dug"),
    "do": ("did", "done"), "drive": ("drove", "driven"),
    "feed": ("fed", "fed"), "fight": ("fought", "fought"), "find": ("found", "found"), "get": ("got", "got(?:ten)?"),
    "give": ("gave", "given"), "go": ("went", "gone"), "hang": ("hung|hanged", "hung|hanged"), "have": ("had", "had"),
    "hit": ("hit", "hit"), "hold": ("held", "held"), "hurt": ("hurt", "hurt"), "keep": ("kept", "kept"),
    "know": ("knew", "known"), "lay": ("laid", "laid"), "leave": ("left", "left"), "let": ("let", "let"),
    "light": ("lit", "lit"), "lose": ("lost", "lost"), "make": ("made", "made"), "mow": ("mowed", "mown|mowed"),
    "pay": ("paid", "paid"), "put": ("put", "put"), "run": ("ran", "run"),
    "saw": ("sawed", "sawn|sawed"), "see": ("saw", "seen"), "send": ("sent", "sent"), "set": ("set", "set"),
    "shoot": ("shot", "shot"), "show": ("showed", "shown"),
    "slay": ("slew", "slain"), "slit": ("slit", "slit"),
    "speak": ("spoke", "spoken"), "split": ("split", "split"), "stave": ("stove|staved", "stove|staved"),
    "stick": ("stuck", "stuck"), "string": ("strung", "strung"), "strike": ("struck", "struck"),
    "swing": ("swung", "swung"), "take": ("took", "taken|took"), "teach": ("taught", "taught"),
    "tear": ("tore", "torn|tore"), "throw": ("threw", "thrown|threw"), "wring": ("wrung", "wrung"),
    "write": ("wrote", "written"),
}  # fmt: skip
_DOUBLES = frozenset({"kneecap", "kidnap", "horsewhip", "pummel", "shovel"})
_ONE_BEAT = re.compile(r"[^aeiou]*[aeiou][bdfgklmnprt]")
_LAST_PART = re.compile(r"[^a-z]+")
"""Of `fly-?tip` or `skull-?drag` the last part decides."""
_HISSES = ("s", "x", "z", "ch", "sh")


def third(verb: str) -> str:
    """Return the form after he or she: kills, does, carries."""
    if verb in {"do", "go"}:
        return verb + "es"
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(_HISSES) else "s")


def gerund(verb: str) -> str:
    """Return the -ing form: killing or killin, chopping, knifing."""
    return _stem(verb) + "in(?:g|')?"


def past(verb: str) -> str:
    """Return the past: killed; shot; hung or hanged."""
    return _IRREGULAR[verb][0] if verb in _IRREGULAR else _regular(verb)


def participle(verb: str) -> str:
    """Return the form after been or got: killed; taken; broken, and broke as it is said."""
    return _IRREGULAR[verb][1] if verb in _IRREGULAR else _regular(verb)


def _regular(verb: str) -> str:
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return _stem(verb) + "ed"


def _stem(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "y"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1]
    last = _LAST_PART.split(verb)[-1]
    if last in _DOUBLES or _ONE_BEAT.fullmatch(last):
        return verb + verb[-1]
    return verb
