from pathlib import Path

import pytest

from inference.errors import PackageInvalid
from inference.package.declared import Range, did_you_mean
from inference.package.manifest import read_manifest
from tests.model_package import MANIFEST


def _read(folder: Path, text: str):
    (folder / "model.toml").write_text(text, encoding="utf-8")
    return read_manifest(folder)


def _mistake(folder: Path, text: str) -> str:
    with pytest.raises(PackageInvalid) as caught:
        _read(folder, text)
    return str(caught.value)


def test_reads_every_table(tmp_path):
    manifest = _read(tmp_path, MANIFEST)
    assert (manifest.model.name, manifest.model.version) == ("shades", "1.2.3")
    assert manifest.input.rules == {"Modality": ["CR", "DX"]}
    assert [step.step for step in manifest.preprocess] == ["min_max", "pad", "resize"]
    assert [segment.label for segment in manifest.output.segment] == ["Dark", "Grey"]


def test_limits_of_a_number_are_a_range(tmp_path):
    text = MANIFEST.replace('Modality = ["CR", "DX"]', "Rows = { at_least = 256 }")
    assert _read(tmp_path, text).input.rules == {"Rows": Range(at_least=256)}


def test_is_frozen(tmp_path):
    manifest = _read(tmp_path, MANIFEST)
    with pytest.raises(ValueError, match="frozen"):
        manifest.model.name = "other"


def test_a_misspelt_key_is_named_with_the_right_one(tmp_path):
    assert "did you mean 'licence'" in _mistake(tmp_path, MANIFEST.replace("licence =", "licens ="))


def test_a_misspelt_keyword_of_dicom_is_named_with_the_right_one(tmp_path):
    assert "did you mean 'Modality'" in _mistake(tmp_path, MANIFEST.replace("Modality =", "Modalty ="))


def test_all_mistakes_are_told_at_once(tmp_path):
    text = MANIFEST.replace('version = "1.2.3"', 'version = "one"').replace("at_least = 0.5", "at_least = 5")
    mistake = _mistake(tmp_path, text)
    assert "model.version" in mistake
    assert "postprocess.0" in mistake


def test_an_unknown_step_is_refused_with_those_known(tmp_path):
    assert "'min_max', 'pad', 'resize'" in _mistake(tmp_path, MANIFEST.replace('"pad"', '"stretch"'))


def test_postprocessing_decides_first(tmp_path):
    text = MANIFEST.replace('[[postprocess]]\nstep = "threshold"\nat_least = 0.5\n', "")
    assert "the first step is 'threshold'" in _mistake(tmp_path, text)


def test_two_segments_of_one_label_are_refused(tmp_path):
    assert "same label" in _mistake(tmp_path, MANIFEST.replace('label = "Grey"', 'label = "Dark"'))


def test_no_manifest_is_said_plainly(tmp_path):
    with pytest.raises(PackageInvalid, match=r"holds no model\.toml"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"[model", b"\xff\xfe"])
def test_what_is_not_toml_is_said_plainly(tmp_path, content):
    (tmp_path / "model.toml").write_bytes(content)
    with pytest.raises(PackageInvalid, match="is not TOML"):
        read_manifest(tmp_path)


def test_an_endless_manifest_is_not_read(tmp_path):
    assert "larger than" in _mistake(tmp_path, "#" * (256 * 1024 + 1))


def test_a_suggestion_only_where_something_is_close():
    assert did_you_mean("thrshold", ["threshold"]) == "; did you mean 'threshold'?"
    assert did_you_mean("zebra", ["threshold"]) == ""


@pytest.mark.parametrize("label", ["Lüge", "left\\\\right", "a" * 65, "", "two\\nlines"])
def test_a_label_that_would_not_survive_in_every_archive_is_refused(tmp_path, label):
    assert "output.segment.1.label" in _mistake(tmp_path, MANIFEST.replace('"Grey"', f'"{label}"'))
