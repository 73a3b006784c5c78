"""Which classifier runs, and what is said where one cannot."""

from pathlib import Path

import pytest

from pipeline.settings import SettingError
from processors.models import shelf
from processors.models.files import ModelUnavailable
from tests.builders import some_settings


def test_the_built_in_model_is_the_default(tmp_path: Path) -> None:
    found = shelf.shelf_of(some_settings(tmp_path))
    assert found.problem is None
    assert found.classifier is not None
    assert found.classifier.version.startswith("builtin-")


def test_off_is_no_fault(tmp_path: Path) -> None:
    assert shelf.shelf_of(some_settings(tmp_path, {"classifier": "off"})) == shelf.Shelf(None)


def test_another_name_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"PARAPET_CLASSIFIER.*builtin, detoxify or off"):
        shelf.shelf_of(some_settings(tmp_path, {"classifier": "oracle"}))


def test_the_built_in_model_stands_in_for_detoxify_and_the_fault_is_said(tmp_path: Path) -> None:
    settings = {"classifier": "detoxify", "detoxify_folder": str(tmp_path / "nowhere")}
    found = shelf.shelf_of(some_settings(tmp_path, settings))
    assert found.classifier is not None
    assert found.classifier.version.startswith("builtin-")
    assert found.problem is not None
    assert found.problem.startswith("model offline: ")


def test_without_any_model_rules_alone_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(threads: int = 1) -> None:
        raise ModelUnavailable("linear.npz is missing: install parapet again")

    monkeypatch.setattr(shelf, "builtin", gone)
    assert shelf.shelf_of(some_settings(tmp_path)) == shelf.Shelf(
        None, "model offline: linear.npz is missing: install parapet again"
    )
    both = shelf.shelf_of(some_settings(tmp_path, {"classifier": "detoxify", "detoxify_folder": str(tmp_path)}))
    assert both.classifier is None
    assert "cannot stand in" in (both.problem or "")
