from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inference.encode.contact_sheet import draw_contact_sheet, draw_key_pictures
from tests.unit.inference.encode.given import (
    analysed_classes,
    analysed_image,
    analysed_volume,
    read_phantom,
    volume_manifest,
)


def _seen(content):
    return np.asarray(Image.open(BytesIO(content)))


def _blue(picture):
    return (picture == (0, 165, 245)).all(axis=-1)


def _tiles(sheet):
    return [sheet[top : top + 256, left : left + 256] for top in (0, 256, 512) for left in (0, 256, 512, 768)]


def _marked(volume, *slices):
    labels = np.zeros(volume.voxels.shape, np.uint8)
    labels[list(slices), 4:12, 6:18] = 1
    return analysed_volume(volume, labels, manifest=volume_manifest(1))


def test_it_shows_the_slices_on_which_something_was_found(volume):
    tiles = _tiles(draw_contact_sheet(_marked(volume, 1, 3, 4)))
    assert [bool(_blue(tile).any()) for tile in tiles] == [True] * 3 + [False] * 9
    assert not np.any(tiles[3:])


def test_of_many_it_shows_twelve_from_end_to_end(tmp_path):
    volume = read_phantom(tmp_path / "series", (40, 16, 24))
    tiles = _tiles(draw_contact_sheet(_marked(volume, *range(2, 39))))
    assert all(_blue(tile).any() for tile in tiles)


def test_where_nothing_was_found_it_shows_the_volume(volume):
    tiles = _tiles(draw_contact_sheet(_marked(volume)))
    assert [bool(tile.any()) for tile in tiles[4:]] == [True] + [False] * 7


def test_a_volume_that_was_classified_is_shown_too(volume):
    made = replace(analysed_classes(), source=volume)
    assert draw_contact_sheet(made).any()
    assert draw_key_pictures(made) == ()


def test_outlines_lie_around_what_was_found(volume):
    (key,) = draw_key_pictures(_marked(volume, 3))
    rows, columns = np.nonzero(_blue(_seen(key.png)))
    height, width = _seen(key.png).shape[:2]
    assert (rows.min() / height, (rows.max() + 1) / height) == pytest.approx((4 / 16, 12 / 16), abs=0.02)
    assert (columns.min() / width, (columns.max() + 1) / width) == pytest.approx((6 / 24, 18 / 24), abs=0.02)


def test_each_key_slice_is_drawn_once(volume):
    labels = np.zeros(volume.voxels.shape, np.uint8)
    labels[3, 2:6, 2:6], labels[3, 8:12, 2:6], labels[1, 2:8, 8:20] = 1, 2, 3
    keys = draw_key_pictures(analysed_volume(volume, labels))
    assert [key.index for key in keys] == [1, 3]


def test_slices_are_shown_in_their_true_proportions(tmp_path):
    volume = read_phantom(tmp_path / "series", PixelSpacing=[3.0, 1.0])
    (key,) = draw_key_pictures(_marked(volume, 3))
    height, width = _seen(key.png).shape[:2]
    assert (height, width) == (512, 256)


def test_an_image_has_no_sheet():
    with pytest.raises(ValueError, match="of a volume"):
        draw_contact_sheet(analysed_image())
