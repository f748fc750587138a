import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.sources.nifti import is_nifti, read_nifti
from tests.unit.inference.train.sources.nifti_file import write_nifti

VOXELS = np.arange(2 * 3 * 4).reshape(2, 3, 4)
AFFINE = np.array([[0, 0, 2.0, 5], [3.0, 0, 0, -7], [0, -1.5, 0, 11], [0, 0, 0, 1]])


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
@pytest.mark.parametrize(
    ("kind", "dtype", "order"), [(4, "<i2", "<"), (16, ">f4", ">"), (2, "u1", "<"), (8, "<i4", "<")]
)
def test_every_voxel_lies_where_the_file_says(tmp_path, name, kind, dtype, order):
    field = read_nifti(write_nifti(tmp_path / name, VOXELS, AFFINE, kind=kind, dtype=dtype, order=order))
    assert field.values.shape == (4, 3, 2)
    assert field.values.dtype == np.float32
    for i, j, k in ((0, 0, 0), (1, 2, 3), (1, 0, 2)):
        assert field.values[k, j, i] == VOXELS[i, j, k]
        right, anterior, head = (AFFINE @ [i, j, k, 1])[:3]
        np.testing.assert_allclose((field.affine @ [k, j, i, 1])[:3], [-right, -anterior, head], atol=1e-5)


def test_slope_and_intercept_are_carried_out(tmp_path):
    field = read_nifti(write_nifti(tmp_path / "a.nii", VOXELS, slope=2.0, intercept=-1000.0))
    assert field.values[3, 2, 1] == 2 * VOXELS[1, 2, 3] - 1000


def test_the_quaternion_where_there_is_no_matrix(tmp_path):
    """b = 1 turns by 180 degrees about x, and the negative handedness mirrors z back."""
    field = read_nifti(write_nifti(tmp_path / "a.nii", VOXELS, np.diag([2.0, 3, 4, 1]), sform=0, qform=1))
    ras = np.diag([2.0, -3, 4, 1])
    np.testing.assert_allclose(field.affine[:, [2, 1, 0, 3]], np.diag([-1.0, -1, 1, 1]) @ ras, atol=1e-5)


def test_what_says_no_place_is_refused(tmp_path):
    with pytest.raises(TrainingRefused, match="does not say where its voxels lie"):
        read_nifti(write_nifti(tmp_path / "a.nii", VOXELS, sform=0))


def test_what_is_no_volume_is_refused(tmp_path):
    with pytest.raises(TrainingRefused, match="no NIfTI-1 volume in one file"):
        read_nifti(write_nifti(tmp_path / "a.nii", VOXELS, magic=b"ni1\0"))
    with pytest.raises(TrainingRefused, match="not plain numbers"):
        read_nifti(write_nifti(tmp_path / "a.nii", VOXELS, kind=128))
    whole = write_nifti(tmp_path / "a.nii", VOXELS).read_bytes()
    (tmp_path / "a.nii").write_bytes(whole[:-1])
    with pytest.raises(TrainingRefused, match="cut off"):
        read_nifti(tmp_path / "a.nii")
    (tmp_path / "a.nii.gz").write_bytes(b"\x1f\x8b damaged")
    with pytest.raises(TrainingRefused, match="cannot be read"):
        read_nifti(tmp_path / "a.nii.gz")


def test_told_by_its_name(tmp_path):
    assert is_nifti(tmp_path / "a.nii.gz")
    assert is_nifti(tmp_path / "a.nii")
    assert not is_nifti(tmp_path / "a.gz")
