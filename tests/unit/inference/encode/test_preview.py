from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inference.encode.preview import draw_preview
from tests.model_package import phantom


def _draw(manifest, rows, columns):
    pixels, labels = phantom(rows, columns)
    return np.asarray(Image.open(BytesIO(draw_preview(pixels * 4095, labels, manifest.output.segment))))


@pytest.mark.parametrize(
    ("size", "shown"), [((121, 83), (121, 83)), ((2048, 1024), (1024, 512)), ((641, 1500), (438, 1024))]
)
def test_it_is_no_larger_than_a_screen(manifest, size, shown):
    assert _draw(manifest, *size).shape == (*shown, 3)


def test_outlines_lie_in_their_colours_where_the_masks_end(manifest):
    picture, labels = _draw(manifest, 121, 83), phantom(121, 83)[1]
    for k, segment in enumerate(manifest.output.segment):
        coloured = (picture == segment.colour_rgb).all(axis=-1)
        assert coloured.sum() > 50
        assert not (coloured & (labels[..., k] == 0)).any()
        rows, columns = np.nonzero(labels[..., k])
        assert coloured[rows.min(), columns[rows == rows.min()]].all()


def test_what_is_not_outlined_is_grey(manifest):
    picture = _draw(manifest, 121, 83)
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert len(np.unique(picture[100], axis=0)) == 1
