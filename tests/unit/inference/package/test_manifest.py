import os
import time
from pathlib import Path

import pytest

import inference
from inference.errors import PackageInvalid
from inference.package.declared import Range
from inference.package.manifest import Gate, read_manifest
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
    first, *mistakes = _mistake(tmp_path, text.replace("licence =", "licens =")).splitlines()
    assert first.endswith("model.toml:")
    lines = [0, *text.splitlines()]
    named = {"licence": "[model]", "version": 'version = "one"', "licens": 'licence = "Apache-2.0"'}
    expected = [f"  line {lines.index(line)}: [model.{key}" for key, line in named.items()]
    expected.append(f"  line {lines.index('at_least = 5')}: [postprocess.0.at_least")
    assert [mistake.split("]")[0] for mistake in mistakes] == expected


def test_an_unknown_step_is_refused_with_those_known(tmp_path):
    mistake = _mistake(tmp_path, MANIFEST.replace('"pad"', '"padd"'))
    assert "'padd', but must be orient or resample or " in mistake
    assert "did you mean 'pad'?" in mistake


def test_postprocessing_decides_first(tmp_path):
    text = MANIFEST.replace('[[postprocess]]\nstep = "threshold"\nat_least = 0.5\n', "")
    assert "the first step is 'threshold'" in _mistake(tmp_path, text)


def test_two_segments_of_one_label_are_refused(tmp_path):
    assert "is 'Dark', as in another [[output.segment]]" in _mistake(
        tmp_path, MANIFEST.replace('label = "Grey"', 'label = "Dark"')
    )


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


def test_ten_megabytes_are_refused_without_being_read(tmp_path):
    (tmp_path / "model.toml").write_bytes(b"a = 1\n" * 1_700_000)
    began = time.monotonic()
    with pytest.raises(PackageInvalid, match="larger than 262144 bytes"):
        read_manifest(tmp_path)
    assert time.monotonic() - began < 0.5


def test_deep_nesting_ends_in_a_sentence(tmp_path):
    assert "is not TOML" in _mistake(tmp_path, "a = " + "[" * 50_000)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_refused(tmp_path, kind):
    path = tmp_path / "model.toml"
    if kind == "link":
        (tmp_path / "elsewhere").write_text(MANIFEST)
        path.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(PackageInvalid, match="no plain file"):
        read_manifest(tmp_path)


def test_the_shipped_manifest_reads_as_it_always_did():
    shipped = Path(inference.__file__).parent / "models" / "cxr_lungs-1.1.0"
    manifest = read_manifest(shipped)
    assert (manifest.model.task, manifest.input.each) == ("segmentation", "instance")
    assert manifest.gate == Gate(
        smallest_rows=64, smallest_columns=64, smallest_fraction=0.05, largest_fraction=0.70
    )


CLASSIFICATION = """
[[output.finding]]
label = "Pneumothorax"
channel = 0
concept = "SCT.Pneumothorax"
threshold = 0.5
positive = "Signs of a pneumothorax."
"""
DETECTION = """
[[output.box]]
label = "Nodule"
class_id = 1
concept = "SCT.Nodule"
colour_rgb = [1, 2, 3]
score_at_least = 0.5

[io.detection]
boxes = "boxes"
scores = "scores"
classes = "classes"
"""


def _of_task(task: str, outputs: str) -> str:
    kept = MANIFEST[: MANIFEST.index("[[postprocess]]")] + outputs + MANIFEST[MANIFEST.index("[gate]") :]
    return kept.replace('task = "segmentation"', f'task = "{task}"')


def test_reads_a_classification(tmp_path):
    text = _of_task("classification", CLASSIFICATION).replace("output_rank = 4", "output_rank = 2")
    (finding,) = _read(tmp_path, text).output.finding
    assert (finding.label, finding.threshold) == ("Pneumothorax", 0.5)


def test_reads_a_detection(tmp_path):
    text = _of_task("detection", DETECTION).replace('output = "probabilities"\noutput_rank = 4\n', "")
    (box,) = _read(tmp_path, text).output.box
    assert (box.class_id, box.mask) == (1, False)


def test_the_task_and_the_signature_say_the_same(tmp_path):
    mistake = _mistake(tmp_path, _of_task("classification", CLASSIFICATION))
    assert "declares the signature of a segmentation, but [model] task is 'classification'" in mistake


@pytest.mark.parametrize("label", ["Lüge", "left\\\\right", "a" * 65, "", "two\\nlines"])
def test_a_label_that_would_not_survive_in_every_archive_is_refused(tmp_path, label):
    assert "output.segment.1.label" in _mistake(tmp_path, MANIFEST.replace('"Grey"', f'"{label}"'))
