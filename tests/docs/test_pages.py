"""Guards of the docs: pages made from the code are current, links lead somewhere, everything has its entry."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.cli.main import COMMANDS
from infra.pages import DOCS, PAGES
from processors.stages import STAGES

ROOT = DOCS.parent
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize(("name", "made"), PAGES.items(), ids=list(PAGES))
def test_pages_made_from_the_code_are_current(name: str, made: Callable[[], str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == made(), "make docs writes it anew"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_the_docs_exist(page: Path) -> None:
    names = {listed.name for listed in COMMANDS}
    named = set(re.findall(r"`(?:\.venv/bin/)?parapet ([a-z][a-z-]*)", page.read_text(encoding="utf-8")))
    assert named - names == set()


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = _LINK.findall(page.read_text(encoding="utf-8"))
        ahead += [page.parent / link for link in links if "://" not in link and (page.parent / link).is_file()]
    assert [str(page) for page in WRITTEN if page.resolve() not in reached] == []


def test_every_stage_is_explained() -> None:
    flow = (DOCS / "developers" / "README.md").read_text(encoding="utf-8")
    assert [stage.name for stage in STAGES if f"| {stage.name} |" not in flow] == []


def test_every_make_target_is_explained_by_make() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert [one for one in phony[1].split() if not re.search(rf"^{one}:.*## \w", text, re.MULTILINE)] == []
