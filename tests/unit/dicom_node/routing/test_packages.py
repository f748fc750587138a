from pathlib import Path

import pytest

from dicom_node.routing.packages import find_packages, reason_package_changed
from inference.package.checksums import seal
from tests.unit.dicom_node.given import MANIFEST


def _package(folder: Path, *, version: str = "1.2.3") -> Path:
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(MANIFEST.replace("1.2.3", version), encoding="utf-8")
    return folder


def test_a_folder_may_be_a_package(tmp_path):
    folder = _package(tmp_path / "shades-1.2.3")
    (package,) = find_packages([folder]).usable
    assert (package.name, package.version, package.folder) == ("shades", "1.2.3", folder)


def test_a_folder_may_hold_packages(tmp_path):
    _package(tmp_path / "b", version="2.0.0")
    _package(tmp_path / "a")
    (tmp_path / "notes").mkdir()
    found = find_packages([tmp_path])
    assert [package.version for package in found.usable] == ["1.2.3", "2.0.0"]
    assert found.mistakes == ()


def test_one_that_is_wrong_is_told_and_hinders_no_other(tmp_path):
    _package(tmp_path / "sound")
    (_package(tmp_path / "wrong") / "model.toml").write_text("[model]\n", encoding="utf-8")
    found = find_packages([tmp_path, tmp_path / "nowhere", tmp_path / "sound" / "model.toml"])
    assert [package.folder.name for package in found.usable] == ["sound"]
    wrong, nowhere, file = found.mistakes
    assert "wrong/model.toml" in wrong
    assert nowhere == f"{tmp_path}/nowhere is not a folder; correct [inference] packages"
    assert file.endswith("model.toml is not a folder; correct [inference] packages")


def test_a_folder_without_packages_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "neither is nor holds a model package" in find_packages([tmp_path]).mistakes[0]


def test_a_twin_is_left_out_and_told(tmp_path):
    _package(tmp_path / "a")
    _package(tmp_path / "b")
    found = find_packages([tmp_path])
    assert [package.folder.name for package in found.usable] == ["a"]
    assert found.mistakes == (f"{tmp_path}/b has the name and version of {tmp_path}/a; it is left out",)


def test_a_manifest_that_cannot_be_opened_is_told_and_hinders_no_other(tmp_path):
    _package(tmp_path / "sound")
    (tmp_path / "strange" / "model.toml").mkdir(parents=True)
    found = find_packages([tmp_path])
    assert [package.folder.name for package in found.usable] == ["sound"]
    assert "strange" in found.mistakes[0]


@pytest.mark.parametrize("change", ["none", "file changed", "file added", "never sealed"])
def test_a_package_is_what_its_sums_say_or_it_is_told(tmp_path, change):
    folder = _package(tmp_path / "shades")
    (package,) = find_packages([folder]).usable
    if change != "never sealed":
        seal(folder)
    if change == "file changed":
        (folder / "model.toml").write_text(MANIFEST + "\n", encoding="utf-8")
    if change == "file added":
        (folder / "more").write_bytes(b"")
    reason = reason_package_changed(package)
    assert (reason is None) == (change == "none")
