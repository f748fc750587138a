import numpy as np
import pytest

from inference.encode.measurement import measure
from inference.encode.region import Region
from inference.package.output import Measurement
from inference.volume.spacing import Spacing

REGIONS = [Region(contour=np.zeros((5, 2), np.float32), pixels=n) for n in (200, 50)]
AREA = [Measurement(kind="area", code="SCT.Area", unit="mm2")]


def test_area_in_square_millimetres():
    spacing = Spacing(between_rows_mm=0.2, between_columns_mm=0.1, plane="calibrated")
    measured = measure("Lung", REGIONS, AREA, spacing)
    assert [(m.segment, m.region, m.unit) for m in measured] == [("Lung", 1, "mm2"), ("Lung", 2, "mm2")]
    assert [m.value for m in measured] == pytest.approx([4, 1])


def test_area_in_pixels_where_nobody_says_how_large_they_are():
    assert [(m.value, m.unit) for m in measure("Lung", REGIONS, AREA, None)] == [
        (200, "{pixels}"),
        (50, "{pixels}"),
    ]


def test_only_what_the_package_declares():
    assert measure("Lung", REGIONS, [], None) == ()
