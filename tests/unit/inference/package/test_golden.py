from dataclasses import replace

import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.golden import GoldenCase, read_golden_case, reason_not_reproduced


@pytest.fixture
def case() -> GoldenCase:
    labels = np.zeros((30, 20, 1), np.uint8)
    labels[5:25, 5:15] = 1
    return GoldenCase(
        pixels=np.zeros((30, 20), np.float32),
        probabilities=np.full((8, 8, 1), 0.4, np.float32),
        labels=labels,
    )


def test_reads_the_case(tmp_path, case):
    (tmp_path / "golden").mkdir()
    np.savez(
        tmp_path / "golden" / "case.npz",
        pixels=case.pixels.astype(np.uint16),
        probabilities=case.probabilities.astype(np.float16),
        labels=case.labels,
    )
    found = read_golden_case(tmp_path)
    assert (found.pixels.dtype, found.probabilities.dtype) == (np.float32, np.float32)
    assert np.array_equal(found.labels, case.labels)


def test_a_package_without_one_is_refused(tmp_path):
    with pytest.raises(PackageInvalid, match="is missing"):
        read_golden_case(tmp_path)


def test_the_same_again_is_reproduced(case):
    assert reason_not_reproduced(case, case.probabilities + 0.019, case.labels) is None


def test_other_probabilities_are_not(case):
    assert "differ by 0.030" in reason_not_reproduced(case, case.probabilities + 0.03, case.labels)


def test_nan_is_not(case):
    assert "differ by nan" in reason_not_reproduced(case, case.probabilities * np.nan, case.labels)


def test_other_labels_are_not(case):
    labels = case.labels.copy()
    labels[5] = 0
    assert "Dice 0.974" in reason_not_reproduced(case, case.probabilities, labels)


def test_another_shape_is_not(case):
    assert "shape" in reason_not_reproduced(case, case.probabilities[:4], case.labels)


def test_two_empty_masks_agree(case):
    empty = replace(case, labels=np.zeros_like(case.labels))
    assert reason_not_reproduced(empty, empty.probabilities, empty.labels) is None


@pytest.fixture
def volume() -> GoldenCase:
    labels = np.zeros((6, 10, 12), np.uint8)
    labels[1:5, 2:8, 2:6], labels[2:4, 2:8, 7:11] = 1, 2
    return GoldenCase(
        pixels=np.zeros((6, 10, 12), np.float32),
        affine=np.eye(4),
        probabilities=np.full((3, 5, 6, 3), 0.4, np.float32),
        labels=labels,
    )


def _save(folder, case, **changes):
    (folder / "golden").mkdir()
    arrays = {name: getattr(case, name) for name in ("pixels", "affine", "probabilities", "labels")} | changes
    arrays = {name: array for name, array in arrays.items() if array is not None}
    np.savez(folder / "golden" / "case.npz", **arrays)


def test_reads_the_case_of_a_volume(tmp_path, volume):
    _save(tmp_path, volume)
    found = read_golden_case(tmp_path)
    assert np.array_equal(found.affine, np.eye(4))
    assert reason_not_reproduced(found, volume.probabilities, volume.labels) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"affine": None}, "a volume has an affine"),
        ({"affine": np.zeros((4, 4))}, "no way from indices"),
        ({"affine": np.full((4, 4), np.nan)}, "no way from indices"),
        ({"affine": np.eye(3)}, "no way from indices"),
        ({"labels": np.zeros((6, 10, 11), np.uint8)}, "not of one input"),
        ({"probabilities": np.zeros((5, 6, 3), np.float32)}, "not of one input"),
    ],
)
def test_a_case_that_is_no_volume_is_refused(tmp_path, volume, changes, sentence):
    _save(tmp_path, volume, **changes)
    with pytest.raises(PackageInvalid, match=sentence):
        read_golden_case(tmp_path)


def test_a_projection_has_no_affine(tmp_path, case):
    _save(tmp_path, case, affine=np.eye(4))
    with pytest.raises(PackageInvalid, match="a projection has none"):
        read_golden_case(tmp_path)


def test_each_segment_of_a_label_map_counts_for_itself(volume):
    labels = volume.labels.copy()
    labels[2] = np.where(labels[2] == 2, 1, labels[2])
    assert "Dice 0.667" in reason_not_reproduced(volume, volume.probabilities, labels)


def test_a_segment_that_only_appears_now_counts_too(volume):
    labels = volume.labels.copy()
    labels[0, 0, 0] = 3
    assert "Dice 0.000" in reason_not_reproduced(volume, volume.probabilities, labels)
