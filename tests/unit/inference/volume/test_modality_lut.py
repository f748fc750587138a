import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.errors import InputUnreadable
from inference.volume.modality_lut import ModalityLut, modality_lut_of
from tests.unit.inference.volume.stacks import ct_slice, numbered

STORED = np.array([[-32768, -1, 0], [1, 4095, 32767]], np.int16)


def _apply(lut, stored=STORED):
    out = np.full(stored.shape, np.nan, np.float32)
    lut.apply(stored, out)
    return out


@pytest.mark.parametrize("intercept", [0.0, -1024.0, -1024.5, 3e7])
@pytest.mark.parametrize("slope", [1.0, -1.0, 0.1, 3.7e-5])
@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.int8, np.uint8])
def test_every_value_is_the_nearest_to_the_true_one(slope, intercept, dtype):
    stored = STORED.astype(dtype)
    expected = (stored.astype(np.float64) * slope + intercept).astype(np.float32)
    assert np.array_equal(_apply(ModalityLut(slope=slope, intercept=intercept), stored), expected)


def test_a_table_goes_before_slope_and_intercept():
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4, 0, 16])
    table.add_new("LUTData", "US", [5, 50, 500, 5000])
    lut = modality_lut_of(ct_slice(numbered(2, 2), ModalityLUTSequence=Sequence([table])))
    assert _apply(lut, np.array([[3, 0], [1, 9]], np.uint16)).tolist() == [[5000, 5], [50, 5000]]


def test_reads_slope_and_intercept():
    header = ct_slice(numbered(2, 2), RescaleSlope="0.25", RescaleIntercept="-7")
    assert modality_lut_of(header) == ModalityLut(slope=0.25, intercept=-7)


def test_without_them_values_are_as_stored():
    header = ct_slice(numbered(2, 2), RescaleSlope=None, RescaleIntercept=None)
    assert modality_lut_of(header) == ModalityLut(slope=1, intercept=0)


@pytest.mark.parametrize(
    "attributes",
    [{"RescaleSlope": 0}, {"RescaleSlope": ""}, {"RescaleIntercept": ""}, {"RescaleSlope": "1e38"}],
)
def test_what_makes_no_numbers_is_unreadable(attributes):
    with pytest.raises(InputUnreadable, match="Modality LUT"):
        modality_lut_of(ct_slice(numbered(2, 2), **attributes))
