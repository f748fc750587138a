import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.preprocess.field import Field
from inference.train.sources.masks import read_mask
from inference.train.sources.nifti import read_nifti
from inference.train.sources.tables import MaskFile
from tests.unit.inference.train.sources.given import picture
from tests.unit.inference.train.sources.nifti_file import write_nifti


def image(shape):
    return Field(values=np.zeros(shape, np.float32), affine=None)


def test_marked_above_or_of_a_value(tmp_path):
    plane = picture(tmp_path / "m.png", bright=200, dark=3)
    np.testing.assert_array_equal(
        read_mask(tmp_path / "m.png", MaskFile(), image(plane.shape), "i"), plane == 200
    )
    np.testing.assert_array_equal(
        read_mask(tmp_path / "m.png", MaskFile(value=3), image(plane.shape), "i"), plane == 3
    )


def test_a_mask_of_half_the_size_lies_on_its_image(tmp_path):
    picture(tmp_path / "m.png", rows=100, columns=60, top=20, left=10, height=40, width=30)
    mask = read_mask(tmp_path / "m.png", MaskFile(), image((200, 120)), "i")
    assert mask.shape == (200, 120)
    assert mask.sum() == 80 * 60
    assert mask[40:120, 20:80].all()


def test_a_mask_of_other_proportions_is_refused(tmp_path):
    picture(tmp_path / "m.png", rows=100, columns=60)
    with pytest.raises(TrainingRefused, match=r"100 x 60.*does not match its image i\.png of 200 x 160"):
        read_mask(tmp_path / "m.png", MaskFile(), image((200, 160)), "i.png")


def test_a_mask_of_ones_is_told_apart_from_an_empty_one(tmp_path):
    plane = picture(tmp_path / "m.png", bright=1)
    with pytest.raises(TrainingRefused, match="its largest is 1: give the segment a smaller 'above'"):
        read_mask(tmp_path / "m.png", MaskFile(), image(plane.shape), "i")
    assert read_mask(tmp_path / "m.png", MaskFile(above=0), image(plane.shape), "i").sum() == 12 * 9
    picture(tmp_path / "e.png", bright=0)
    assert read_mask(tmp_path / "e.png", MaskFile(), image(plane.shape), "i").sum() == 0


VOXELS = np.arange(4 * 5 * 6).reshape(4, 5, 6) > 60
AFFINE = np.array([[0.8, 0, 0, -50.0], [0, 0.8, 0, 20.0], [0, 0, 2.0, 300.0], [0, 0, 0, 1.0]])


def lying(folder, affine):
    """A mask that lies as ``affine`` says, and its image, which lies as AFFINE says."""
    write_nifti(folder / "i.nii.gz", VOXELS, AFFINE)
    write_nifti(folder / "m.nii.gz", VOXELS, affine)
    return read_mask(folder / "m.nii.gz", MaskFile(value=1), read_nifti(folder / "i.nii.gz"), "i.nii.gz")


def moved(*by):
    affine = AFFINE.copy()
    affine[:3, 3] += by
    return affine


def mirrored():
    affine = AFFINE.copy()
    affine[0, 0], affine[0, 3] = -affine[0, 0], affine[0, 3] + 3 * affine[0, 0]
    return affine


def stretched():
    return AFFINE @ np.diag([1.0, 1.0, 1.05, 1.0])


def of_no_number():
    return moved(float("nan"), 0, 0)


@pytest.mark.parametrize(
    ("affine", "away"),
    [
        (moved(500, 0, 0), "500"),
        (moved(0, 0.09, 0), "0.09"),
        (mirrored(), "2.4"),
        (stretched(), "0.5"),
        (of_no_number(), "nan"),
    ],
    ids=["moved", "by more than a tenth of a voxel", "mirrored", "stretched", "of no number"],
)
def test_a_volumes_mask_that_lies_elsewhere_is_refused(tmp_path, affine, away):
    with pytest.raises(
        TrainingRefused, match=rf"m\.nii\.gz lies up to {away} mm away from its image i\.nii\.gz"
    ):
        lying(tmp_path, affine)


@pytest.mark.parametrize("affine", [AFFINE, moved(0, 0.07, 0)], ids=["same", "within a tenth of a voxel"])
def test_a_volumes_mask_on_its_image_is_read(tmp_path, affine):
    assert lying(tmp_path, affine).sum() == VOXELS.sum()
