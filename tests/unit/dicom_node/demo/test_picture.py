import numpy as np
import pytest
from PIL import Image

from dicom_node.demo.picture import BOX_RGB, LONGEST_SIDE, OUTLINE_RGB, draw_overlay
from dicom_node.demo.verdict import Boxed, Found, Segmented
from tests.model_package import phantom
from tests.projection_image import projection_image

NOTHING = Found(marked=(), boxed=(), said=())


def _drawn(path, **attributes) -> np.ndarray:
    source = projection_image(**attributes)
    masks = phantom(source.Rows, source.Columns)[1].astype(bool)
    marked = [Segmented(label=str(index), mask=masks[..., index]) for index in range(2)]
    draw_overlay(source, Found(marked=tuple(marked), boxed=(), said=()), path)
    with Image.open(path) as image:
        assert image.format == "PNG"
        return np.asarray(image)


def test_each_segment_has_a_contour_around_it_and_its_inside_is_left_to_be_seen(tmp_path):
    picture = _drawn(tmp_path / "overlay.png", rows=121, columns=83)
    assert picture.shape == (121, 83, 3)
    outlined = (picture == OUTLINE_RGB).all(axis=-1)
    for mask in np.moveaxis(phantom(121, 83)[1].astype(bool), -1, 0):
        assert not outlined[mask].any()
        above = mask[1:] & ~mask[:-1]  # where the segment begins, going down
        assert outlined[:-1][above].all()
    assert 0.01 < outlined.mean() < 0.2
    assert (picture[~outlined] == picture[~outlined][:, :1]).all()  # all else is grey


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_dark_is_dark_whichever_way_it_was_stored(tmp_path, photometric):
    picture = _drawn(tmp_path / "overlay.png", rows=121, columns=83, photometric=photometric)
    dark, grey = np.moveaxis(phantom(121, 83)[1].astype(bool), -1, 0)
    assert picture[dark].mean() < 5
    assert 120 < picture[grey].mean() < 135
    assert picture[0, 0].tolist() == [255, 255, 255]


def test_a_large_image_is_made_smaller_and_keeps_its_shape(tmp_path):
    picture = _drawn(tmp_path / "overlay.png", rows=2000, columns=1500)
    assert picture.shape == (LONGEST_SIDE, 750, 3)


def test_an_image_of_one_grey_is_drawn_too(tmp_path):
    source = projection_image(rows=64, columns=64)
    source.PixelData = bytes(len(source.PixelData))
    draw_overlay(source, NOTHING, tmp_path / "overlay.png")
    with Image.open(tmp_path / "overlay.png") as image:
        assert image.size == (64, 64)


def test_a_box_is_drawn_along_its_outline_alone(tmp_path):
    outline = np.array([[20, 10], [60, 10], [60, 50], [20, 50], [20, 10]], np.float32)
    box = Boxed(label="Nodule", outline=outline)
    source = projection_image(rows=121, columns=83)
    draw_overlay(source, Found(marked=(), boxed=(box,), said=()), tmp_path / "overlay.png")
    with Image.open(tmp_path / "overlay.png") as image:
        drawn = (np.asarray(image) == BOX_RGB).all(axis=-1)
    assert drawn[10, 20:60].all()
    assert drawn[10:50, 60].all()
    assert not drawn[12:48, 22:58].any()
    assert not drawn[:8].any()
