import numpy as np
import pytest

from inference.errors import GeometryRefused
from inference.package.steps import Resample
from inference.preprocess.field import Field
from inference.preprocess.resample import resample

AFFINE = np.array([[0, 0, 0.8, -50], [0, 0.8, 0, -60], [3.0, 0.4, 0, 70], [0, 0, 0, 1]])
ONE_MM = Resample(step="resample", between_slices_mm=1, between_rows_mm=1, between_columns_mm=1)


def _field(values, affine=AFFINE):
    return Field(values=values.astype(np.float32), affine=affine)


def test_voxels_have_the_declared_size_and_both_grids_one_centre():
    field = resample(_field(np.zeros((10, 30, 41))), ONE_MM).field
    length = np.linalg.norm(AFFINE[:3, :3], axis=0)
    assert field.values.shape == tuple(round(n * d) for n, d in zip((10, 30, 41), length, strict=True))
    assert np.allclose(np.linalg.norm(field.affine[:3, :3], axis=0), 1)
    centre_before = AFFINE @ [4.5, 14.5, 20, 1]
    centre_after = field.affine @ [*((np.array(field.values.shape) - 1) / 2), 1]
    assert np.allclose(centre_before, centre_after)


# Where the grid shrinks, the weights of the anti-aliasing are centred to within a tenth of a voxel.
@pytest.mark.parametrize(("rows_mm", "columns_mm", "tolerance"), [(0.5, 0.6, 1e-3), (1.0, 1.0, 0.2)])
def test_a_slope_in_the_patient_is_the_same_slope_after(rows_mm, columns_mm, tolerance):
    index = np.indices((12, 30, 40)).reshape(3, -1)
    x, y, z = AFFINE[:3, :3] @ index + AFFINE[:3, 3:]
    step = Resample(
        step="resample", between_slices_mm=1, between_rows_mm=rows_mm, between_columns_mm=columns_mm
    )
    field = resample(_field((x + 2 * y - z).reshape(12, 30, 40)), step).field
    index = np.indices(field.values.shape)
    x, y, z = np.einsum("ij,jklm->iklm", field.affine[:3, :3], index) + field.affine[:3, 3, None, None, None]
    inner = (slice(4, -4),) * 3
    assert np.abs(field.values - (x + 2 * y - z))[inner].max() < tolerance


def test_an_axis_that_is_not_named_keeps_its_own():
    field = resample(_field(np.zeros((10, 30, 40))), Resample(step="resample", between_slices_mm=6)).field
    assert field.values.shape == (5, 30, 40)
    assert np.array_equal(field.affine[:, 1:3], AFFINE[:, 1:3])


def test_labels_come_back_within_a_voxel_of_their_border():
    slices, rows, columns = np.indices((20, 40, 40))
    ball = ((slices - 10) * 3) ** 2 + ((rows - 20) * 0.8) ** 2 + ((columns - 18) * 0.8) ** 2 < 12**2
    prepared = resample(_field(ball), ONE_MM)
    back = prepared.undo.labels((prepared.field.values >= 0.5).astype(np.uint8))
    assert back.shape == ball.shape
    from scipy import ndimage

    far_inside, reachable = ndimage.binary_erosion(ball), ndimage.binary_dilation(ball)
    assert back[far_inside].all()
    assert not back[~reachable].any()


def test_an_image_with_a_place_changes_in_its_plane():
    field = resample(_field(np.zeros((30, 40))), ONE_MM).field
    assert field.values.shape == (round(30 * np.hypot(0.8, 0.4)), 32)


def test_without_millimetres_it_is_refused():
    with pytest.raises(GeometryRefused, match="size in mm"):
        resample(Field(values=np.zeros((4, 4), np.float32), affine=None), ONE_MM)
