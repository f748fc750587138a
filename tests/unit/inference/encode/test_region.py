import numpy as np
import pytest
from PIL import Image, ImageDraw

from inference.encode.region import MOST_POINTS, MOST_REGIONS, regions_of
from tests.model_package import phantom


def _mask(rows=40, columns=30):
    return np.zeros((rows, columns), np.uint8)


def _filled(contour, shape):
    """The polygon drawn again, four times as fine so that half pixels count."""
    picture = Image.new("L", (shape[1] * 4, shape[0] * 4))
    ImageDraw.Draw(picture).polygon([tuple(point) for point in (contour * 4 - 0.5).tolist()], fill=1)
    return np.asarray(picture).reshape(shape[0], 4, shape[1], 4).mean(axis=(1, 3)) >= 0.5


def test_a_rectangle_is_outlined_at_the_edges_of_its_pixels():
    mask = _mask()
    mask[10:20, 5:8] = 1
    (region,) = regions_of(mask)
    assert region.pixels == 30
    # (column, row) as SCOORD counts: the first marked column begins at 5.0, the last ends at 8.0
    assert region.contour.min(axis=0).tolist() == [5, 10]
    assert region.contour.max(axis=0).tolist() == [8, 20]


def test_the_line_is_closed_and_short():
    for region in regions_of(phantom(1955, 1841)[1][..., 1]):
        assert len(region.contour) <= MOST_POINTS
        assert region.contour[0].tolist() == region.contour[-1].tolist()


@pytest.mark.parametrize("size", [(121, 83), (641, 523), (1955, 1841)])
@pytest.mark.parametrize("channel", [0, 1])
def test_sixty_points_hold_the_shape(size, channel):
    mask = phantom(*size)[1][..., channel]
    (region,) = regions_of(mask)
    again = _filled(region.contour, size)
    assert 2 * np.count_nonzero(again & (mask > 0)) / (again.sum() + mask.sum()) > 0.985


def test_a_region_at_the_border_is_closed_inside_the_image():
    (region,) = regions_of(np.ones((4, 6), np.uint8))
    assert region.contour.min() == 0
    assert region.contour.max(axis=0).tolist() == [6, 4]


def test_a_single_pixel_is_a_region():
    mask = _mask()
    mask[3, 7] = 1
    (region,) = regions_of(mask)
    assert region.pixels == 1
    assert region.contour.mean(axis=0) == pytest.approx([7.5, 3.5], abs=0.2)


def test_a_hole_is_not_the_outline():
    mask = _mask()
    mask[5:35, 5:25] = 1
    mask[10:30, 8:22] = 0
    (region,) = regions_of(mask)
    assert region.pixels == 30 * 20 - 20 * 14
    assert region.contour.max(axis=0).tolist() == [25, 35]


def test_the_largest_comes_first_and_corners_do_not_connect():
    mask = _mask()
    mask[0:2, 0:2] = mask[2:7, 2:7] = 1
    assert [region.pixels for region in regions_of(mask)] == [25, 4]


def test_crumbs_without_end_are_cut_off():
    mask = _mask(60, 60)
    mask[::2, ::2] = 1
    assert len(regions_of(mask)) == MOST_REGIONS


def test_nothing_has_no_region():
    assert regions_of(_mask()) == ()
