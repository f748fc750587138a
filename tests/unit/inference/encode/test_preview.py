from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inference.encode.analysed import Instances, Projection, Segmentation
from inference.encode.preview import draw_preview
from tests.model_package import phantom
from tests.unit.inference.encode.given import analysed_boxes, analysed_classes, analysed_volume


def _seen(analysed):
    return np.asarray(Image.open(BytesIO(draw_preview(analysed))))


@pytest.fixture
def draw(analysed):
    def draw(rows, columns):
        pixels, labels = phantom(rows, columns)
        source = Projection(header=analysed().header, pixels=pixels * 4095, spacing=None)
        return _seen(replace(analysed(), source=source, found=Segmentation(labels=labels)))

    return draw


@pytest.mark.parametrize(
    ("size", "shown"), [((121, 83), (121, 83)), ((2048, 1024), (1024, 512)), ((641, 1500), (438, 1024))]
)
def test_it_is_no_larger_than_a_screen(draw, size, shown):
    assert draw(*size).shape == (*shown, 3)


def test_outlines_lie_in_their_colours_where_the_masks_end(draw, manifest):
    picture, labels = draw(121, 83), phantom(121, 83)[1]
    for k, segment in enumerate(manifest.output.segment):
        coloured = (picture == segment.colour_rgb).all(axis=-1)
        assert coloured.sum() > 50
        assert not (coloured & (labels[..., k] == 0)).any()
        rows, columns = np.nonzero(labels[..., k])
        assert coloured[rows.min(), columns[rows == rows.min()]].all()


def test_what_is_not_outlined_is_grey(draw):
    picture = draw(121, 83)
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert len(np.unique(picture[100], axis=0)) == 1


def test_boxes_are_drawn_around_what_they_hold():
    picture = _seen(analysed_boxes(((10, 20, 30, 60),), (1,)))
    red = (picture == (255, 0, 0)).all(axis=-1)
    rows, columns = np.nonzero(red)
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (10, 30, 20, 60)
    assert not red[12:28, 22:58].any()


def test_a_classification_is_the_image_alone():
    picture = _seen(analysed_classes())
    assert (picture[..., 0] == picture[..., 1]).all() and (picture[..., 1] == picture[..., 2]).all()


def test_a_volume_is_a_sheet_of_slices(volume):
    assert _seen(analysed_volume(volume)).shape == (768, 1024, 3)


def test_without_an_image_there_is_no_picture(analysed):
    made = replace(analysed(), source=Instances(headers=(analysed().header,)))
    with pytest.raises(ValueError, match="no image to show"):
        draw_preview(made)
