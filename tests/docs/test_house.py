"""Guards of the house style that no linter holds: lengths, docstrings, names, and words councils do not use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "processors", "dashboards", "infra", "bench", "tests")
SHIPPED = ("pipeline", "processors", "dashboards", "infra", "bench")
MODULE_LINES, FUNCTION_LINES, PARAMETERS = 300, 50, 6
WRONG_NAMES = re.compile(r"^(utils?|helpers?|manager|base|common|misc)\.py$")
WRONG_WORDS = re.compile(r"\b(offenders?|violations?|perpetrators?|trolls?)\b", re.IGNORECASE)


def modules(packages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def too_long(name: str, text: str) -> Iterator[str]:
    if text.count("\n") > MODULE_LINES:
        yield f"{name}: {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        parameters = len(node.args.args) + len(node.args.kwonlyargs)
        if lines > FUNCTION_LINES or parameters > PARAMETERS:
            yield f"{name}:{node.lineno} {node.name}: {lines} lines, {parameters} parameters"


def test_modules_and_functions_are_short() -> None:
    assert [fault for name, text in modules(PACKAGES) for fault in too_long(name, text)] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, text in modules(SHIPPED) if not ast.get_docstring(ast.parse(text))] == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert [name for name, _ in modules(SHIPPED) if WRONG_NAMES.search(Path(name).name)] == []


def test_the_councils_words_are_used() -> None:
    wrong = {name: WRONG_WORDS.findall(text) for name, text in modules(SHIPPED)}
    assert {name: words for name, words in wrong.items() if words} == {}


def test_the_measures_measure() -> None:
    long = "def one(a, b, c, d, e, f, g):\n" + "    pass\n" * 400
    assert len(list(too_long("sample.py", long))) == 2
