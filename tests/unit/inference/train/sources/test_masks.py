import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.sources.masks import read_mask
from inference.train.sources.tables import MaskFile
from tests.unit.inference.train.sources.given import picture


def test_marked_above_or_of_a_value(tmp_path):
    plane = picture(tmp_path / "m.png", bright=200, dark=3)
    np.testing.assert_array_equal(read_mask(tmp_path / "m.png", MaskFile(), plane.shape, "i"), plane == 200)
    np.testing.assert_array_equal(
        read_mask(tmp_path / "m.png", MaskFile(value=3), plane.shape, "i"), plane == 3
    )


def test_a_mask_of_half_the_size_lies_on_its_image(tmp_path):
    picture(tmp_path / "m.png", rows=100, columns=60, top=20, left=10, height=40, width=30)
    mask = read_mask(tmp_path / "m.png", MaskFile(), (200, 120), "i")
    assert mask.shape == (200, 120)
    assert mask.sum() == 80 * 60
    assert mask[40:120, 20:80].all()


def test_a_mask_of_other_proportions_is_refused(tmp_path):
    picture(tmp_path / "m.png", rows=100, columns=60)
    with pytest.raises(TrainingRefused, match=r"100 x 60.*does not match its image i\.png of 200 x 160"):
        read_mask(tmp_path / "m.png", MaskFile(), (200, 160), "i.png")


def test_a_mask_of_ones_is_told_apart_from_an_empty_one(tmp_path):
    plane = picture(tmp_path / "m.png", bright=1)
    with pytest.raises(TrainingRefused, match="its largest is 1: give the segment a smaller 'above'"):
        read_mask(tmp_path / "m.png", MaskFile(), plane.shape, "i")
    assert read_mask(tmp_path / "m.png", MaskFile(above=0), plane.shape, "i").sum() == 12 * 9
    picture(tmp_path / "e.png", bright=0)
    assert read_mask(tmp_path / "e.png", MaskFile(), plane.shape, "i").sum() == 0
