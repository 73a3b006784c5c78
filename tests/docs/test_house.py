"""Guards of the house style that no linter holds: lengths, docstrings, names, and words councils do not use."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "processors", "dashboards", "infra", "bench", "tests")
SHIPPED = ("pipeline", "processors", "dashboards", "infra", "bench")
MODULE_LINES, FUNCTION_LINES, PARAMETERS = 300, 50, 6
WRONG_NAMES = re.compile(r"(utils?|helpers?|manager|base|common|misc)\.py$")
WRONG_WORDS = re.compile(r"\b(offenders?|violations?|perpetrators?|trolls?)\b", re.IGNORECASE)


def modules(packages: tuple[str, ...]) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(PACKAGES), ids=shown)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    functions = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [one.name for one in functions if (one.end_lineno or 0) - one.lineno + 1 > FUNCTION_LINES]
    many = [one.name for one in functions if len(one.args.args) + len(one.args.kwonlyargs) > PARAMETERS]
    assert (long, many) == ([], [])


@pytest.mark.parametrize("path", modules(SHIPPED), ids=shown)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", modules(SHIPPED), ids=shown)
def test_modules_are_named_for_what_they_hold(path: Path) -> None:
    assert WRONG_NAMES.search(path.name) is None


@pytest.mark.parametrize("path", modules(SHIPPED), ids=shown)
def test_the_councils_words_are_used(path: Path) -> None:
    assert WRONG_WORDS.findall(path.read_text(encoding="utf-8")) == []
