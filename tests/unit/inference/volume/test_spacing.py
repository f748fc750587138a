import pytest

from inference.volume.spacing import NO_SPACING, SENTENCES, explain, spacing_of
from tests.projection_image import projection_image


def _spacing(**attributes):
    return spacing_of(projection_image(rows=64, columns=64, **attributes))


def test_rows_come_first():
    spacing = _spacing(PixelSpacing=[0.2, 0.1])
    assert (spacing.between_rows_mm, spacing.between_columns_mm) == (0.2, 0.1)
    assert spacing.pixel_area_mm2 == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("attributes", "plane"),
    [
        ({"PixelSpacing": [0.1, 0.1]}, "unstated"),
        ({"PixelSpacing": [0.1, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL"}, "calibrated"),
        ({"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.11, 0.11]}, "calibrated"),
        ({"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.1, 0.1]}, "detector"),
        ({"ImagerPixelSpacing": [0.1, 0.1]}, "detector"),
        ({"PixelSpacing": [0, 0], "ImagerPixelSpacing": [0.1, 0.1]}, "detector"),
    ],
)
def test_the_plane_is_what_the_image_says(attributes, plane):
    spacing = _spacing(**attributes)
    assert spacing.plane == plane
    assert explain(spacing) == SENTENCES[plane]


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"PixelSpacing": [0, 0]},
        {"PixelSpacing": [0.1, 0]},
        {"PixelSpacing": [-0.1, -0.1]},
        {"PixelSpacing": ""},
        {"PixelSpacing": 0.1},
    ],
)
def test_no_size_is_invented(attributes):
    assert _spacing(**attributes) is None
    assert explain(None) == NO_SPACING
