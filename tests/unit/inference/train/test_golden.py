from types import SimpleNamespace

import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.golden import read_golden_case
from inference.preprocess.field import Field
from inference.train import golden
from inference.train.golden import LARGEST_INPUT, middle_of, write_golden_case


def _manifest(task):
    return SimpleNamespace(model=SimpleNamespace(task=task))


def _answers(monkeypatch, **arrays):
    monkeypatch.setattr(golden, "golden_arrays", lambda *_: arrays)


def test_what_is_written_can_be_read(tmp_path, monkeypatch):
    _answers(
        monkeypatch, probabilities=np.full((4, 5, 1), 0.3, np.float32), labels=np.ones((4, 5, 1), np.uint8)
    )
    field = Field(values=np.arange(20, dtype=np.float32).reshape(4, 5), affine=None)
    write_golden_case(tmp_path, field, _manifest("segmentation"), None)
    case = read_golden_case(tmp_path)
    assert np.array_equal(case.pixels, field.values)
    assert case.probabilities == pytest.approx(0.3, abs=1e-3)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0, 255], "uint8"),
        ([0, 256], "uint16"),
        ([-1024, 3000], "int16"),
        ([0.5, 1], "float32"),
        ([0, 70000], "float32"),
    ],
)
def test_pixels_are_kept_whole_and_small(tmp_path, monkeypatch, values, dtype):
    _answers(monkeypatch, probabilities=np.zeros(2, np.float32))
    field = Field(values=np.array([values], np.float32), affine=None)
    write_golden_case(tmp_path, field, _manifest("classification"), None)
    with np.load(tmp_path / "golden" / "case.npz") as case:
        assert case["pixels"].dtype == dtype
        assert np.array_equal(case["pixels"], field.values)


def test_a_large_volume_is_cut_to_its_middle_in_its_place():
    shape = (LARGEST_INPUT[0] + 10, 20, 30)
    affine = np.array([[0, 0, 0.5, 10], [0, 0.5, 0, 20], [2, 0, 0, 30], [0, 0, 0, 1]], np.float64)
    values = np.random.default_rng(0).random(shape).astype(np.float32)
    small = middle_of(Field(values=values, affine=affine))
    assert np.array_equal(small.values, values[5:-5])
    assert small.affine @ [0, 3, 4, 1] == pytest.approx(affine @ [5, 3, 4, 1])
    assert affine[2, 3] == 30


def test_a_detection_that_finds_nothing_proves_nothing(tmp_path, monkeypatch):
    _answers(monkeypatch, boxes=np.zeros((0, 4)), scores=np.zeros(0), classes=np.zeros(0))
    with pytest.raises(PackageInvalid, match="finds no box"):
        write_golden_case(tmp_path, Field(values=np.ones((4, 4)), affine=None), _manifest("detection"), None)
