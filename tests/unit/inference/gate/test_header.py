from dataclasses import replace

import pytest
from highdicom._standard_utils import get_sop_class_iod_map

from inference.gate.header import PROJECTIONS, reasons_to_refuse
from inference.package.manifest import Gate
from inference.volume.header import Header

GATE = Gate(smallest_rows=256, smallest_columns=256)
GOOD = Header(
    sop_class_uid="1.2.840.10008.5.1.4.1.1.1",
    rows=256,
    columns=300,
    frames=1,
    samples_per_pixel=1,
    bits_allocated=16,
    photometric_interpretation="MONOCHROME1",
    has_pixels=True,
)


def test_a_radiograph_of_the_least_size_passes():
    assert reasons_to_refuse(GOOD, GATE) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"sop_class_uid": "1.2.840.10008.5.1.4.1.1.2"},
            "the instance is CT Image Storage; the model reads projection images",
        ),
        ({"sop_class_uid": "1.2.3.4"}, "the instance is 1.2.3.4; the model reads projection images"),
        ({"rows": 255}, "the image is 255 x 300, smaller than 256 x 256"),
        ({"columns": 255}, "the image is 256 x 255, smaller than 256 x 256"),
        ({"rows": 60000, "columns": 60000}, "the image is 60000 x 60000, larger than 134217728 pixels"),
        ({"frames": 2}, "the image has 2 frames; the model reads one"),
        ({"frames": 0}, "the image has 0 frames; the model reads one"),
        ({"has_pixels": False}, "the instance holds no Pixel Data"),
        ({"photometric_interpretation": "RGB"}, "the image is RGB; the model reads grayscale"),
        ({"samples_per_pixel": 3}, "the image is MONOCHROME1; the model reads grayscale"),
        ({"bits_allocated": 32}, "the image has 32 Bits Allocated; the model reads 8 or 16"),
        ({"bits_allocated": 1}, "the image has 1 Bits Allocated; the model reads 8 or 16"),
    ],
)
def test_each_reason_is_a_sentence(change, reason):
    assert reasons_to_refuse(replace(GOOD, **change), GATE) == (reason,)


def test_all_reasons_are_told_at_once():
    assert len(reasons_to_refuse(replace(GOOD, rows=8, frames=2, photometric_interpretation=""), GATE)) == 3


def test_results_can_be_written_for_every_class_that_passes():
    known = get_sop_class_iod_map()
    assert {uid for uid in PROJECTIONS if uid not in known} == set()
