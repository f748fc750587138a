import numpy as np
import pytest

from inference.gate.hounsfield import reasons_not_hounsfield


def _ct():
    voxels = np.full((20, 60, 60), -1000, np.float32)
    voxels[:, 15:45, 10:50] = 40
    voxels[:, 35:38, 28:32] = 900
    return voxels


def test_air_tissue_and_bone_are_hounsfield_units():
    assert reasons_not_hounsfield(_ct()) == ()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda v: v + 1024, "below -500 HU, where air is"),
        (lambda v: np.abs(v) / 4, "below -500 HU, where air is"),
        (lambda v: v - 2048, "between -200 and 300 HU, where soft tissue is"),
        (lambda v: -2 * v, "above 1800 HU, where only metal is"),
    ],
)
def test_other_values_are_told_with_what_is_missing(change, where):
    assert any(reason.endswith(where) for reason in reasons_not_hounsfield(change(_ct())))
