"""The Guidance that ships is whole, and a broken one is refused by name."""

import json
from pathlib import Path

import pytest

from pipeline.guidance import PARAGRAPHS, load_guidance

CATALOGUE = Path("../shared/reference/rule_catalogue.json")


@pytest.mark.shared
@pytest.mark.skipif(not CATALOGUE.exists(), reason="../shared is not here")
def test_every_paragraph_of_the_catalogue_is_there_in_order() -> None:
    assert list(PARAGRAPHS) == [entry["id"] for entry in json.loads(CATALOGUE.read_text())]


def test_every_paragraph_has_words() -> None:
    assert all(paragraph.title and paragraph.wording.endswith(".") for paragraph in PARAGRAPHS.values())


def test_a_broken_guidance_names_file_and_field(tmp_path: Path) -> None:
    path = tmp_path / "guidance.toml"
    path.write_text('version = "1"\n[[paragraph]]\nid = "9.9"\n')
    with pytest.raises(ValueError, match=r"guidance\.toml.*title"):
        load_guidance(path)
