"""Rules as an officer writes them, for tests: a harmless one, any field of which can be changed."""

from pathlib import Path

from processors.rules.load import LEXICON_FILES, SHIPPED

RULE = """
[[rule]]
id = "{id}"
detector = "{detector}"
category = "{category}"
paragraphs = ["{paragraph}"]
level = "{level}"
owner = "{owner}"
effective_from = 2026-11-01
aim = "{aim}"
state = "{state}"
version = {version}
reason = "{reason}"
patterns = ["{pattern}"]
hits = ["{hit}"]
misses = ["{miss}"]
"""
HARMLESS = {
    "id": "test.one",
    "detector": "words",
    "category": "abuse",
    "paragraph": "6.1",
    "level": "low",
    "owner": "monitoring_officer",
    "aim": "anyone",
    "state": "live",
    "version": "1",
    "reason": "a test",
    "pattern": "blue heron",
    "hit": "A blue heron",
    "miss": "nothing of the kind",
}


def a_rule(**fields: str) -> str:
    """Return the TOML of a rule that finds a blue heron, changed by field."""
    return RULE.format(**(HARMLESS | fields))


def own_rules(folder: Path, *rules: str, name: str = "own.toml") -> Path:
    """Write a council's own rules, and return their folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(rules), encoding="utf-8")
    return folder


def whole_rulebook(folder: Path, *rules: str) -> Path:
    """Write a rulebook that stands alone, with the lexicon that ships, and return its folder."""
    own_rules(folder, *rules, name="test.toml")
    for path in SHIPPED.glob(LEXICON_FILES):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
